import type {CorpusSettings} from '../model/corpus.js'
import type {CallOptions} from '../model/operations/call.js'

/** Which version is asked for. */
export interface VersionChoice {
  /** Also the lease under which new versions are made is held: an unfinished one is nobody else's. */
  readonly isSole?: boolean | undefined
  /** Don't learn the model anew, however much the corpus has grown. */
  readonly noRefit?: boolean | undefined
  /** Learn the model anew in any case. */
  readonly refit?: boolean | undefined
  /** Make a new embedding version beside the live one, or finish the one that a cut-off run was making. */
  readonly renew?: Renewal | undefined
}

/** What is asked of a new version that takes the place of the live one. */
export interface Renewal {
  /** Keep the one that is live now. */
  readonly keepOld: boolean
  /** The corpus's from the moment the new version is live. */
  readonly settings?: CorpusSettings | undefined
}

/** How the vectors of a version are made. */
export interface VectorMaking {
  /** Chunks that the embedder is given at once; by default what suits it. */
  readonly batchSize?: number | undefined
  /** Make vectors anew that are cached. */
  readonly noCache?: boolean | undefined
  /** Wait so long after each call of the embedder, in milliseconds. */
  readonly sleepMs?: number | undefined
  /** Also put vectors in the place of placeholders. */
  readonly dummies?: boolean | undefined
}

/** What `embedCorpus` is to do. */
export interface EmbeddingRequest extends Omit<VersionChoice, 'renew'>, VectorMaking {}

/** A call in which vectors are made. */
export interface MakingCall extends VectorMaking, CallOptions {}
