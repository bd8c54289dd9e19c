import type {KnownSource} from '../model/document.js'
import type {DocumentStore} from '../ports/store/store.js'

/** So many documents are asked for one by one before the list of all is read. */
const ONE_BY_ONE = 500

/**
 * What is stored of documents that come in no known order. A few among very many are asked for one by one; for more the whole list
 * is read once.
 */
export class KnownSources {
  readonly #store: Pick<DocumentStore, 'getDocument' | 'listSources'>
  readonly #corpusId: number
  readonly #replaced = new Set<string>()
  #asked = 0
  #all: ReadonlyMap<string, KnownSource> | undefined

  constructor(store: Pick<DocumentStore, 'getDocument' | 'listSources'>, corpusId: number) {
    this.#store = store
    this.#corpusId = corpusId
  }

  /** Nothing for a document that is not stored, or that `replaced` was told of. */
  async get(docId: string): Promise<Pick<KnownSource, 'source'> | undefined> {
    if (this.#replaced.has(docId)) return undefined
    if (!this.#all && this.#asked++ < ONE_BY_ONE) {
      const document = await this.#store.getDocument(this.#corpusId, docId)
      return document?.isDamaged ? undefined : document
    }
    this.#all ??= new Map(
      (await this.#store.listSources(this.#corpusId)).map((source) => [source.docId, source]),
    )
    return this.#all.get(docId)
  }

  /** Something else is about to be stored for the document: what was stored before says nothing any more. */
  replaced(docId: string): void {
    this.#replaced.add(docId)
  }
}
