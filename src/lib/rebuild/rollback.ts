import {catchUp} from '../embedding/catch-up.js'
import type {EmbeddingJob, EmbeddingOutcome} from '../embedding/embedding-job.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Services} from '../ports/services.js'
import type {RollbackPlan} from './plan-rollback.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  'cache' | 'clock' | 'digest' | 'index' | 'indexFiles' | 'logger' | 'modelFiles' | 'models' | 'threads'
>

/**
 * Promotes the kept version once what has come since is embedded for it; the live one is kept in its place, so that one can go back and
 * forth. Searches use the live version until then. Cut off anywhere, the same call goes on.
 */
export async function executeRollback(
  services: Needs,
  job: EmbeddingJob,
  {drop, into, promotion, notes}: RollbackPlan,
  call: CallOptions,
): Promise<EmbeddingOutcome> {
  const {store, lease} = job
  const corpus = {...job.corpus, settings: promotion.settings}
  for (const {id} of drop) await store.dropEmbeddingVersion(id, lease)
  const outcome = await catchUp(services, {...job, corpus}, into, call)
  if (outcome.interrupted || outcome.failure) return outcome
  await store.setLiveVersion(into.id, lease, promotion)
  return {...outcome, notes: [...outcome.notes, ...notes]}
}
