import type {Corpus} from '../model/corpus.js'
import {nextTurn} from '../kernel/next-turn.js'
import type {SearchReport, SearchRequest} from '../model/operations/query.js'
import {uncache} from '../corpus/caches.js'
import type {Services} from '../ports/services.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'build' | 'cache' | 'clock' | 'digest' | 'logger'>

/** Raised when the same request on the same corpus comes to find other hits, or hits of another form. */
const RETRIEVAL_VERSION = 2

/**
 * Results of searches, kept by all that they depend on: the state of the corpus, which no other state ever has the name of, and every
 * setting. A result that is there is therefore right, however old it is. Degraded ones are not kept.
 */
export class CachedSearches {
  readonly #services: Needs

  constructor(services: Needs) {
    this.#services = services
  }

  async get(corpus: Corpus, request: SearchRequest): Promise<SearchReport | undefined> {
    if ((request.cache ?? 'use') !== 'use') return undefined
    const startedAt = this.#services.clock.monotonic()
    const cache = await this.#services.cache()
    const [bytes] = (await cache?.getMany('retrieval', [this.#key(corpus, request)])) ?? []
    const report = bytes && parse(bytes)
    if (!report) return undefined
    // Nothing so far has waited for anything: many hits in a row would keep signals from being heard, and output from being written.
    await nextTurn()
    const use = {retrievalHit: true, embedHits: 0, embedMisses: 0}
    return {...report, cache: use, tookMs: this.#services.clock.monotonic() - startedAt}
  }

  /** The corpus may change meanwhile, even by a removal for good: `isSame` is asked once more, and nothing is left when it has. */
  async put(
    corpus: Corpus,
    {request, report}: {readonly request: SearchRequest; readonly report: SearchReport},
    isSame: () => Promise<boolean>,
  ): Promise<void> {
    const cache = request.cache === 'off' || report.degraded ? undefined : await this.#services.cache()
    if (!cache) return
    const key = this.#key(corpus, request)
    await cache.putMany('retrieval', [
      {
        key,
        value: new TextEncoder().encode(JSON.stringify(report)),
        corpus: corpus.name,
        model: corpus.settings.model,
      },
    ])
    if (!(await isSame())) await uncache(this.#services, 'retrieval', key)
  }

  #key({name, state, settings}: Corpus, request: SearchRequest): string {
    const {query, mode = 'hybrid', topK = 10, filters = [], minScore, weight, fusion, unit, context} = request
    const asked = [query, mode, topK, filters, minScore, weight, fusion, unit, context].map(
      (one) => one ?? null,
    )
    const kept = [settings.vectorWeight ?? null, settings.language ?? null]
    return this.#services.digest.key([
      'retrieval',
      RETRIEVAL_VERSION,
      this.#services.build.version,
      name,
      state,
      kept,
      asked,
    ])
  }
}

/** Undefined for what can't be read, as if it were not there. */
function parse(bytes: Uint8Array): SearchReport | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as SearchReport
  } catch {
    return undefined
  }
}
