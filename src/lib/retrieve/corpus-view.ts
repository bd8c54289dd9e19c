import type {EmbeddingVersion} from '../model/embedding.js'
import type {Embedder} from '../ports/embedder.js'
import type {OpenedIndex} from './open-index.js'

export interface ViewFacts {
  readonly corpusVersion: number
  /** Of the corpus's documents, most frequent first. */
  readonly languages: readonly string[]
  readonly pending: number
  readonly live: EmbeddingVersion | undefined
}

/**
 * What a corpus looks like at one of its versions, with what was opened for searching it. Kept for the next search; a view
 * that is not the latest any more is closed by the last search that uses it.
 */
export class CorpusView {
  readonly facts: ViewFacts
  #index: Promise<OpenedIndex> | undefined
  #embedder: Promise<Embedder> | undefined
  #users = 0
  #isOld = false

  constructor(facts: ViewFacts) {
    this.facts = facts
  }

  /** Runs a search on the view; it stays open until the search is over. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#users++
    try {
      return await work()
    } finally {
      this.#users--
      this.#closeUnused()
    }
  }

  /** The index, opened once. What can't be opened is tried again by the next search. */
  index(open: () => Promise<OpenedIndex>): Promise<OpenedIndex> {
    this.#index ??= open().catch((error: unknown) => {
      this.#index = undefined
      throw error
    })
    return this.#index
  }

  /** The embedder of queries, opened once; likewise. */
  embedder(open: () => Promise<Embedder>): Promise<Embedder> {
    this.#embedder ??= open().catch((error: unknown) => {
      this.#embedder = undefined
      throw error
    })
    return this.#embedder
  }

  /** A newer view has taken its place, or the store is closed. */
  retire(): void {
    this.#isOld = true
    this.#closeUnused()
  }

  #closeUnused(): void {
    if (this.#users > 0 || !this.#isOld) return
    void this.#index?.then(
      ({parts}) => parts.forEach((part) => part.close()),
      () => undefined,
    )
    void this.#embedder?.then((embedder) => embedder.close()).catch(() => undefined)
    this.#index = undefined
    this.#embedder = undefined
  }
}
