import type {Corpus} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {RagError, reasonOf} from '../model/errors.js'
import type {SearchReport, SearchRequest} from '../model/query.js'
import type {Store} from '../ports/store.js'
import {checkRequest} from '../retrieve/check-request.js'
import {openIndex, type OpenedIndex} from '../retrieve/open-index.js'
import {searchCorpus, type SearchPlace, type VectorSide} from '../retrieve/search-corpus.js'
import {requireCorpus, type Environment} from './environment.js'

/** What a corpus looks like at one of its versions, kept for the next search. */
interface View {
  readonly corpusVersion: number
  readonly languages: readonly string[]
  readonly pending: number
  readonly live: EmbeddingVersion | undefined
  index?: OpenedIndex
  /** Searches that look at it now; a view that is not the latest any more is closed by the last of them. */
  users: number
  isOld: boolean
}

/** How often a search is done anew because the corpus changed under it. Each commit of a writer takes longer than a search. */
const MOST_ATTEMPTS = 10

/**
 * `Rag.search`. Keeps what it opened until the corpus changes; a new version is noticed at the next search. A search reads
 * several times, and takes no lock meanwhile: when the corpus's version is another one afterwards, it is done anew, so that
 * no answer mixes two states (a document that was just replaced would be missing in its old and in its new version).
 */
export class SearchEngine {
  readonly #env: Environment
  readonly #views = new Map<number, View>()

  constructor(env: Environment) {
    this.#env = env
  }

  async search(name: string, request: SearchRequest): Promise<SearchReport> {
    checkRequest(request)
    const store = await this.#env.reader()
    for (let attempt = 1; ; attempt++) {
      const corpus = await requireCorpus(store, name)
      const outcome = await this.#attempt(store, corpus, request).then(
        (report) => ({report}),
        (error: unknown) => ({error}),
      )
      const after = await store.getCorpus(corpus.name)
      const isSame = after?.id === corpus.id && after.version === corpus.version
      if (!isSame && attempt < MOST_ATTEMPTS) continue
      if ('error' in outcome) throw outcome.error
      return outcome.report
    }
  }

  async #attempt(store: Store, corpus: Corpus, request: SearchRequest): Promise<SearchReport> {
    const view = await this.#view(store, corpus)
    view.users++
    try {
      return await this.#searchView(store, {corpus, view, request})
    } finally {
      if (--view.users === 0 && view.isOld) closeIndex(view)
    }
  }

  async #searchView(
    store: Store,
    {corpus, view, request}: {corpus: Corpus; view: View; request: SearchRequest},
  ): Promise<SearchReport> {
    await this.#env.analyser.prepare(view.languages)
    const notes: string[] = []
    const vectors =
      request.mode === 'keyword' ? undefined : await this.#vectorSide(store, {corpus, view, request, notes})
    const place: SearchPlace = {
      corpus,
      languages: view.languages,
      pending: view.pending,
      notes,
      degraded: notes.length > 0 && view.live !== undefined,
      ...(vectors ? {vectors} : {}),
    }
    return searchCorpus({store, analyser: this.#env.analyser, clock: this.#env.clock}, place, request)
  }

  /** Gives the memory of opened indexes back. */
  close(): void {
    for (const view of this.#views.values()) retire(view)
    this.#views.clear()
  }

  async #view(store: Store, corpus: Corpus): Promise<View> {
    const known = this.#views.get(corpus.id)
    if (known?.corpusVersion === corpus.version) return known
    const counts = await store.countCorpus(corpus.id)
    const versions = await store.listEmbeddingVersions(corpus.id)
    const view: View = {
      corpusVersion: corpus.version,
      languages: counts.languages.map((count) => count.language),
      pending: counts.pending,
      live: versions.find((version) => version.state === 'live'),
      users: 0,
      isOld: false,
    }
    const latest = this.#views.get(corpus.id)
    if (latest) retire(latest)
    this.#views.set(corpus.id, view)
    return view
  }

  /** Nothing when the vector side can't answer; says why in `notes`, or throws when it was asked for alone. */
  async #vectorSide(
    store: Store,
    {corpus, view, request, notes}: {corpus: Corpus; view: View; request: SearchRequest; notes: string[]},
  ): Promise<VectorSide | undefined> {
    try {
      if (!view.live) throw noVectors(corpus)
      const query = await this.#embedQuery(corpus, view, request.query)
      view.index ??= await this.#open(store, view.live)
      return {index: view.index, query: query.vector, weight: query.weight}
    } catch (error) {
      const sideOnly = error instanceof RagError && SIDE_ERRORS.has(error.code)
      if (request.mode === 'vector' || !sideOnly) throw error
      notes.push(`${reasonOf(error)} Keyword search answers alone.`)
      return undefined
    }
  }

  async #open(store: Store, version: EmbeddingVersion): Promise<OpenedIndex> {
    const [{createSegmentLoader}, {createExactSegment}] = await Promise.all([
      import('../adapters/hnsw/segment-loader.js'),
      import('../adapters/exact/exact-segment.js'),
    ])
    const files = this.#env.indexFiles
    return openIndex({store, files, loader: createSegmentLoader(), exact: createExactSegment}, version)
  }

  async #embedQuery(
    corpus: Corpus,
    {live, languages}: View,
    query: string,
  ): Promise<{vector: Float32Array | undefined; weight: number}> {
    if (!live?.modelFile) throw cannotEmbed(corpus, live?.model ?? corpus.settings.model)
    const lsa = await this.#env.lsa()
    const embedder = await lsa.openForQueries(this.#env.modelFiles.path(live.modelFile.file), live)
    try {
      const input = {text: query, ...(languages.length > 0 ? {language: languages.join(',')} : {})}
      const [vector] = await embedder.embed([input], {kind: 'query'})
      return {vector, weight: embedder.defaultWeight}
    } finally {
      await embedder.close()
    }
  }
}

/** Faults of the vector side that keyword search does not share. */
const SIDE_ERRORS: ReadonlySet<string> = new Set([
  'NO_VECTORS',
  'MODEL_DAMAGED',
  'MODEL_MISMATCH',
  'NATIVE_MODULE_MISSING',
])

function retire(view: View): void {
  view.isOld = true
  if (view.users === 0) closeIndex(view)
}

function closeIndex(view: View): void {
  for (const part of view.index?.parts ?? []) part.close()
}

const noVectors = (corpus: Corpus): RagError =>
  new RagError('NO_VECTORS', `Corpus "${corpus.name}" has no vectors yet.`, {
    hint: `Make them with: rag ingest --dir FOLDER --corpus ${corpus.name}   (or search with --mode keyword)`,
  })

const cannotEmbed = (corpus: Corpus, model: string): RagError =>
  new RagError(
    'NO_VECTORS',
    `The vectors of corpus "${corpus.name}" come from the model "${model}", which can't embed queries here.`,
    {hint: 'Search with --mode keyword.'},
  )
