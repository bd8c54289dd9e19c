import type {StagedModel} from './fit-model.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'

/** What `embedCorpus` is to do. */
export interface EmbedCorpusJob {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  readonly batchSize?: number | undefined
  /** Make vectors anew that are cached. */
  readonly noCache?: boolean | undefined
  /** Wait so long after each call of the embedder. */
  readonly sleepMs?: number | undefined
  /** Also the lease under which new versions are made is held: one that is unfinished is nobody else's. */
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
  /** A model that was learned before the lease was taken; handed out once. */
  readonly fitted?: {take(): StagedModel | undefined} | undefined
  /** Also put vectors in the place of placeholders. */
  readonly dummies?: boolean | undefined
}
