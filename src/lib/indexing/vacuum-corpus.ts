import type {Corpus} from '../model/corpus.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {vacuumFiles} from '../corpus/corpus-folders.js'
import {dropRetired} from '../corpus/drop-retired.js'
import type {Services} from '../ports/services.js'
import {freshKeywords} from './rebuild-keywords.js'

/** When superseded and deleted chunks are removed for good. */
const REMOVE_DELETED = {minRows: 1000, ratio: 0.25}

/**
 * The end of a write: removes for good what was deleted, once it is much, embedding versions that were replaced, and files that no row names.
 * Costs next to nothing else.
 */
export async function vacuumCorpus(
  services: Pick<Services, 'analyser' | 'indexFiles' | 'modelFiles'>,
  {store, corpus, lease}: {readonly store: Store; readonly corpus: Corpus; readonly lease: Lease},
): Promise<void> {
  await store.removeDeleted(corpus.id, REMOVE_DELETED, lease)
  const current = (await store.getCorpus(corpus.name)) ?? corpus
  await freshKeywords(services, {store, corpus: current, lease}, {})
  await dropRetired(store, corpus, lease)
  await vacuumFiles(services, store, corpus)
}
