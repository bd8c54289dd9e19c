import type {Corpus} from '../model/corpus.js'
import {type EmbeddingVersion, liveVersion} from '../model/embedding.js'
import {noVectorsYet} from '../model/errors/corpus/model.js'
import {isAbout} from '../model/errors/questions.js'
import {reasonOf} from '../model/errors/rag-error.js'
import {lossNote} from '../model/errors/store/store.js'
import type {CacheUse, SearchReport, SearchRequest} from '../model/operations/query.js'
import type {Embedder} from '../ports/embedder.js'
import type {Store} from '../ports/store/store.js'
import {checkRequest} from './check-request.js'
import {queryVectorMs, withinTime} from './within-time.js'
import {openIndex, type OpenedIndex} from './open-index.js'
import {searchCorpus, type SearchPlace, type VectorSide} from './search-corpus.js'
import {CachedSearches} from './cached-searches.js'
import {CorpusView} from './corpus-view.js'
import type {Services} from '../ports/services.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {cacheUseOf, openCachedEmbedder} from '../embedding/open-embedder.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'analyser'
  | 'build'
  | 'cache'
  | 'clock'
  | 'digest'
  | 'index'
  | 'indexFiles'
  | 'logger'
  | 'modelFiles'
  | 'models'
  | 'store'
>

/** How often a search is done anew because the corpus changed under it. Each commit of a writer takes longer than a search. */
const MOST_ATTEMPTS = 10

/**
 * `Rag.search`. Keeps what it opened until the corpus changes; a new version is noticed at the next search. A search reads
 * several times, and takes no lock meanwhile: when the corpus's version is another one afterwards, it is done anew, so that
 * no answer mixes two states (a document that was just replaced would be missing in its old and in its new version).
 */
export class SearchEngine {
  readonly #services: Needs
  readonly #cached: CachedSearches
  readonly #views = new Map<number, CorpusView>()

  constructor(services: Needs) {
    this.#services = services
    this.#cached = new CachedSearches(services)
  }

  async search(name: string, request: SearchRequest): Promise<SearchReport> {
    checkRequest(request)
    const store = await this.#services.store.read()
    for (let attempt = 1; ; attempt++) {
      const corpus = await requireCorpus(store, name)
      const cached = (await store.lostCommits()) ? undefined : await this.#cached.get(corpus, request)
      if (cached) return cached
      const outcome = await this.#attempt(store, corpus, request).then(
        (report) => ({report}),
        (error: unknown) => ({error}),
      )
      const isSame = async (): Promise<boolean> =>
        (await store.getCorpus(corpus.name))?.state === corpus.state
      const holds = await isSame()
      if (!holds && attempt < MOST_ATTEMPTS) continue
      if ('error' in outcome) throw outcome.error
      if (holds) await this.#cached.put(corpus, {request, report: outcome.report}, isSame)
      return outcome.report
    }
  }

  async #attempt(store: Store, corpus: Corpus, request: SearchRequest): Promise<SearchReport> {
    const view = await this.#view(store, corpus)
    return view.use(() => this.#searchView(store, {corpus, view, request}))
  }

  async #searchView(
    store: Store,
    {corpus, view, request}: {corpus: Corpus; view: CorpusView; request: SearchRequest},
  ): Promise<SearchReport> {
    const {languages, pending, live} = view.facts
    await this.#services.analyser.prepare(languages)
    const lost = await store.lostCommits()
    const notes: string[] = []
    const vectors =
      request.mode === 'keyword' ? undefined : await this.#vectorSide(store, {corpus, view, request, notes})
    const place: SearchPlace = {
      corpus,
      languages,
      pending,
      notes: lost ? [lossNote(lost), ...notes] : notes,
      degraded: lost !== undefined || (notes.length > 0 && live !== undefined),
      vectors,
    }
    return searchCorpus(
      {store, analyser: this.#services.analyser, clock: this.#services.clock},
      place,
      request,
    )
  }

  /** Gives the memory of opened indexes back. */
  close(): void {
    for (const view of this.#views.values()) view.retire()
    this.#views.clear()
  }

  async #view(store: Store, corpus: Corpus): Promise<CorpusView> {
    const known = this.#views.get(corpus.id)
    if (known?.facts.corpusVersion === corpus.version) return known
    const counts = await store.countCorpus(corpus.id)
    const versions = await store.listEmbeddingVersions(corpus.id)
    const view = new CorpusView({
      corpusVersion: corpus.version,
      languages: counts.languages.map((count) => count.language),
      pending: counts.pending,
      live: liveVersion(versions),
    })
    this.#views.get(corpus.id)?.retire()
    this.#views.set(corpus.id, view)
    return view
  }

  /** Nothing when the vector side can't answer; says why in `notes`, or throws when it was asked for alone. */
  async #vectorSide(
    store: Store,
    {
      corpus,
      view,
      request,
      notes,
    }: {corpus: Corpus; view: CorpusView; request: SearchRequest; notes: string[]},
  ): Promise<VectorSide | undefined> {
    try {
      const {live} = view.facts
      if (!live) throw noVectorsYet(corpus)
      const limitMs = request.embedTimeoutMs ?? queryVectorMs(live)
      const query = await withinTime(limitMs, live.model, (signal) =>
        this.#embedQuery(corpus, view, {text: request.query, signal}),
      )
      return {
        index: await view.index(() => this.#open(store, live)),
        query: query.vector,
        weight: query.weight,
        use: query.use,
      }
    } catch (error) {
      if (request.mode === 'vector' || !isAbout(error, 'vector-search')) throw error
      notes.push(`${reasonOf(error)} Keyword search answers alone.`)
      return undefined
    }
  }

  async #open(store: Store, version: EmbeddingVersion): Promise<OpenedIndex> {
    const {index, indexFiles: files} = this.#services
    const [loader, exact] = await Promise.all([index.loader(), index.exact()])
    return openIndex({store, files, loader, exact}, version)
  }

  async #embedQuery(
    corpus: Corpus,
    view: CorpusView,
    query: {readonly text: string; readonly signal: AbortSignal | undefined},
  ): Promise<{vector: Float32Array | undefined; weight: number; use: CacheUse}> {
    const {live, languages} = view.facts
    const embedder = await view.embedder(() => this.#openEmbedder(corpus, live, query.signal))
    const language = languages.length > 0 ? {language: languages.join(',')} : {}
    const before = {...cacheUseOf(embedder)}
    const [vector] = await embedder.embed([{text: query.text, ...language}], {
      kind: 'query',
      signal: query.signal,
    })
    const {hits, misses} = cacheUseOf(embedder)
    const use = {retrievalHit: false, embedHits: hits - before.hits, embedMisses: misses - before.misses}
    return {vector, weight: embedder.defaultWeight, use}
  }

  #openEmbedder(
    corpus: Corpus,
    live: EmbeddingVersion | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Embedder> {
    if (!live) throw noVectorsYet(corpus)
    return openCachedEmbedder(this.#services, corpus, live, {kind: 'query', signal})
  }
}
