import type {DocumentPut} from '../model/batch.js'
import type {SourceState} from '../model/document.js'
import {lineNotUtf8, lineTooLong, severalDimensions} from '../model/errors/files/json-lines.js'
import {isAbout} from '../model/errors/questions.js'
import type {InputFailure} from '../model/operations/ingest.js'
import type {SourceLine} from '../ports/files/source-tree.js'
import type {BatchWriter} from '../documents/batch-writer.js'
import {failureOf} from './collect-inputs.js'
import type {IngestTarget, IngestTools, StageCall} from '../documents/ingest-tools.js'
import {KnownSources} from './known-sources.js'
import {parseJsonDocument, prepareJsonDocument, type JsonDocument} from './parse-json-document.js'
import {pipelineFingerprint} from '../documents/prepare-document.js'

/** A longer line is refused: one document of this size is beyond any use, and memory is bounded by it. */
const MAX_LINE_BYTES = 64 * 1024 * 1024

export interface LinesOutcome {
  readonly unchanged: number
  readonly failed: readonly InputFailure[]
  readonly interrupted: boolean
}

interface LinesJob {
  readonly target: IngestTarget
  readonly path: string
  readonly writer: BatchWriter
  readonly force: boolean
}

/** Brings in a JSON Lines file of documents. A bad line is named and the rest is taken. */
export async function ingestJsonl(tools: IngestTools, job: LinesJob, call: StageCall): Promise<LinesOutcome> {
  const known = new KnownSources(tools.store, job.target.corpusId)
  const failed: InputFailure[] = []
  let unchanged = 0
  let done = 0
  for await (const line of tools.tree.lines(job.path, MAX_LINE_BYTES, call.signal)) {
    if (call.signal?.aborted) break
    try {
      const document = await readLine(tools, job, {line, known})
      if (document === 'unchanged') unchanged++
      else if (document) {
        // A later line may bring the same id again: the last one wins.
        known.replaced(document.docId)
        await job.writer.put(document)
      }
    } catch (error) {
      // A fault of the store or the disk, as against one of the line, ends the call.
      if (!isAbout(error, 'line')) throw error
      failed.push(failureOf(`${job.path}:${line.number}`, error))
    }
    call.onProgress?.({phase: 'read', done: ++done, unit: 'documents'})
  }
  await job.writer.flush()
  return {unchanged, failed, interrupted: call.signal?.aborted === true}
}

async function readLine(
  tools: IngestTools,
  job: LinesJob,
  {line, known}: {readonly line: SourceLine; readonly known: KnownSources},
): Promise<DocumentPut | 'unchanged' | undefined> {
  const text = decode(line)
  if (text.trim() === '') return undefined
  const document = parseJsonDocument(text)
  const source = lineSource(tools, job, line)
  if (!job.force && isStored(await known.get(document.docId), source)) return 'unchanged'
  const dimension = dimensionOf(document)
  if (dimension !== undefined) await job.target.acceptVectors(dimension)
  const language = job.target.language === undefined ? {} : {language: job.target.language}
  return prepareJsonDocument(tools, document, {source, ...language})
}

/** Looked at before anything is made for the vectors. @throws RagError DIMENSION_MISMATCH when they are of several dimensions */
function dimensionOf({docId, chunks = []}: JsonDocument): number | undefined {
  const dimensions = new Set(chunks.flatMap(({vector}) => (vector ? [vector.length] : [])))
  if (dimensions.size > 1) throw severalDimensions(docId, [...dimensions])
  return [...dimensions][0]
}

function lineSource(tools: IngestTools, {path, target}: LinesJob, line: SourceLine): SourceState {
  return {
    source: path === '-' ? 'stdin' : path,
    sha256: tools.digest.sha256(line.bytes),
    sizeBytes: line.bytes.length,
    readAtMs: tools.clock.now(),
    pipeline: pipelineFingerprint(tools, target.language),
  }
}

function isStored(
  known: {readonly source: SourceState} | undefined,
  {sha256, pipeline}: SourceState,
): boolean {
  return known !== undefined && known.source.sha256 === sha256 && known.source.pipeline === pipeline
}

const UTF8 = new TextDecoder('utf-8', {fatal: true})

function decode(line: SourceLine): string {
  if (line.tooLong) throw lineTooLong(MAX_LINE_BYTES / 1024 / 1024)
  try {
    return UTF8.decode(line.bytes)
  } catch {
    throw lineNotUtf8()
  }
}
