import type {EmbeddingVersion} from '../model/embedding.js'
import type {Segment} from '../model/segment.js'
import type {PendingPurge} from '../ports/store/purge-log.js'

/** What the files of a corpus hold, as its rows tell. */
export interface PurgeFacts {
  readonly purges: readonly Pick<PendingPurge, 'seqs' | 'learned'>[]
  readonly versions: readonly VersionFacts[]
}

export interface VersionFacts {
  readonly version: EmbeddingVersion
  readonly segments: readonly SegmentFacts[]
  readonly staged: readonly SegmentFacts[]
}

export interface SegmentFacts {
  readonly segment: Segment
  /** Dense vectors of its range that still have a row, softly deleted ones included. */
  readonly rows: number
  /** Those of live chunks: when they are as many as the segment holds, it holds no others. */
  readonly live: number
}

export interface PurgePlan {
  /** Versions that nothing is searched by and whose model may hold words of what was removed. */
  readonly dropVersions: readonly EmbeddingVersion[]
  /** The model in use may hold words of it: it is learned anew, with its vectors and segments. */
  readonly relearn: boolean
  readonly dropStaged: readonly {readonly versionId: number; readonly ids: readonly number[]}[]
  readonly rewrite: readonly {readonly version: EmbeddingVersion; readonly segments: readonly Segment[]}[]
  /** Segments that hold a removed vector, whether they are written anew or go with their version. */
  readonly segments: number
}

/** What is to be done with index and model files, of what is there now: a purge that was cut off is planned again. Pure. */
export function planPurge({purges, versions}: PurgeFacts): PurgePlan {
  const learned = new Set(purges.flatMap((purge) => purge.learned))
  const holds = holdsRemoved(purges.map(({seqs}) => seqs))
  const knows = ({id}: EmbeddingVersion): boolean => learned.has(id)
  const left = versions.filter(({version}) => version.state === 'live' || !knows(version))
  const rewrite = left
    .filter(({version}) => !knows(version))
    .map(({version, segments}) => ({version, segments: segments.filter(holds).map(({segment}) => segment)}))
    .filter(({segments}) => segments.length > 0)
  const dropStaged = left
    .map(({version, staged}) => ({
      versionId: version.id,
      ids: staged.filter(holds).map(({segment}) => segment.id),
    }))
    .filter(({ids}) => ids.length > 0)
  return {
    dropVersions: versions.filter((facts) => !left.includes(facts)).map(({version}) => version),
    relearn: left.some(({version}) => knows(version)),
    dropStaged,
    rewrite,
    segments: left.flatMap(({segments}) => segments.filter(holds)).length,
  }
}

/**
 * Whether a segment holds a removed vector: one of these seqs, or one that has no row any more. Of the latter nobody knows whose they
 * were: older versions of a document lose their rows when what was softly deleted is tidied up.
 */
function holdsRemoved(lists: readonly (readonly number[])[]): (facts: SegmentFacts) => boolean {
  const seqs = [...new Set(lists.flat())].sort((a, b) => a - b)
  return ({segment: {firstSeq, lastSeq, count}, rows, live}) => {
    if (rows < count) return true
    if (live === count) return false
    const next = seqs[lowerBound(seqs, firstSeq)]
    return next !== undefined && next <= lastSeq
  }
}

/** The place of the first number that is not smaller. */
function lowerBound(sorted: readonly number[], least: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
