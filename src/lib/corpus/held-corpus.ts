import type {Corpus} from '../model/corpus.js'
import type {Lease} from '../ports/store/lease.js'

/** A corpus, and the lease under which it is written. */
export interface HeldCorpus {
  readonly corpus: Corpus
  readonly lease: Lease
}
