import type {Corpus} from '../model/corpus.js'
import type {Services} from '../ports/services.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'

/** What this use case asks for. */
export type PurgeNeeds = Pick<
  Services,
  | 'analyser'
  | 'cache'
  | 'clock'
  | 'dataDir'
  | 'digest'
  | 'files'
  | 'index'
  | 'indexDir'
  | 'indexFiles'
  | 'logger'
  | 'modelFiles'
  | 'models'
  | 'processes'
  | 'store'
  | 'threads'
  | 'waitMs'
>

export interface PurgeRun {
  readonly store: Store
  readonly corpus: Corpus
  /** Of the corpus. */
  readonly lease: Lease
}
