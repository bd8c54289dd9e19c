import type {Corpus, CorpusSettings} from '../model/corpus.js'
import type {RagError} from '../model/errors.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import type {StagedModel} from './fit-model.js'

/** Which version is asked for, as against how its vectors are made. */
export interface VersionChoice {
  /** Also the lease under which new versions are made is held: an unfinished one is nobody else's. */
  readonly isSole?: boolean | undefined
  /** Don't learn the model anew, however much the corpus has grown. */
  readonly noRefit?: boolean | undefined
  /** Learn the model anew in any case. */
  readonly refit?: boolean | undefined
  /** Make a new embedding version beside the live one, or finish the one that a cut-off run was making. */
  readonly renew?:
    | {
        /** Keep the one that is live now. */
        readonly keepOld: boolean
        /** The corpus's from the moment the new version is live. */
        readonly settings?: CorpusSettings | undefined
      }
    | undefined
}

/** What `embedCorpus` is to do. */
export interface EmbeddingJob extends VersionChoice {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  /** Chunks that the embedder is given at once; by default what suits it. */
  readonly batchSize?: number | undefined
  /** Make vectors anew that are cached. */
  readonly noCache?: boolean | undefined
  /** Wait so long after each call of the embedder, in milliseconds. */
  readonly sleepMs?: number | undefined
  /** A model that was learned before the lease was taken; handed out once. */
  readonly fitted?: {take(): StagedModel | undefined} | undefined
  /** Also put vectors in the place of placeholders. */
  readonly dummies?: boolean | undefined
}

/** What `embedCorpus` did. */
export interface EmbeddingOutcome {
  /** Vectors that came from the cache. */
  readonly hits: number
  /** Vectors that a model made. */
  readonly misses: number
  /** Segments published. */
  readonly checkpoints: number
  readonly interrupted: boolean
  /** Why not all was embedded, when the model could not be reached or used: what was embedded before is kept, the rest is pending. */
  readonly failure?: RagError | undefined
  readonly notes: readonly string[]
}

export const NOTHING_EMBEDDED: EmbeddingOutcome = {
  hits: 0,
  misses: 0,
  checkpoints: 0,
  interrupted: false,
  notes: [],
}

/** Two outcomes of one job, one after the other; the later one says how it ended. */
export function sumOutcomes<T extends EmbeddingOutcome>(before: EmbeddingOutcome, after: T): T {
  return {
    ...after,
    hits: before.hits + after.hits,
    misses: before.misses + after.misses,
    checkpoints: before.checkpoints + after.checkpoints,
    notes: [...before.notes, ...after.notes],
  }
}
