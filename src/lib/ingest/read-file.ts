import {idTaken} from '../model/errors/files/source.js'
import type {DocumentPut} from '../model/batch.js'
import type {SourceState} from '../model/document.js'
import type {InputFailure, InputFault} from '../model/operations/ingest.js'
import type {Metadata} from '../model/metadata.js'
import {failureOf, type Candidate} from './collect-inputs.js'
import {inputFaults} from './input-faults.js'
import type {IngestTools} from '../documents/ingest-tools.js'
import type {WorkItem} from './plan-ingest.js'
import {prepareDocument} from '../documents/prepare-document.js'

/** What looking into one file came to. */
export type FileOutcome =
  | {readonly kind: 'put'; readonly document: DocumentPut; readonly faults: readonly InputFault[]}
  | {
      readonly kind: 'touch'
      readonly docId: string
      readonly source: SourceState
      readonly metadata: Metadata
    }
  | {readonly kind: 'failed'; readonly failure: InputFailure}

export interface ReadOptions {
  readonly force: boolean
  readonly pipeline: string
  readonly maxFileBytes: number
  readonly language?: string | undefined
}

/** The bytes of a file, or why there are none. */
export type ReadFile =
  | {readonly item: WorkItem; readonly bytes: Uint8Array; readonly readAtMs: number}
  | {readonly item: WorkItem; readonly failure: InputFailure}

/** Reads the file of a work item. Never throws: a file that can't be read is one failure among the results. */
export async function readFile(tools: IngestTools, item: WorkItem, options: ReadOptions): Promise<ReadFile> {
  const {file, root} = item.candidate
  try {
    const taken = await takenByAnother(tools, item)
    if (taken) return {item, failure: taken}
    const readAtMs = tools.clock.now()
    return {item, bytes: await tools.tree.read(file, options.maxFileBytes, root), readAtMs}
  } catch (error) {
    return {item, failure: failureOf(file.absolutePath, error)}
  }
}

/**
 * Two folders may hold files of the same relative path. The second must not quietly replace the first; but a folder that
 * was moved as a whole is the same folder.
 */
async function takenByAnother(
  {tree}: IngestTools,
  {candidate, known}: WorkItem,
): Promise<InputFailure | undefined> {
  const owner = known?.source.source
  if (owner === undefined || owner === candidate.file.absolutePath || known?.source.root === undefined)
    return undefined
  if (known.source.root === candidate.root || !(await tree.exists(owner))) return undefined
  return failureOf(candidate.file.absolutePath, idTaken(candidate.docId, owner))
}

/** Makes a document of the bytes, unless the same bytes are stored. This is the heavy part of an ingest. */
export async function prepareFile(
  tools: IngestTools,
  {item, bytes, readAtMs}: Extract<ReadFile, {bytes: Uint8Array}>,
  options: ReadOptions,
): Promise<FileOutcome> {
  const {candidate, known} = item
  const sha256 = tools.digest.sha256(bytes)
  const source = sourceState(candidate, {
    sha256,
    readAtMs,
    pipeline: options.pipeline,
    sizeBytes: bytes.length,
  })
  const metadata = fileMetadata(candidate, bytes.length)
  const same = known?.source.sha256 === sha256 && known.source.pipeline === options.pipeline
  if (same && !options.force) return {kind: 'touch', docId: candidate.docId, source, metadata}
  try {
    const name = fileName(candidate)
    const loader = tools.loaders.find(name)!
    const document = await loader.load({name, bytes})
    return {
      kind: 'put',
      faults: inputFaults(candidate.file.absolutePath, document.faults),
      document: await prepareDocument(tools, {
        docId: candidate.docId,
        document,
        source,
        metadata: {...metadata, file_type: loader.type},
        language: options.language,
      }),
    }
  } catch (error) {
    return {kind: 'failed', failure: failureOf(candidate.file.absolutePath, error)}
  }
}

function sourceState(
  {file, root}: Candidate,
  read: {sha256: string; readAtMs: number; pipeline: string; sizeBytes: number},
): SourceState {
  return {source: file.absolutePath, ...(root === undefined ? {} : {root}), mtimeMs: file.mtimeMs, ...read}
}

function fileName({file}: Candidate): string {
  return file.absolutePath.slice(file.absolutePath.lastIndexOf('/') + 1)
}

/** What is known of a document by its file alone. */
function fileMetadata(candidate: Candidate, sizeBytes: number): Metadata {
  const folders = candidate.file.absolutePath.split('/')
  return {
    category: folders.at(-2) ?? '',
    file_name: fileName(candidate),
    size: sizeBytes,
    mtime: new Date(candidate.file.mtimeMs).toISOString(),
  }
}
