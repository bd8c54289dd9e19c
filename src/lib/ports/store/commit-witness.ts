import type {LostCommits} from '../../model/lost-commits.js'

/**
 * How much the commits must survive beyond what is always promised (that they are in the store, synced, when they are reported).
 * `full`: what tells of them afterwards is synced with each. `normal`: it is written with each and synced when the store is closed;
 * a power cut may take it back by some commits, and a loss of these in the same power cut would not be noticed.
 */
export type Durability = 'full' | 'normal'

/**
 * What was committed is told outside the database, so that a store whose log was damaged or lost, and which is therefore at an earlier
 * commit, is not taken for the latest. A store that cannot lose commits answers `undefined`.
 */
export interface CommitWitness {
  /** What was gone when the store was opened, until it is accepted. */
  lostCommits(): Promise<LostCommits | undefined>
  /** Goes on from the store as it is. Answers what was gone; without a loss, changes nothing. */
  acceptLoss(): Promise<LostCommits | undefined>
}
