import type {Corpus} from '../model/corpus.js'
import {RagError} from '../model/errors.js'
import type {CorpusName} from '../model/names.js'
import type {Store} from '../ports/store/store.js'
import type {Services} from '../ports/services.js'

/** The store and the corpus as they are, as far as they are there. Makes nothing. */
export async function findCorpus(
  services: Pick<Services, 'store'>,
  name: CorpusName,
): Promise<{store?: Store | undefined; corpus?: Corpus | undefined}> {
  try {
    const store = await services.store.read()
    const corpus = await store.getCorpus(name)
    return corpus ? {store, corpus} : {store}
  } catch (error) {
    if (error instanceof RagError && error.code === 'STORE_MISSING') return {}
    throw error
  }
}
