/**
 * # embedding: vectors for every chunk
 *
 * **For**: bringing vectors and index up to the text: which model, which version, embed what is pending, switch when it is complete.
 *
 * **Terms**
 * - *embedding version*: a set of comparable vectors of one corpus: `building`, `live` or `retired`; at most one is live.
 * - *pending*: a live chunk without a vector in a version.
 * - *catch up*: embed what is pending in a version, and index it.
 * - *promote*: put a complete version in the place of the live one, in one step.
 * - *placeholder*: zeros in the place of a vector that is to be made later.
 *
 * **Promises**
 * - The plan is pure and writes nothing; each step of its execution is one transaction, and a killed run is planned again.
 * - What was committed is never embedded again. Vectors of two models never meet.
 * - Searches use the old version until the new one has a vector for every live chunk, unless it is the first.
 * - A model that can't be reached is an outcome, not a failure: the text is safe and found by keyword.
 *
 * **Steps** (`embed-corpus.ts`)
 * ```
 *   embeddingFacts ─► planEmbedding ─► openTarget ─► catchUpLive ─► catchUp ─► promoteVersion
 *      reads only        pure           drop, learn     the version in use      pending ─► Embedder ─► commitVectors ─► segments
 * ```
 */
export {acceptVectors, checkVectors, UNNAMED} from './accept-vectors.js'
export {cachedKeysOf} from './cached-keys.js'
export {catchUp, catchUpLive} from './catch-up.js'
export {asOutcome, embedCorpus} from './embed-corpus.js'
export {embeddingFacts, foreseenFacts} from './embedding-facts.js'
export {type EmbeddingOutcome, NOTHING_EMBEDDED, sumOutcomes} from './embedding-outcome.js'
export type {EmbeddingRequest, MakingCall, Renewal, VectorMaking, VersionChoice} from './embedding-request.js'
export {fillWithDummies} from './fill-with-dummies.js'
export type {StagedModel} from './fit-model.js'
export {isUsable} from './model-is-usable.js'
export {listModels, pullModel, showModel} from './models.js'
export {cacheUseOf, canEmbed, openCachedEmbedder, requireModel} from './open-embedder.js'
export {learnAside, type OpenedTarget, openTarget} from './open-target.js'
export {type EmbeddingFacts, type EmbeddingTarget, planEmbedding} from './plan-embedding.js'
export {promoteVersion} from './promote-version.js'
