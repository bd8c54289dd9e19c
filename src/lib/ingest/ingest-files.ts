import type {KnownSource} from '../model/document.js'
import {nextTurn} from '../kernel/next-turn.js'
import type {InputFailure, InputFault, IngestPlan, IngestRequest} from '../model/operations/ingest.js'
import type {BatchWriter} from '../documents/batch-writer.js'
import {collectInputs, type Collected} from './collect-inputs.js'
import type {IngestTarget, IngestTools, StageCall} from '../documents/ingest-tools.js'
import {planIngest, storedElsewhere, type PlanOptions, type WorkItem} from './plan-ingest.js'
import {pipelineFingerprint} from '../documents/prepare-document.js'
import {inspectUnlisted, planPrune, type PruneChoice, type PrunePlan} from './prune.js'
import {prepareFile, readFile, type FileOutcome, type ReadOptions} from './read-file.js'

/** Files between two turns of the event loop: some milliseconds. */
const TURN_EVERY = 16

/** Documents named in a note. */
const NAMED = 10

/** Files over this size are not read unless the caller says so. */
export const DEFAULT_MAX_FILE_BYTES = 64 * 1024 * 1024

export interface FilesOutcome {
  readonly unchanged: number
  readonly failed: readonly InputFailure[]
  readonly faults: readonly InputFault[]
  readonly ignored: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  readonly interrupted: boolean
}

/** Brings the folders and files of a request into the corpus. Resumable: what is stored already is passed over. */
export async function ingestFiles(
  tools: IngestTools,
  job: {readonly target: IngestTarget; readonly request: IngestRequest; readonly writer: BatchWriter},
  call: StageCall,
): Promise<FilesOutcome> {
  const {target, request, writer} = job
  const scope = {corpusId: target.corpusId, language: target.language, request}
  const {collected, known, work, unchanged, options, prune} = await planFiles(tools, scope, call)
  const failed = [...collected.failed]
  const faults: InputFault[] = []
  let done = 0
  const total = work.length
  for await (const outcome of outcomes(tools, work, options)) {
    await take(writer, outcome, {failed, faults})
    if (done % TURN_EVERY === 0) await nextTurn()
    call.onProgress?.({phase: 'read', done: ++done, total, unit: 'files'})
    if (call.signal?.aborted) break
  }
  if (!call.signal?.aborted) for (const docId of prune.remove) await writer.remove(docId)
  await writer.flush()
  return {
    unchanged,
    failed,
    faults,
    ignored: collected.ignored,
    notes: [...notesOf(collected, known), ...leftOutNotes(prune, request)],
    interrupted: done < total || call.signal?.aborted === true,
  }
}

/** A file under two ids is found twice, and `--prune` of one folder leaves the other: worth a word. */
function notesOf(collected: Collected, known: ReadonlyMap<string, KnownSource>): readonly string[] {
  const twice = storedElsewhere(collected.candidates, known)
  if (twice.length === 0) return []
  const {docId, other} = twice[0]!
  return [
    `${twice.length} of these files are in the corpus already under another id (such as "${docId}", stored as "${other}"); they will be found twice.`,
  ]
}

/** Documents whose file the rules leave out now: removed, or still found. */
function leftOutNotes({leftOut}: PrunePlan, {prune, keepLeftOut}: PruneChoice): readonly string[] {
  if (leftOut.length === 0) return []
  const more = leftOut.length - NAMED
  const names = leftOut.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
  const documents = leftOut.length === 1 ? '1 document' : `${leftOut.length} documents`
  return [
    prune === true && keepLeftOut !== true
      ? `${documents} that rules leave out now: removed (${names}).`
      : `${documents} that rules leave out now: still searchable (${names}); rag ingest --prune removes them.`,
  ]
}

interface Taken {
  readonly failed: InputFailure[]
  readonly faults: InputFault[]
}

async function take(writer: BatchWriter, outcome: FileOutcome, {failed, faults}: Taken): Promise<void> {
  if (outcome.kind === 'put') {
    faults.push(...outcome.faults)
    await writer.put(outcome.document)
  } else if (outcome.kind === 'touch') await writer.touch(outcome)
  else failed.push(outcome.failure)
}

/** What `ingestFiles` would do, by reading only the files whose size or time has changed. */
export async function dryRunFiles(
  tools: IngestTools,
  job: Scope,
  call: StageCall,
): Promise<Omit<IngestPlan, 'corpus'>> {
  const {collected, known, work, unchanged, options, prune} = await planFiles(tools, job, call)
  const failed = [...collected.failed]
  const add: string[] = []
  const update: string[] = []
  let same = unchanged
  let done = 0
  for await (const outcome of outcomes(tools, work, options)) {
    if (++done % TURN_EVERY === 0) await nextTurn()
    if (outcome.kind === 'failed') failed.push(outcome.failure)
    else if (outcome.kind === 'touch') same++
    else (known.has(outcome.document.docId) ? update : add).push(outcome.document.docId)
  }
  return {add, update, unchanged: same, remove: prune.remove, failed, ignored: collected.ignored}
}

/** What is to be read and what to be deleted; the same for a run and a dry run. */
interface FilesPlan {
  readonly collected: Collected
  readonly known: ReadonlyMap<string, KnownSource>
  readonly work: readonly WorkItem[]
  readonly unchanged: number
  readonly options: PlanOptions & ReadOptions
  readonly prune: PrunePlan
}

/** Which corpus is meant; `corpusId` is absent when there is none yet. */
interface Scope {
  readonly corpusId: number | undefined
  readonly language: string | undefined
  readonly request: IngestRequest
}

/** @throws RagError USAGE | INPUT_MISSING | INPUT_UNREADABLE | PRUNE_REFUSED */
async function planFiles(
  tools: IngestTools,
  {corpusId, language, request}: Scope,
  call: StageCall,
): Promise<FilesPlan> {
  const collected = await collectInputs(tools, request, call)
  const sources = corpusId === undefined ? [] : await tools.store.listSources(corpusId)
  const known = new Map(sources.map((source) => [source.docId, source]))
  const options = {
    force: request.force === true,
    checksum: request.checksum === true,
    pipeline: pipelineFingerprint(tools, language),
    maxFileBytes: request.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
    language,
  }
  const prune = planPrune(await inspectUnlisted(tools.tree, collected, known), request)
  return {collected, known, ...planIngest(collected.candidates, known, options), options, prune}
}

async function* outcomes(
  tools: IngestTools,
  work: readonly WorkItem[],
  options: ReadOptions,
): AsyncGenerator<FileOutcome> {
  for (const item of work) {
    const read = await readFile(tools, item, options)
    yield 'bytes' in read ? await prepareFile(tools, read, options) : {kind: 'failed', failure: read.failure}
  }
}
