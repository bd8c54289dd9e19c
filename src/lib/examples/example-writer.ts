import {encodeBatchHead, encodeRecord} from '../codec/write-batch.js'
import type {TrainingExample} from '../model/operations/examples.js'
import type {StagedExamples} from '../ports/files/example-files.js'
import {exampleLine, exampleRecord} from './example-records.js'

const BUFFERED_BYTES = 256 * 1024

/** Writes examples to all staged files, each in its format, in pieces of bounded size. */
export class ExampleWriter {
  #count = 0
  #newestMs = 0
  readonly #corpus: string
  readonly #staged: readonly {readonly to: StagedExamples; pieces: Uint8Array[]; size: number}[]

  constructor(corpus: string, staged: readonly StagedExamples[]) {
    this.#corpus = corpus
    this.#staged = staged.map((to) => ({to, pieces: [], size: 0}))
    for (const one of this.#staged)
      if (one.to.target.format === 'msgpack') {
        one.pieces.push(this.#head())
        one.size += one.pieces[0]!.length
      }
  }

  async add(example: TrainingExample): Promise<void> {
    this.#count++
    this.#newestMs = Math.max(this.#newestMs, example.createdAtMs)
    for (const one of this.#staged) {
      const {format} = one.to.target
      const bytes =
        format === 'jsonl'
          ? new TextEncoder().encode(exampleLine(example))
          : encodeRecord(exampleRecord(example))
      one.pieces.push(bytes)
      one.size += bytes.length
      if (one.size >= BUFFERED_BYTES) await this.#flush(one)
    }
  }

  /** Writes what is held back, and tells batches how many records they have. */
  async finish(): Promise<void> {
    for (const one of this.#staged) {
      await this.#flush(one)
      if (one.to.target.format === 'msgpack') await one.to.rewriteHead(this.#head())
    }
  }

  async #flush(one: {readonly to: StagedExamples; pieces: Uint8Array[]; size: number}): Promise<void> {
    if (one.size > 0) await one.to.append(joined(one.pieces, one.size))
    one.pieces = []
    one.size = 0
  }

  /** As long whatever the count and the time. The batch is as old as its newest example. */
  #head(): Uint8Array {
    const createdAt = new Date(this.#newestMs).toISOString()
    const header = {version: 1, source: this.#corpus, batchTag: 'examples', createdAt, embeddingDim: 0}
    return encodeBatchHead(header, this.#count)
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
