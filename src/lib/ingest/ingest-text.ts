import {BatchWriter} from '../documents/batch-writer.js'
import {ingestFiles} from './ingest-files.js'
import {ingestJsonl} from './ingest-jsonl.js'
import type {IngestTarget} from '../documents/ingest-tools.js'
import type {Corpus} from '../model/corpus.js'
import type {InputFailure, InputFault, IngestRequest} from '../model/operations/ingest.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {acceptVectors} from '../embedding/accept-vectors.js'
import type {Services} from '../ports/services.js'
import {ingestStdin} from './ingest-stdin.js'
import {ingestTools} from '../documents/open-ingest-tools.js'
import type {CallOptions} from '../model/operations/call.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'analyser' | 'clock' | 'digest' | 'files'>

const DEFAULT_BATCH_SIZE = 100

export interface TextOutcome {
  readonly writer: BatchWriter
  readonly unchanged: number
  readonly failed: readonly InputFailure[]
  readonly faults: readonly InputFault[]
  readonly ignored: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  readonly interrupted: boolean
}

interface Run {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  readonly request: IngestRequest
}

/** Reads, cuts and commits: afterwards every document is found by keyword. */
export async function ingestText(services: Needs, run: Run, call: CallOptions): Promise<TextOutcome> {
  const {store, corpus, request} = run
  const tools = await ingestTools(services, store, corpus.settings)
  const target = targetOf(run)
  const force = request.force === true
  const writer = new BatchWriter(store, target, {
    batchSize: request.batchSize ?? DEFAULT_BATCH_SIZE,
    fresh: force,
  })
  const failed: InputFailure[] = []
  const faults: InputFault[] = []
  let unchanged = 0
  let ignored: TextOutcome['ignored'] = {}
  let notes: readonly string[] = []
  if (hasFiles(request)) {
    const files = await ingestFiles(tools, {target, request, writer}, call)
    failed.push(...files.failed)
    faults.push(...files.faults)
    unchanged += files.unchanged
    ignored = files.ignored
    notes = files.notes
  }
  if (request.jsonl !== undefined && !call.signal?.aborted) {
    const lines = await ingestJsonl(tools, {target, path: request.jsonl, writer, force}, call)
    failed.push(...lines.failed)
    unchanged += lines.unchanged
  }
  if (request.stdin && !call.signal?.aborted)
    faults.push(...(await ingestStdin(tools, {target, request, writer})))
  return {writer, unchanged, failed, faults, ignored, notes, interrupted: call.signal?.aborted === true}
}

function targetOf({store, corpus, lease, request}: Run): IngestTarget {
  const {language} = corpus.settings
  const modelGiven = request.settings?.model !== undefined
  const accept = acceptVectors(store, corpus, {lease, modelGiven})
  return {
    corpusId: corpus.id,
    lease,
    language,
    acceptVectors: (dimension) => accept({}, dimension),
  }
}

function hasFiles({dirs = [], files = []}: IngestRequest): boolean {
  return dirs.length + files.length > 0
}
