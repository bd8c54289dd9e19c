import {catchUp} from '../embedding/catch-up.js'
import type {HeldCorpus} from '../corpus/held-corpus.js'
import type {EmbeddingOutcome} from '../embedding/embedding-outcome.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Services} from '../ports/services.js'
import type {RollbackPlan} from './plan-rollback.js'

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

/**
 * Promotes the kept version once what has come since is embedded for it; the live one is kept in its place, so that one can go back and
 * forth. Searches use the live version until then. Cut off anywhere, the same call goes on.
 */
export async function executeRollback(
  services: Needs,
  held: HeldCorpus,
  {drop, into, promotion, notes}: RollbackPlan,
  call: CallOptions,
): Promise<EmbeddingOutcome> {
  const {lease} = held
  const store = await services.store.write('write')
  const corpus = {...held.corpus, settings: promotion.settings}
  for (const {id} of drop) await store.dropEmbeddingVersion(id, lease)
  const outcome = await catchUp(services, {corpus, lease}, into, call)
  if (outcome.interrupted || outcome.failure) return outcome
  await store.setLiveVersion(into.id, lease, promotion)
  return {...outcome, notes: [...outcome.notes, ...notes]}
}
