import {crc32} from 'node:zlib'
import {learnedModelDamaged, modelOfOtherAnalyser} from '../model/errors/model/learned-model.js'
import {RagError, reasonOf} from '../model/errors/rag-error.js'
import type {RandomAccessFiles, ReadableFile} from '../ports/files/random-access-files.js'
import {rowStride} from './fold-in.js'
import type {ModelTables} from './lsa-tasks.js'
import {
  BLOCK_TERMS,
  crcHolds,
  decodeBlock,
  decodeDirectory,
  decodeHeader,
  dictionaryStart,
  HEADER_BYTES,
  rowBytes,
  rowsStart,
  type Directory,
  type ModelHeader,
} from './model-file.js'

/** What the model file must have been made for. */
export interface ExpectedModel {
  readonly dimension: number
  /** Fingerprint of the analyser. */
  readonly analyser: string
}

const CHUNK_BYTES = 4 * 1024 * 1024

/**
 * An open model file. Reads only what is asked for, and checks the checksum of all it reads.
 * All methods throw RagError MODEL_DAMAGED.
 */
export class ModelReader {
  readonly header: ModelHeader
  readonly #path: string
  readonly #file: ReadableFile
  readonly #directory: Directory

  private constructor(path: string, file: ReadableFile, header: ModelHeader, directory: Directory) {
    this.#path = path
    this.#file = file
    this.header = header
    this.#directory = directory
  }

  /** @throws RagError MODEL_DAMAGED; MODEL_MISMATCH when it was learned with another analyser */
  static async open(files: RandomAccessFiles, path: string, expected: ExpectedModel): Promise<ModelReader> {
    const file = await files.open(path).catch((error: unknown) => {
      throw learnedModelDamaged(path, `it can't be opened (${reasonOf(error)})`, error)
    })
    try {
      const size = await file.sizeBytes()
      const header = decodeHeader(await readAt(file, 0, Math.min(size, HEADER_BYTES)), size)
      if (typeof header === 'string') throw learnedModelDamaged(path, header)
      const bytes = await readAt(file, HEADER_BYTES, header.directoryBytes)
      if (crc32(bytes) !== header.directoryCrc)
        throw learnedModelDamaged(path, 'the checksum of its directory does not match')
      const directory = decodeDirectory(bytes, header)
      if (directory.analyser !== expected.analyser)
        throw modelOfOtherAnalyser(path, directory.analyser, expected.analyser)
      if (header.dimension !== expected.dimension)
        throw learnedModelDamaged(
          path,
          `its dimension is ${header.dimension}, and the store says ${expected.dimension}`,
        )
      return new ModelReader(path, file, header, directory)
    } catch (error) {
      await file.close()
      throw error instanceof RagError
        ? error
        : learnedModelDamaged(path, `it can't be read (${reasonOf(error)})`, error)
    }
  }

  /** The row of a term, laid out as `rowStride` says; `undefined` when the model does not know it. */
  async row(term: string): Promise<Float32Array | undefined> {
    const index = await this.#find(term)
    if (index === undefined) return undefined
    const size = rowBytes(this.header.dimension)
    const bytes = await this.#read(rowsStart(this.header) + index * size, size)
    if (!crcHolds(bytes)) throw learnedModelDamaged(this.#path, `the checksum of row ${index} does not match`)
    const row = new Float32Array(rowStride(this.header.dimension))
    decodeFloats(bytes, row)
    return row
  }

  /** The whole model, on shared memory. */
  async tables(): Promise<ModelTables> {
    const {dimension, terms: count} = this.header
    const terms: string[] = []
    for (let block = 0; block < this.#directory.blocks.length; block++)
      terms.push(...(await this.#block(block)))
    if (terms.length !== count)
      throw learnedModelDamaged(this.#path, `it has ${terms.length} terms and promises ${count}`)
    const stride = rowStride(dimension)
    const size = rowBytes(dimension)
    const rows = new Float32Array(new SharedArrayBuffer(count * size))
    const step = Math.max(1, Math.floor(CHUNK_BYTES / size))
    for (let from = 0; from < count; from += step) {
      const bytes = await this.#read(
        rowsStart(this.header) + from * size,
        Math.min(step, count - from) * size,
      )
      for (let at = 0; at < bytes.length; at += size)
        if (!crcHolds(bytes.subarray(at, at + size)))
          throw learnedModelDamaged(this.#path, `the checksum of row ${from + at / size} does not match`)
      decodeFloats(bytes, rows.subarray(from * stride))
    }
    return {dimension, terms, rows}
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #find(term: string): Promise<number | undefined> {
    const {blocks} = this.#directory
    let low = 0
    let high = blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (blocks[middle]!.first <= term) low = middle + 1
      else high = middle
    }
    if (low === 0) return undefined
    const place = (await this.#block(low - 1)).indexOf(term)
    return place < 0 ? undefined : (low - 1) * BLOCK_TERMS + place
  }

  async #block(index: number): Promise<string[]> {
    const {offset, end} = this.#directory.blocks[index]!
    const terms = decodeBlock(await this.#read(dictionaryStart(this.header) + offset, end - offset))
    if (terms === undefined)
      throw learnedModelDamaged(this.#path, `the checksum of dictionary block ${index} does not match`)
    return terms
  }

  async #read(position: number, length: number): Promise<Buffer> {
    const bytes = await readAt(this.#file, position, length).catch((error: unknown) => {
      throw learnedModelDamaged(this.#path, `it can't be read (${reasonOf(error)})`, error)
    })
    if (bytes.length < length) throw learnedModelDamaged(this.#path, 'it has become shorter')
    return bytes
  }
}

/** Reads up to `length` bytes; fewer at the end of the file. */
async function readAt(file: ReadableFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const count = await file.read(buffer.subarray(filled), position + filled)
    if (count === 0) break
    filled += count
  }
  return buffer.subarray(0, filled)
}

/** Copies little-endian float32 numbers. */
function decodeFloats(bytes: Buffer, out: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i * 4 < bytes.length; i++) out[i] = view.getFloat32(i * 4, true)
}
