import {expect} from 'chai'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import type {Segment} from '../../../src/lib/model/segment.js'
import {
  planPurge,
  type PurgePlan,
  type SegmentFacts,
  type VersionFacts,
} from '../../../src/lib/purge/plan-purge.js'

const version = (id: number, more: Partial<EmbeddingVersion> = {}): EmbeddingVersion => ({
  id,
  corpusId: 1,
  number: id,
  state: 'live',
  provider: 'p',
  model: 'm',
  dimension: 4,
  fingerprint: `f${id}`,
  createdAtMs: 0,
  ...more,
})

/** A segment over a range, with as many vectors as it is wide, of which all have rows, and one is not live. */
const segment = (id: number, firstSeq: number, lastSeq: number, missing = 0): SegmentFacts => {
  const count = lastSeq - firstSeq + 1
  const file: Segment = {
    id,
    versionId: 1,
    firstSeq,
    lastSeq,
    dimension: 4,
    count,
    file: `s${id}`,
    sizeBytes: 1,
    sha256: 'ab',
    createdAtMs: 0,
  }
  return {segment: file, rows: count - missing, live: count - 1}
}

const facts = (
  of: EmbeddingVersion,
  segments: readonly SegmentFacts[] = [],
  staged: readonly SegmentFacts[] = [],
): VersionFacts => ({version: of, segments, staged})

interface Told {
  readonly drop: readonly number[]
  readonly relearn: boolean
  readonly staged: readonly (readonly number[])[]
  readonly rewrite: readonly (readonly number[])[]
  readonly segments: number
}

const told = ({dropVersions, relearn, dropStaged, rewrite, segments}: PurgePlan): Told => ({
  drop: dropVersions.map(({id}) => id),
  relearn,
  staged: dropStaged.map(({versionId, ids}) => [versionId, ...ids]),
  rewrite: rewrite.map((one) => [one.version.id, ...one.segments.map(({id}) => id)]),
  segments,
})

const NOTHING: Told = {drop: [], relearn: false, staged: [], rewrite: [], segments: 0}

describe('planPurge', () => {
  const cases: readonly [string, Parameters<typeof planPurge>[0], Told][] = [
    ['nothing to do', {purges: [], versions: [facts(version(1), [segment(1, 1, 9)])]}, NOTHING],
    [
      'segments that hold a removed vector are written anew, at either end of their range, and only they',
      {
        purges: [
          {seqs: [30, 9], learned: []},
          {seqs: [21], learned: []},
        ],
        versions: [
          facts(version(1), [segment(1, 1, 9), segment(2, 10, 20), segment(3, 21, 29), segment(4, 30, 40)]),
        ],
      },
      {...NOTHING, rewrite: [[1, 1, 3, 4]], segments: 3},
    ],
    [
      'a vector without a row is removed, whosever it was',
      {
        purges: [{seqs: [], learned: []}],
        versions: [facts(version(1), [segment(1, 1, 9, 1), segment(2, 10, 20)])],
      },
      {...NOTHING, rewrite: [[1, 1]], segments: 1},
    ],
    [
      'every version is cleared, a kept one of a served model too; staged segments go',
      {
        purges: [{seqs: [5, 105], learned: []}],
        versions: [
          facts(version(1, {state: 'retired', kept: true}), [segment(1, 1, 9)]),
          facts(version(2), [segment(2, 100, 110)], [segment(3, 100, 110), segment(4, 111, 112)]),
        ],
      },
      {
        ...NOTHING,
        staged: [[2, 3]],
        rewrite: [
          [1, 1],
          [2, 2],
        ],
        segments: 2,
      },
    ],
    [
      'the model in use is learned anew, and its segments with it; versions beside it that knew the documents go',
      {
        purges: [{seqs: [5], learned: [1, 2, 3]}],
        versions: [
          facts(version(1, {state: 'retired', kept: true}), [segment(1, 1, 9)]),
          facts(version(2), [segment(2, 1, 9)], [segment(3, 1, 9)]),
          facts(version(3, {state: 'building'}), [], [segment(4, 5, 5)]),
        ],
      },
      {drop: [1, 3], relearn: true, staged: [[2, 3]], rewrite: [], segments: 1},
    ],
    [
      'a segment that was written anew since holds live vectors alone',
      {
        purges: [{seqs: [5], learned: []}],
        versions: [facts(version(1), [{...segment(1, 1, 9), live: 9}])],
      },
      NOTHING,
    ],
    [
      'a model that was learned since knows nothing of them',
      {purges: [{seqs: [5], learned: [1]}], versions: [facts(version(2), [segment(2, 10, 19)])]},
      NOTHING,
    ],
  ]
  for (const [what, given, plan] of cases) it(what, () => expect(told(planPurge(given))).to.deep.equal(plan))
})
