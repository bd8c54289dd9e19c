import type {HeldCorpus} from '../corpus/held-corpus.js'
import {embedCorpus} from '../embedding/embed-corpus.js'
import type {EmbeddingRequest} from '../embedding/embedding-request.js'
import {fillWithDummies} from '../embedding/fill-with-dummies.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Services} from '../ports/services.js'
import type {VectorOutcome} from './replay-report.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'cache'
  | 'clock'
  | 'digest'
  | 'index'
  | 'indexFiles'
  | 'logger'
  | 'modelFiles'
  | 'models'
  | 'store'
  | 'threads'
>

export interface ReplayedVectors extends Pick<EmbeddingRequest, 'batchSize' | 'sleepMs' | 'noRefit'> {
  /** Length of the zeros that are stored where the model can't make a vector here; absent: none are. */
  readonly dummyFill: number | undefined
}

/** Embeds what came without a vector. With dummies a model that could not be reached is no failure, but a note. */
export async function embedReplayed(
  services: Needs,
  {corpus: before, lease}: HeldCorpus,
  {dummyFill, ...request}: ReplayedVectors,
  call: CallOptions,
): Promise<VectorOutcome> {
  const store = await services.store.write('write')
  const corpus = (await store.getCorpus(before.name)) ?? before
  const outcome = await embedCorpus(services, {corpus, lease}, request, call)
  if (dummyFill === undefined || outcome.interrupted) return {...outcome, dummies: 0}
  const {failure, ...rest} = outcome
  const dummies = await fillWithDummies({store, corpus, lease}, dummyFill)
  const notes = failure ? [...rest.notes, failure.message] : rest.notes
  return {...rest, notes, dummies}
}
