/**
 * # indexing: segments of stored vectors, and the keyword index of stored texts
 *
 * **For**: building, merging and making anew what is searched. All of it can be made at any time from the store.
 *
 * **Terms**
 * - *segment*: a write-once file over the vectors of a range of seqs; *staged* when it is finished and not yet searched.
 * - *tail*: vectors that no segment covers.
 * - *merge*: neighbours written anew as one or more segments.
 * - *merge policy*: what a compaction may spend, and how large the segments are that it makes.
 *
 * **Promises**
 * - Ranges never overlap. No segment is published that holds fewer vectors than its range.
 * - A merge, and a rebuild, is published in one step; cut off before it, the old segments are in use.
 * - The cost of N vectors grows as N.
 *
 * **Steps**
 * ```
 *   vectors ─► SegmentWriter ─► seal ─► publishSegments            a write
 *   inspectPieces ─► planCompaction ─► executeMerges               after a write, within a budget; or all that is worthwhile
 *   inspectForRebuild ─► planSegmentRebuild ─► rebuildSegments     staged one by one, published together
 *   reindexSegments                                                damaged ones go back to the tail, which is built anew
 *   replaceSegments                                                built anew without what was removed for good
 *   rebuildKeywords                                                beside the index in use
 * ```
 */
export {compactAfterWrite, compactsTail, executeCompaction} from './compact-corpus.js'
export {inspectPieces} from './compact-segments.js'
export {indexFacts, type IndexFacts} from './index-facts.js'
export {dropLostSegments, indexTail, measureTail} from './index-tail.js'
export {type Merge, type Piece, planCompaction, segmentsAfter} from './plan-compaction.js'
export {
  planSegmentRebuild,
  type SegmentRebuildFacts,
  type SegmentRebuildPlan,
} from './plan-segment-rebuild.js'
export {freshKeywords, rebuildKeywords} from './rebuild-keywords.js'
export {inspectForRebuild, rebuildSegments} from './rebuild-segments.js'
export {reindexSegments} from './reindex-segments.js'
export {replaceSegments} from './replace-segments.js'
export {checkpointSize, MIN_SEGMENT, segmentCount, segmentSize, segmentSizes} from './segment-size.js'
export {SegmentWriter} from './segment-writer.js'
export {vacuumCorpus} from './vacuum-corpus.js'
