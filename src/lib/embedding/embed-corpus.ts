import type {HeldCorpus} from '../corpus/held-corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {isAbout, RagError} from '../model/errors.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Services} from '../ports/services.js'
import {catchUp, catchUpLive} from './catch-up.js'
import {embeddingFacts} from './embedding-facts.js'
import {NOTHING_EMBEDDED, sumOutcomes, type EmbeddingOutcome} from './embedding-outcome.js'
import type {EmbeddingRequest} from './embedding-request.js'
import {learnAside, openTarget} from './open-target.js'
import {planEmbedding} from './plan-embedding.js'
import {promoteVersion} from './promote-version.js'
import {knowsTooLittle} from './refit-rule.js'

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
 * Brings vectors and index up to the text. The whole pipeline: facts → plan → target (a version) → vectors and segments → live.
 * Idempotent and resumable: picks up where a killed run stopped. A model that can't be reached is an outcome, not a failure: the text is
 * safe, and the next call goes on. @throws RagError LEASE_LOST | DISK_FULL | STORE_BUSY | MODEL_DAMAGED
 */
export async function embedCorpus(
  services: Needs,
  held: HeldCorpus,
  request: EmbeddingRequest,
  call: CallOptions,
): Promise<EmbeddingOutcome> {
  const {corpus} = held
  const {batchSize, noCache, sleepMs, dummies, ...choice} = request
  const making = {batchSize, noCache, sleepMs, dummies, ...call}
  return asOutcome(call, async () => {
    const plan = planEmbedding(await embeddingFacts(services, corpus, choice, call), choice)
    const target = await openTarget(services, held, plan, () => learnAside(services, corpus, call))
    const {version, isNew, notes} = target
    if (!version) return {...NOTHING_EMBEDDED, notes, interrupted: call.signal?.aborted === true}
    const live = isNew ? NOTHING_EMBEDDED : await catchUpLive(services, held, version, making)
    const outcome = sumOutcomes(live, await catchUp(services, held, version, making))
    const isDone = !outcome.interrupted && !outcome.failure
    if (isDone && version.state === 'building') await promoteVersion(services, held, version)
    if (isDone && !isNew && !choice.noRefit && isOutdated(version, outcome)) {
      const {hits, ...again} = await embedCorpus(services, held, {...request, refit: true}, call)
      const {checkpoints, misses} = outcome
      return {...again, hits, checkpoints: checkpoints + again.checkpoints, misses: misses + again.misses}
    }
    return {...outcome, notes: [...notes, ...outcome.notes]}
  })
}

/** Runs the work. An interruption and a model that can't be used are outcomes of it. @throws whatever else it throws */
export async function asOutcome(
  call: CallOptions,
  work: () => Promise<EmbeddingOutcome>,
): Promise<EmbeddingOutcome> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RagError && error.code === 'INTERRUPTED' && call.signal?.aborted)
      return {...NOTHING_EMBEDDED, interrupted: true}
    if (isAbout(error, 'embedding')) return {...NOTHING_EMBEDDED, failure: error}
    throw error
  }
}

/** Whether a learned model knows too little of what is in the corpus by now. */
function isOutdated(
  {modelFile, state}: EmbeddingVersion,
  outcome: Parameters<typeof knowsTooLittle>[0],
): boolean {
  return modelFile !== undefined && state === 'live' && knowsTooLittle(outcome)
}
