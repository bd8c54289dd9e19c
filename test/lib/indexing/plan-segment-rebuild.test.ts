import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import {executeMerges, inspectPieces} from '../../../src/lib/indexing/compact-segments.js'
import {planCompaction, segmentsAfter} from '../../../src/lib/indexing/plan-compaction.js'
import {
  planSegmentRebuild,
  type SegmentRebuildFacts,
  type SegmentRebuildPlan,
} from '../../../src/lib/indexing/plan-segment-rebuild.js'
import {inspectForRebuild, rebuildSegments} from '../../../src/lib/indexing/rebuild-segments.js'
import {MAX_SEQ} from '../../../src/lib/model/vector.js'
import {FOLDER, IndexUnderTest, SIZES} from './index-under-test.js'

const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const SMALL = {min: 8, max: 16}

const staged = (
  id: number,
  [firstSeq, lastSeq]: readonly [number, number],
  more: {readonly live?: number; readonly isWhole?: boolean} = {},
): SegmentRebuildFacts['staged'][number] => {
  const count = lastSeq - firstSeq + 1
  return {id, firstSeq, lastSeq, count, live: count, isWhole: true, ...more}
}
const gap = (from: number, to: number, count = to - from + 1): SegmentRebuildFacts['gaps'][number] => ({
  from,
  to,
  count,
})

describe('planSegmentRebuild', () => {
  const cases: readonly [
    what: string,
    facts: Pick<SegmentRebuildFacts, 'staged' | 'gaps'>,
    plan: Partial<SegmentRebuildPlan>,
  ][] = [
    [
      'nothing stored',
      {staged: [], gaps: [gap(1, MAX_SEQ, 0)]},
      {builds: [], drop: [], vectors: 0, segments: 0, resumed: {segments: 0, vectors: 0}},
    ],
    ['too little', {staged: [], gaps: [gap(1, MAX_SEQ, 7)]}, {builds: [], segments: 0, vectors: 7}],
    [
      'all of it anew',
      {staged: [], gaps: [gap(1, MAX_SEQ, 40)]},
      {builds: [gap(1, MAX_SEQ, 40)], size: 14, segments: 3},
    ],
    [
      'what lies between staged segments and is too little stays in the tail',
      {
        staged: [staged(1, [8, 23]), staged(2, [31, 46])],
        gaps: [gap(1, 7), gap(24, 30), gap(47, MAX_SEQ, 0)],
      },
      {builds: [], resumed: {segments: 2, vectors: 32}, segments: 2, vectors: 46},
    ],
    [
      'a staged segment is taken over, and what is around it built',
      {staged: [staged(1, [17, 32])], gaps: [gap(1, 16), gap(33, MAX_SEQ, 3)]},
      {resumed: {segments: 1, vectors: 16}, drop: [], builds: [gap(1, 16)], segments: 2},
    ],
    [
      'one whose bytes are damaged is built anew, together with what lies beside it',
      {
        staged: [staged(1, [9, 16], {isWhole: false}), staged(2, [17, 32])],
        gaps: [gap(1, 8), gap(33, MAX_SEQ, 0)],
      },
      {resumed: {segments: 1, vectors: 16}, drop: [1], builds: [gap(1, 16)]},
    ],
    [
      'one that is mostly dead is not worth it',
      {staged: [staged(1, [1, 16], {live: 11})], gaps: [gap(17, MAX_SEQ, 0)]},
      {drop: [1], builds: [gap(1, MAX_SEQ, 11)], segments: 1},
    ],
    [
      'one that holds fewer vectors than its range by now can not be published',
      {staged: [staged(1, [1, 16], {live: 17})], gaps: [gap(17, MAX_SEQ, 0)]},
      {drop: [1], builds: [gap(1, MAX_SEQ, 17)]},
    ],
  ]
  for (const [what, facts, wanted] of cases)
    it(what, () => {
      expect(planSegmentRebuild({sizes: SMALL, threads: 1, ...facts})).to.deep.include(wanted)
    })
})

describe('plans of segments', function () {
  this.timeout(60_000)
  let root: string
  beforeEach(() => {
    root = mkdtempSync(path.join(BASE, 'rag-plan-'))
  })
  afterEach(() => rmSync(root, {recursive: true, force: true}))

  const anyHistory = fc.array(
    fc.record({
      kind: fc.constantFrom('put' as const, 'put' as const, 'remove' as const, 'write' as const),
      of: fc.nat(12),
      chunks: fc.integer({min: 1, max: 90}),
    }),
    {minLength: 1, maxLength: 14},
  )
  const live = async (history: typeof anyHistory extends fc.Arbitrary<infer T> ? T : never) => {
    const index = await IndexUnderTest.open(mkdtempSync(path.join(root, 'run-')))
    for (const [turn, {kind, of, chunks}] of history.entries()) {
      const texts = Array.from({length: chunks}, (_, i) => `${of} ${i} ${i % 3 ? 0 : turn}`)
      if (kind === 'put') await index.books.put({id: `d${of}`, texts})
      else if (kind === 'remove') await index.books.remove(`d${of}`)
      else await index.compactAll()
    }
    await index.books.embedAll(index.version.id)
    return index
  }

  it('say how many segments a rebuild makes, resumed or not', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.nat(4), async (history, cutAfter) => {
        const index = await live(history)
        const {store, lease} = index.books
        const {version, files, threads} = index
        const tools = {store, files, builder: () => Promise.resolve(index.builder)}
        const job = {version, folder: FOLDER, lease, sizes: SIZES}
        const stop = new AbortController()
        let made = 0
        const onProgress = (): void => void (++made >= cutAfter && stop.abort())
        const cut = {...job, signal: stop.signal, onProgress}
        if (cutAfter > 0)
          await rebuildSegments(
            tools,
            cut,
            planSegmentRebuild(await inspectForRebuild(tools, {...job, threads})),
          )
        if (history.length % 2 === 0) await index.books.remove(`d${history[0]!.of}`)
        const plan = planSegmentRebuild(await inspectForRebuild(tools, {...job, threads}))
        expect(JSON.parse(JSON.stringify(plan))).to.deep.equal(plan)
        const done = await rebuildSegments(tools, job, plan)
        expect(done.resumed).to.equal(plan.resumed.segments)
        expect(done.resumed + done.made).to.equal(plan.segments)
        expect(await store.listSegments(version.id)).to.have.length(plan.segments)
      }),
      {numRuns: 60},
    )
  })

  it('say how many segments a full compaction leaves, and how many vectors it writes', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const index = await live(history)
        const {store, lease} = index.books
        const {version, files, threads} = index
        const pieces = await inspectPieces(store, {version, threads, everything: true, sizes: SIZES})
        const merges = planCompaction(pieces, {sizes: SIZES, threads, budget: Infinity, everything: true})
        const before = (await store.listSegments(version.id)).length
        const tools = {store, files, builder: () => Promise.resolve(index.builder)}
        const done = await executeMerges(tools, {version, folder: FOLDER, lease, sizes: SIZES}, merges)
        expect(done.made).to.equal(merges.reduce((sum, {made}) => sum + made, 0))
        expect(done.vectors).to.equal(merges.reduce((sum, merge) => sum + merge.live, 0))
        expect(await store.listSegments(version.id)).to.have.length(segmentsAfter(before, merges))
      }),
      {numRuns: 60},
    )
  })
})
