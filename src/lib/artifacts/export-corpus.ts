import {encodeBatchHead, encodeRecord} from '../codec/write-batch.js'
import {interrupted, RagError} from '../model/errors.js'
import type {BatchHeader} from '../model/batch-record.js'
import type {ExportRequest} from '../model/export.js'
import type {CorpusSnapshot, SnapshotDocument} from '../ports/corpus-snapshot.js'
import type {ExportFolder} from '../ports/export-folder.js'
import type {Digest, ProgressSink} from '../ports/surroundings.js'
import {
  formatExportManifest,
  parseExportManifest,
  type ExportedFile,
  type ExportManifest,
} from './export-manifest.js'
import {documentLine, documentRecords} from './export-records.js'

const MAX_RECORDS = 10_000
/** A file is closed when it holds so much, however few records that is: it is put together in memory. */
const MAX_FILE_BYTES = 32 * 1024 ** 2

export interface ExportTools {
  readonly snapshot: CorpusSnapshot
  readonly folder: ExportFolder
  readonly digest: Digest
  /** Path of the live version's learned model. */
  readonly modelPath: string | undefined
  /** The corpus's name as part of a file's name. */
  readonly baseName: string
}

export interface ExportCall {
  readonly signal?: AbortSignal
  readonly onProgress?: ProgressSink
}

export type Exported = Omit<ExportManifest, 'sha256'> & {readonly vectors: number}

/**
 * Writes a corpus into a folder: files first, each whole, then the manifest that makes them an export, then what an earlier export left
 * goes. The same state of a corpus gives the same files. Cut off, the folder holds the earlier export, or none.
 * @throws RagError USAGE for a folder of others | STORE_NEWER … see `deletedSince` | DISK_FULL | INTERRUPTED
 */
export async function exportCorpus(
  tools: ExportTools,
  request: ExportRequest,
  call: ExportCall,
): Promise<Exported> {
  const {snapshot, folder, digest} = tools
  const deleted = request.since === undefined ? undefined : await deletedSince(snapshot, request.since)
  await prepareFolder(folder)
  const before = await earlier(folder, digest)
  const writer = new PartWriter(tools, request, before)
  const {documents: total} = await snapshot.count(request.since)
  const lines: string[] = []
  let done = 0
  for await (const document of snapshot.documents(request.since)) {
    if (call.signal?.aborted) throw interrupted(`the export was stopped; ${folder.path} holds no new one.`)
    lines.push(`${document.docId}\0${document.docHash}\n`)
    await writer.add(document)
    done++
    call.onProgress?.({phase: 'copy', done, total, unit: 'documents'})
  }
  const files = await writer.finish()
  const modelFile = await copyModel(tools, request)
  const manifest = {
    ...manifestHead(tools),
    content_fingerprint: digest.sha256(lines.sort().join('')),
    ...(request.since === undefined ? {} : {since: request.since, deleted: deleted ?? []}),
    documents: done,
    records: files.reduce((sum, {records}) => sum + records, 0),
    settings: {...snapshot.corpus.settings},
    model: modelOf(snapshot, request),
    ...(modelFile ? {model_file: modelFile} : {}),
    files,
  }
  await folder.writeManifest(formatExportManifest(manifest, digest))
  const kept = namesOf(manifest)
  await folder.remove(namesOf(before).filter((name) => !kept.includes(name)))
  return {...manifest, vectors: writer.vectors}
}

function namesOf(manifest: Omit<ExportManifest, 'sha256'> | undefined): readonly string[] {
  if (!manifest) return []
  const {files, model_file: modelFile} = manifest
  return [...files, ...(modelFile ? [modelFile] : [])].map(({file}) => file)
}

/** @throws RagError USAGE */
async function deletedSince(snapshot: CorpusSnapshot, since: number): Promise<readonly string[]> {
  const {name, version} = snapshot.corpus
  if (since > version)
    throw new RagError(
      'USAGE',
      `Corpus "${name}" is at version ${version}; there is nothing since version ${since}. Nothing was written.`,
    )
  const deleted = await snapshot.deletedSince(since)
  if (deleted) return deleted
  throw new RagError(
    'MODEL_MISMATCH',
    `What was deleted from "${name}" since version ${since} can't be told any more: documents were removed for good after it. Nothing was written.`,
    {hint: 'Export the whole corpus: leave --since out.'},
  )
}

/** @throws RagError USAGE when it holds other things */
async function prepareFolder(folder: ExportFolder): Promise<void> {
  if ((await folder.look()) === 'foreign')
    throw new RagError('USAGE', `${folder.path} holds other files. Nothing was written.`, {
      hint: 'Name a new or empty folder, or that of an earlier export: --out DIR',
    })
  await folder.make()
}

/** The export that is there, if it can be understood. */
async function earlier(folder: ExportFolder, digest: Digest): Promise<ExportManifest | undefined> {
  const text = await folder.readManifest()
  if (text === undefined) return undefined
  try {
    return parseExportManifest(text, folder.path, digest)
  } catch (error) {
    if (error instanceof RagError && error.code === 'BATCH_DAMAGED') return undefined
    throw error
  }
}

