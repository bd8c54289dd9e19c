import {expect} from 'chai'
import fc from 'fast-check'
import {segmentSize, MIN_SEGMENT} from '../../../src/lib/indexing/segment-size.js'
import {SegmentWriter} from '../../../src/lib/indexing/segment-writer.js'
import type {EmbeddingVersion, VectorBlock} from '../../../src/lib/model/embedding.js'
import type {NewSegment} from '../../../src/lib/model/segment.js'
import type {ArtifactFiles} from '../../../src/lib/ports/artifact-files.js'
import type {SegmentBuilder} from '../../../src/lib/ports/vector-index.js'

const version = {id: 1, dimension: 2, number: 1} as EmbeddingVersion

/** Builds and files that only keep count; `failing` says which build (from 1) fails to finish. */
class Bench {
  readonly published: NewSegment[] = []
  readonly staged = new Set<string>()
  mostAtOnce = 0
  #builds = 0
  #underWay = 0

  writer(expected: number, options: {failing?: number; threads?: number} = {}): SegmentWriter {
    const files = {
      stage: async () => {
        const path = `staged-${++this.#builds}`
        this.staged.add(path)
        return path
      },
      seal: async (path: string, file: string) => {
        this.staged.delete(path)
        return {file, sizeBytes: 1, sha256: 'x'}
      },
      discard: async (path: string) => void this.staged.delete(path),
    } as unknown as ArtifactFiles
    const builder: SegmentBuilder = {
      concurrency: options.threads ?? 2,
      start: async ({path}) => {
        this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#underWay)
        let count = 0
        return {
          add: async (block) => void (count += block.seqs.length),
          finish: async () => {
            await new Promise((resolve) => setTimeout(resolve, 2))
            this.#underWay--
            if (path === `staged-${options.failing}`) throw new Error('the builder broke')
            return {count}
          },
          abort: async () => void this.#underWay--,
        }
      },
      close: () => Promise.resolve(),
    }
    const log = {
      listSegments: async () => [],
      publishSegments: async (_: number, {add}: {add: readonly NewSegment[]}) =>
        void this.published.push(...add),
    }
    return new SegmentWriter(
      {log, files, builder},
      {version, folder: 'c/v1', expected, lease: {corpus: 'c', token: 1}},
    )
  }
}

const block = (from: number, count: number): VectorBlock => ({
  seqs: Uint32Array.from({length: count}, (_, i) => from + i),
  vectors: new Float32Array(2 * count),
})

describe('SegmentWriter', () => {
  it('publishes each vector once, in segments that do not overlap, and leaves too few in the tail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({min: 1, max: 3000}), {minLength: 1, maxLength: 8}),
        fc.integer({min: 1, max: 3}),
        async (sizes, threads) => {
          const bench = new Bench()
          const total = sizes.reduce((sum, size) => sum + size, 0)
          const writer = bench.writer(total, {threads})
          let next = 1
          for (const size of sizes) {
            await writer.add(block(next, size))
            next += size
          }
          await writer.finish()
          const segments = [...bench.published].sort((a, b) => a.firstSeq - b.firstSeq)
          for (const [i, {firstSeq, lastSeq, count}] of segments.entries()) {
            expect(count).to.equal(lastSeq - firstSeq + 1)
            expect(count).to.be.at.least(MIN_SEGMENT)
            expect(firstSeq).to.equal(i === 0 ? 1 : segments[i - 1]!.lastSeq + 1)
          }
          expect(total - segments.reduce((sum, it) => sum + it.count, 0)).to.be.lessThan(MIN_SEGMENT)
          expect(writer.published).to.equal(segments.length)
          expect([...bench.staged]).to.deep.equal([])
        },
      ),
      {numRuns: 20},
    )
  })

  it('a build that fails fails the writer, after which abort never fails', async () => {
    const bench = new Bench()
    const writer = bench.writer(3 * MIN_SEGMENT, {failing: 2, threads: 3})
    const work = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) await writer.add(block(1 + i * MIN_SEGMENT, MIN_SEGMENT))
      await writer.finish()
    }
    const error = await work().catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(Error).with.property('message', 'the builder broke')
    await writer.abort()
    expect(bench.published.every((it) => it.count === MIN_SEGMENT)).to.equal(true)
    expect(bench.published.length).to.be.lessThan(3)
  })

  it('ends a run: what comes after a gap shares no segment with what came before', async () => {
    const bench = new Bench()
    const writer = bench.writer(10_000)
    await writer.add(block(1, 2500))
    await writer.endRun()
    await writer.add(block(9000, 2500))
    await writer.finish()
    expect(bench.published.map((it) => [it.firstSeq, it.lastSeq])).to.have.deep.members([
      [1, 2500],
      [9000, 11_499],
    ])
  })
})

describe('segmentSize', () => {
  it('divides evenly among the threads, within its bounds', () => {
    expect(segmentSize(10, 2)).to.equal(MIN_SEGMENT)
    expect(segmentSize(100_000, 2)).to.equal(50_000)
    expect(segmentSize(65_536 * 2, 2)).to.equal(65_536)
    expect(segmentSize(200_000, 2)).to.equal(50_000)
    fc.assert(
      fc.property(fc.integer({min: 1, max: 5_000_000}), fc.integer({min: 1, max: 64}), (vectors, threads) => {
        const size = segmentSize(vectors, threads)
        expect(size).to.be.within(MIN_SEGMENT, 65_536)
        // Every thread gets as many segments as the others, but for what rounding up leaves over.
        const rounds = Math.ceil(vectors / (65_536 * threads))
        expect(Math.ceil(vectors / size)).to.be.at.most(rounds * threads)
      }),
    )
  })
})
