import type {CommitReceipt, DocumentBatch, DocumentPut} from '../model/batch.js'
import {nextTurn} from '../kernel/next-turn.js'
import type {IngestTarget} from './ingest-tools.js'
import type {DocumentStore} from '../ports/store/store.js'

/** Bounds the memory of a batch of large documents. */
const MAX_BATCH_CHARACTERS = 4_000_000
/** And that of one whose documents bring vectors. */
const MAX_VECTOR_BYTES = 12 * 1024 ** 2

export type Totals = {-readonly [K in Exclude<keyof CommitReceipt, 'version'>]: number} & {commits: number}

export interface BatchWriterOptions {
  /** Documents a commit, at most. */
  readonly batchSize: number
  /** Of the first commit; each that follows holds twice as many, up to `batchSize`. So storing begins while a reader is still slow. */
  readonly firstBatchSize?: number | undefined
  /** None of them is stored yet. */
  readonly fresh: boolean
  /** Called with what is durable now and used no more. */
  readonly onCommitted?: ((documents: readonly DocumentPut[]) => void) | undefined
}

/** Collects documents into batches and commits each when it is full. What `flush` has returned from is durable. */
export class BatchWriter {
  readonly totals: Totals = {
    added: 0,
    updated: 0,
    unchanged: 0,
    removed: 0,
    chunksAdded: 0,
    chunksKept: 0,
    chunksDeleted: 0,
    commits: 0,
  }
  readonly #store: DocumentStore
  readonly #target: IngestTarget
  readonly #options: BatchWriterOptions
  #put: DocumentPut[] = []
  #touch: DocumentBatch['touch'][number][] = []
  #remove: string[] = []
  #characters = 0
  #vectorBytes = 0
  #batchSize: number

  constructor(store: DocumentStore, target: IngestTarget, options: BatchWriterOptions) {
    this.#store = store
    this.#target = target
    this.#options = options
    this.#batchSize = options.firstBatchSize ?? options.batchSize
  }

  /** A promise only when the batch is full and is committed: to wait for nothing, document for document, takes time too. */
  put(document: DocumentPut): Promise<void> | undefined {
    this.#put.push(document)
    for (const {text, vector} of document.chunks) {
      this.#characters += text.length
      if (vector) this.#vectorBytes += vector.byteLength
    }
    return this.#isFull() ? this.#flushFull() : undefined
  }

  async touch(touch: DocumentBatch['touch'][number]): Promise<void> {
    this.#touch.push(touch)
    this.totals.unchanged++
    if (this.#isFull()) await this.#flushFull()
  }

  async remove(docId: string): Promise<void> {
    this.#remove.push(docId)
    if (this.#isFull()) await this.#flushFull()
  }

  /** Commits what is collected. */
  async flush(): Promise<void> {
    if (this.#size() === 0) return
    const batch: DocumentBatch = {
      put: this.#put,
      touch: this.#touch,
      remove: this.#remove,
      fresh: this.#options.fresh,
    }
    this.#put = []
    this.#touch = []
    this.#remove = []
    this.#characters = 0
    this.#vectorBytes = 0
    const receipt = await this.#store.commit(this.#target.corpusId, batch, this.#target.lease)
    this.#options.onCommitted?.(batch.put)
    await nextTurn()
    this.totals.commits++
    this.totals.added += receipt.added
    this.totals.updated += receipt.updated
    this.totals.unchanged += receipt.unchanged
    this.totals.removed += receipt.removed
    this.totals.chunksAdded += receipt.chunksAdded
    this.totals.chunksKept += receipt.chunksKept
    this.totals.chunksDeleted += receipt.chunksDeleted
  }

  #size(): number {
    return this.#put.length + this.#touch.length + this.#remove.length
  }

  #isFull(): boolean {
    return (
      this.#size() >= this.#batchSize ||
      this.#characters >= MAX_BATCH_CHARACTERS ||
      this.#vectorBytes >= MAX_VECTOR_BYTES
    )
  }

  async #flushFull(): Promise<void> {
    await this.flush()
    this.#batchSize = Math.min(2 * this.#batchSize, this.#options.batchSize)
  }
}
