import type {Corpus} from '../model/corpus.js'
import {nextTurn} from '../kernel/next-turn.js'
import type {Lease} from '../ports/store/lease.js'
import type {KeywordEntry, Store} from '../ports/store/store.js'
import type {Services} from '../ports/services.js'
import type {CallOptions} from '../model/operations/call.js'
import {storedTerms} from '../documents/keyword-terms.js'

const PAGE = 500

/** Removed entries that take room in a keyword index; beyond this it is made anew. */
const MIN_REMOVED = 1000
const REMOVED_RATIO = 0.25

/** True when the index holds terms of another analyser, or too many removed entries. */
export async function keywordsAreStale(
  services: Pick<Services, 'analyser'>,
  store: Store,
  corpus: Corpus,
): Promise<boolean> {
  if (corpus.settings.analyser !== services.analyser.fingerprint) return true
  const removed = await store.keywordsRemoved(corpus.id)
  if (removed < MIN_REMOVED) return false
  return removed > REMOVED_RATIO * (await store.countCorpus(corpus.id)).chunks
}

/**
 * Makes the keyword index anew from the stored texts, beside the one in use, and switches in one step. Interrupted or
 * killed, the old one stays.
 */
export async function rebuildKeywords(
  services: Pick<Services, 'analyser'>,
  {store, corpus, lease}: {readonly store: Store; readonly corpus: Corpus; readonly lease: Lease},
  call: CallOptions,
): Promise<Corpus> {
  await store.beginKeywords(corpus.id, lease)
  const {chunks: total} = await store.countCorpus(corpus.id)
  let afterId = 0
  for (let done = 0; ;) {
    if (call.signal?.aborted) return corpus
    const page = await store.pendingChunks(corpus.id, undefined, {afterId, limit: PAGE})
    if (page.length === 0) break
    afterId = page.at(-1)!.chunkId
    const entries: KeywordEntry[] = []
    for (const chunk of page) entries.push(await storedTerms(services.analyser, chunk))
    await store.addKeywords(corpus.id, entries, lease)
    await nextTurn()
    done += page.length
    call.onProgress?.({phase: 'compact', done, total, unit: 'chunks'})
  }
  return store.publishKeywords(
    corpus.id,
    {...corpus.settings, analyser: services.analyser.fingerprint},
    lease,
  )
}

/** Makes the keyword index anew when it holds terms of another analyser, or too many removed entries; else puts its statistics right. */
export async function freshKeywords(
  services: Pick<Services, 'analyser'>,
  run: {readonly store: Store; readonly corpus: Corpus; readonly lease: Lease},
  call: CallOptions,
): Promise<Corpus> {
  const stale = await keywordsAreStale(services, run.store, run.corpus)
  if (stale) return rebuildKeywords(services, run, call)
  const {store, corpus, lease} = run
  const mended = await store.recountKeywords(corpus.id, lease)
  return mended ? ((await store.getCorpus(corpus.name)) ?? corpus) : corpus
}
