import {encodeBatchHead, encodeRecord} from '../codec/write-batch.js'
import type {ExportRequest} from '../model/operations/export.js'
import type {CorpusSnapshot, SnapshotDocument} from '../ports/store/corpus-snapshot.js'
import type {ExportFolder, StagedFile} from '../ports/files/export-folder.js'
import type {Digest} from '../ports/surroundings.js'
import {batchHeader} from './export-head.js'
import type {ExportedFile} from './export-manifest.js'
import {documentLine, documentRecords} from './export-records.js'

const MAX_RECORDS = 10_000
/** A file is closed when it holds so much, however few records that is: it is put together in memory. */
const MAX_FILE_BYTES = 32 * 1024 ** 2
/** Of a file's SHA-256, in its name: another content never takes the place of what a manifest names. */
const HASH_CHARACTERS = 8

export type PartOptions = Pick<ExportRequest, 'format' | 'maxRecords' | 'compress' | 'noVectors'>

export interface PartTools {
  readonly snapshot: CorpusSnapshot
  readonly folder: ExportFolder
  readonly digest: Digest
  /** How the names of the files begin. */
  readonly prefix: string
}

/** A file that waits for its name. */
export interface StagedPart<T = ExportedFile> {
  readonly staged: StagedFile
  readonly name: string
  readonly entry: T
}

/** Collects documents into files of bounded size. They are whole and durable, and nobody takes them for batches before they are published. */
export class PartWriter {
  documents = 0
  vectors = 0
  readonly #tools: PartTools
  readonly #options: PartOptions
  readonly #staged: StagedPart[] = []
  readonly #lines: string[] = []
  #parts: Uint8Array[] = []
  #records = 0
  #bytes = 0

  constructor(tools: PartTools, options: PartOptions) {
    this.#tools = tools
    this.#options = options
  }

  async add(document: SnapshotDocument): Promise<void> {
    const {format, maxRecords = MAX_RECORDS, noVectors} = this.#options
    const withVectors = noVectors !== true
    this.documents++
    this.#lines.push(`${document.docId}\0${document.docHash}\n`)
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

  /** There is one file at least, so that there is something to be named. */
  async finish(): Promise<readonly StagedPart[]> {
    if (this.#records > 0 || this.#staged.length === 0) await this.#close()
    return this.#staged
  }

  /** Hash over ids and content of all documents, in whatever order they came. */
  contentFingerprint(): string {
    return this.#tools.digest.sha256([...this.#lines].sort().join(''))
  }

  async #close(): Promise<void> {
    const {folder, prefix} = this.#tools
    const {format = 'msgpack', compress} = this.#options
    const staged = await folder.stage(this.#content(), compress)
    const number = String(this.#staged.length + 1).padStart(5, '0')
    const packing = compress === undefined ? '' : compress === 'gzip' ? '.gz' : '.zst'
    const name = `${prefix}-${number}-${hashOf(staged)}.${format}${packing}`
    const {size_bytes, sha256} = staged
    this.#staged.push({staged, name, entry: {file: name, records: this.#records, size_bytes, sha256}})
    this.#parts = []
    this.#records = 0
    this.#bytes = 0
  }

  async *#content(): AsyncGenerator<Uint8Array> {
    const {format, noVectors} = this.#options
    const header = batchHeader(this.#tools.snapshot, noVectors !== true)
    if (format !== 'jsonl') yield encodeBatchHead(header, this.#records)
    yield* this.#parts
  }
}

/** Vectors of a learned model are of use only with it: its file, for the folder. */
export async function stageModel(
  {folder, snapshot, prefix}: Pick<PartTools, 'folder' | 'snapshot' | 'prefix'>,
  modelPath: string,
): Promise<StagedPart<Omit<ExportedFile, 'records'>>> {
  const staged = await folder.stageCopy(modelPath)
  const name = `${prefix}-${hashOf(staged)}.${snapshot.live!.provider}`
  return {staged, name, entry: {file: name, size_bytes: staged.size_bytes, sha256: staged.sha256}}
}

const hashOf = ({sha256}: StagedFile): string => sha256.slice(0, HASH_CHARACTERS)
