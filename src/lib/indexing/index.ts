/**
 * Indexing: segments of stored vectors, and the keyword index of stored texts. Both can be made anew at any time from the store.
 *
 * Terms. Segment: a write-once file over the vectors of a range of seqs. Tail: vectors that no segment covers. Staged segment: finished, and
 * not yet searched. Merge: neighbours written anew as one or more segments. Merge policy: what a compaction may spend, and how large the
 * segments are that it makes.
 *
 * Promises. Ranges never overlap. No segment is published that holds fewer vectors than its range. A merge, and a rebuild, is published in
 * one step; cut off before it, the old segments are in use. The cost of N vectors grows as N.
 *
 * ```
 *  vectors ─► SegmentWriter ─► seal ─► publishSegments            a write
 *
 *  inspectPieces ─► planCompaction ─► executeMerges               after a write, within a budget; or all that is worthwhile
 *  inspectForRebuild ─► planSegmentRebuild ─► rebuildSegments     staged one by one, published together
 *  reindexSegments                                                damaged ones go back to the tail, which is built anew
 *  replaceSegments                                                built anew without what was removed for good
 *  rebuildKeywords                                                beside the index in use
 * ```
 */
export {compactAfterWrite, executeCompaction} from './compact-corpus.js'
export {indexFacts, type IndexFacts} from './index-facts.js'
export {planCompaction, type Merge, type MergePolicy, type Piece} from './plan-compaction.js'
export {planSegmentRebuild, type SegmentRebuildPlan} from './plan-segment-rebuild.js'
export {freshKeywords, rebuildKeywords} from './rebuild-keywords.js'
export {rebuildSegments} from './rebuild-segments.js'
export {reindexSegments} from './reindex-segments.js'
export {replaceSegments} from './replace-segments.js'
export {tidyCorpus} from './tidy-corpus.js'
