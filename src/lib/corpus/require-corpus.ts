import {corpusMissing} from '../model/errors/corpus/names.js'
import type {Corpus} from '../model/corpus.js'
import {corpusName} from '../model/names.js'
import type {CorpusStore} from '../ports/store/store.js'

/** The corpus of that name. @throws RagError BAD_NAME | CORPUS_MISSING, naming those that are there */
export async function requireCorpus(
  store: Pick<CorpusStore, 'getCorpus' | 'listCorpora'>,
  raw: string,
): Promise<Corpus> {
  const name = corpusName(raw)
  const corpus = await store.getCorpus(name)
  if (corpus) return corpus
  throw corpusMissing(
    name,
    (await store.listCorpora()).map((known) => known.name),
  )
}
