import type {ChunkPut} from '../../../model/batch.js'
import {RowNumbers} from '../checksums/checked-writes.js'
import {insertChunk} from './chunk-table.js'
import type {Connection} from '../connection.js'
import type {CountTally} from './corpus-counts.js'
import type {KeywordWriter} from '../keywords/keyword-table.js'
import {storeGivenVector, type VersionRow} from '../vectors/vector-table.js'

/** The document that a chunk is added to. */
interface Owner {
  readonly documentId: number
  readonly docId: string
}

/** What the new chunks of a commit have in common. */
interface Where {
  readonly corpusId: number
  readonly keywords: KeywordWriter
  /** The embedding version that given vectors go to. */
  readonly live: VersionRow | undefined
  readonly tally: CountTally
}

/**
 * Chunks that get rows of their own in a commit. They are written table by table: going through all tables for each chunk takes a fifth
 * longer, because the pages of one push those of the others out of the processor's caches.
 */
export class NewChunks {
  readonly #on: Connection
  readonly #where: Where
  #waiting: {readonly owner: Owner; readonly chunk: ChunkPut}[] = []

  constructor(on: Connection, where: Where) {
    this.#on = on
    this.#where = where
  }

  /** Written by {@link write}, in the order in which they were added. */
  add(owner: Owner, chunks: readonly ChunkPut[]): void {
    for (const chunk of chunks) this.#waiting.push({owner, chunk})
  }

  /** Whoever reads the rows of a document must have called this first. */
  write(): void {
    const {corpusId, keywords, live, tally} = this.#where
    const waiting = this.#waiting
    this.#waiting = []
    const chunkIds = new RowNumbers(this.#on, 'chunks')
    const ids = waiting.map(({owner: {documentId}, chunk}) =>
      insertChunk(this.#on, {corpusId, documentId, chunkIds}, chunk),
    )
    waiting.forEach(({chunk}, i) => {
      keywords.add(ids[i]!, chunk.terms)
      tally.chunkAdded()
    })
    const seqs = new RowNumbers(this.#on, 'vectors')
    waiting.forEach(({owner: {docId}, chunk: {vector}}, i) => {
      if (vector)
        storeGivenVector(this.#on, live, {chunkId: ids[i]!, isNew: true, docId, vector, tally, seqs})
    })
  }
}
