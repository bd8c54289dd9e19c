import {findCorpus} from '../corpus/find-corpus.js'
import {requireModel} from '../embedding/open-embedder.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import {RagError} from '../model/errors/rag-error.js'
import {corpusName, type CorpusName} from '../model/names.js'
import type {CallOptions} from '../model/operations/call.js'
import type {ReplayRequest} from '../model/operations/replay.js'
import type {Services} from '../ports/services.js'
import type {Store} from '../ports/store/store.js'
import {BatchSet} from './batch-set.js'
import {replaySettings} from './replay-settings.js'

/** What a call is about, before anything is made. */
export interface OpenedReplay {
  readonly batches: BatchSet
  readonly name: CorpusName
  /** Absent where it is not there yet, as the corpus. */
  readonly store?: Store | undefined
  readonly corpus?: Corpus | undefined
  /**
   * What the corpus is built with from now on. Absent when the call was interrupted: of a head that was not read to its end no corpus is
   * made, it would be another one for good.
   */
  readonly settings?: CorpusSettings | undefined
}

/**
 * Finds the batches and the corpus, and settles what it is built with, its model at hand as far as it must be.
 * @throws RagError BAD_NAME | USAGE | INPUT_MISSING | BAD_INPUT | what `requireModel` throws
 */
export async function openReplay(
  services: Pick<Services, 'digest' | 'files' | 'models' | 'store'>,
  request: ReplayRequest,
  call: CallOptions,
): Promise<OpenedReplay> {
  const name = corpusName(request.corpus)
  const batches = await BatchSet.find(services, request)
  const {store, corpus} = await findCorpus(services, name)
  const settings = await orInterrupted(replaySettings(batches, corpus, request, call.signal))
  const prepare = !corpus && request.reembed === true && !request.dryRun
  if (settings) await requireModel(services, settings, {prepare, ...call})
  return {batches, name, store, corpus, settings}
}

/** Undefined when the call was interrupted. */
const orInterrupted = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof RagError && error.code === 'INTERRUPTED') return undefined
    throw error
  })