function manifestHead({
  snapshot,
}: ExportTools): Pick<ExportManifest, 'format' | 'format_version' | 'corpus' | 'corpus_version'> {
  const {name, version} = snapshot.corpus
  return {format: 'rag-export', format_version: 1, corpus: name, corpus_version: version}
}

function modelOf({live}: CorpusSnapshot, {noVectors}: ExportRequest): ExportManifest['model'] {
  if (!live || noVectors) return null
  const {provider, model, dimension, fingerprint, spec, fittedChunks} = live
  return {
    provider,
    model,
    dimension,
    fingerprint,
    ...(spec ? {spec: {...spec}} : {}),
    ...(fittedChunks === undefined ? {} : {fitted_chunks: fittedChunks}),
  }
}

/** Vectors of a learned model are of use only with it. */
async function copyModel(
  {folder, modelPath, baseName, snapshot}: ExportTools,
  {noVectors, format}: ExportRequest,
): Promise<ExportManifest['model_file']> {
  if (modelPath === undefined || noVectors || format === 'jsonl') return undefined
  const file = `${baseName}-v${snapshot.corpus.version}.${snapshot.live!.provider}`
  return {file, ...(await folder.copyIn(modelPath, file))}
}

/** Collects documents into files of bounded size. */
class PartWriter {
  vectors = 0
  readonly #tools: ExportTools
  readonly #request: ExportRequest
  readonly #before: ExportManifest | undefined
  readonly #files: ExportedFile[] = []
  #parts: Uint8Array[] = []
  #records = 0
  #bytes = 0
  #hasManifest: boolean

  constructor(tools: ExportTools, request: ExportRequest, before: ExportManifest | undefined) {
    this.#tools = tools
    this.#request = request
    this.#before = before
    this.#hasManifest = before !== undefined
  }

  async add(document: SnapshotDocument): Promise<void> {
    const {format, maxRecords = MAX_RECORDS, noVectors} = this.#request
    const withVectors = noVectors !== true
    if (withVectors) this.vectors += document.chunks.filter((chunk) => chunk.vector).length
    const encoded =
      format === 'jsonl'
        ? [new TextEncoder().encode(documentLine(document, withVectors))]
        : documentRecords(document, withVectors).map(encodeRecord)
    const size = encoded.reduce((sum, {length}) => sum + length, 0)
    const isFull = this.#records + encoded.length > maxRecords || this.#bytes + size > MAX_FILE_BYTES
    if (this.#records > 0 && isFull) await this.#close()
    this.#parts.push(...encoded)
    this.#records += encoded.length
    this.#bytes += size
  }

  /** An export has one file at least, so that there is something to be named. */
  async finish(): Promise<readonly ExportedFile[]> {
    if (this.#records > 0 || this.#files.length === 0) await this.#close()
    return this.#files
  }

  async #close(): Promise<void> {
    const {folder} = this.#tools
    const {compress} = this.#request
    const name = this.#nextName()
    // A file of an earlier export must not change under its manifest.
    if (this.#hasManifest && this.#before?.files.some(({file}) => file === name)) {
      await folder.removeManifest()
      this.#hasManifest = false
    }
    const written = await folder.write(name, this.#content(), compress)
    this.#files.push({file: name, records: this.#records, ...written})
    this.#parts = []
    this.#records = 0
    this.#bytes = 0
  }

  #nextName(): string {
    const {baseName, snapshot} = this.#tools
    const {format = 'msgpack', compress} = this.#request
    const number = String(this.#files.length + 1).padStart(5, '0')
    const packing = compress === undefined ? '' : compress === 'gzip' ? '.gz' : '.zst'
    return `${baseName}-v${snapshot.corpus.version}-${number}.${format}${packing}`
  }

  async *#content(): AsyncGenerator<Uint8Array> {
    if (this.#request.format !== 'jsonl') yield encodeBatchHead(this.#header(), this.#records)
    yield* this.#parts
  }

  #header(): BatchHeader & {readonly embeddingDim: number} {
    const {corpus, live} = this.#tools.snapshot
    const withModel = live && !this.#request.noVectors ? live : undefined
    return {
      source: corpus.name,
      batchTag: `v${corpus.version}`,
      createdAt: new Date(corpus.updatedAtMs).toISOString(),
      embeddingDim: withModel?.dimension ?? 0,
      ...(withModel ? {model: withModel.model} : {}),
      origin: {
        corpus: corpus.name,
        settings: {...corpus.settings},
        ...(withModel
          ? {
              provider: withModel.provider,
              model: withModel.model,
              dimension: withModel.dimension,
              fingerprint: withModel.fingerprint,
              ...(withModel.spec ? {spec: withModel.spec} : {}),
            }
          : {}),
      },
    }
  }
}
