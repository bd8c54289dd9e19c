import {expect} from 'chai'
import fc from 'fast-check'
import {feedStored} from '../../../src/lib/indexing/feed-stored.js'
import {segmentSize, segmentSizes, MIN_SEGMENT} from '../../../src/lib/indexing/segment-size.js'
import {SegmentWriter} from '../../../src/lib/indexing/segment-writer.js'
import type {EmbeddingVersion, VectorBlock} from '../../../src/lib/model/embedding.js'
import type {NewSegment} from '../../../src/lib/model/segment.js'
import type {SeqRange} from '../../../src/lib/model/seq-ranges.js'
import {MAX_SEQ} from '../../../src/lib/model/vector.js'
import type {VectorStore} from '../../../src/lib/ports/store/store.js'
import type {ArtifactFiles} from '../../../src/lib/ports/files/artifact-files.js'
import type {SegmentBuilder} from '../../../src/lib/ports/vector-index.js'
import {anyBuild} from './any-build.js'

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

  async function* blocksOf(from: number, count: number, size: number): AsyncGenerator<VectorBlock> {
    for (let at = 0; at < count; at += size) yield block(from + at, Math.min(size, count - at))
  }

  it('builds whole segments side by side, as many as there are threads', async () => {
    const bench = new Bench()
    const writer = bench.writer(5 * MIN_SEGMENT, {threads: 2})
    const {size} = writer
    for (let i = 0; i < 4; i++) await writer.addSegment(blocksOf(1 + i * size, size, 500))
    await writer.add(block(1 + 4 * size, MIN_SEGMENT))
    await writer.finish()
    expect(bench.mostAtOnce).to.equal(2)
    const found = bench.published.map((it) => [it.firstSeq, it.lastSeq, it.count])
    expect(found).to.have.deep.members([
      ...[0, 1, 2, 3].map((i) => [1 + i * size, (i + 1) * size, size]),
      [1 + 4 * size, 4 * size + MIN_SEGMENT, MIN_SEGMENT],
    ])
  })

  it('stopped in a segment makes one of what was taken up, or leaves it in the tail when it is too little', async () => {
    for (const [taken, published] of [
      [MIN_SEGMENT + 500, 1],
      [500, 0],
    ] as const) {
      const bench = new Bench()
      const writer = bench.writer(200_000)
      const stop = new AbortController()
      const blocks = async function* (): AsyncGenerator<VectorBlock> {
        yield block(1, taken)
        stop.abort()
        yield block(1 + taken, 500)
      }
      await writer.addSegment(blocks(), stop.signal)
      await writer.finish()
      expect(bench.published.map((it) => it.count)).to.deep.equal(published ? [taken] : [])
      expect([...bench.staged]).to.deep.equal([])
    }
  })

  it('given up while segments are being fed, publishes none of them', async () => {
    const bench = new Bench()
    const writer = bench.writer(200_000)
    let isOpen = true
    const blocks = async function* (): AsyncGenerator<VectorBlock> {
      for (let at = 1; isOpen; at += 5000) {
        yield block(at, 5000)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    await writer.addSegment(blocks())
    await new Promise((resolve) => setTimeout(resolve, 10))
    await writer.abort()
    isOpen = false
    expect([bench.published, [...bench.staged]]).to.deep.equal([[], []])
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

describe('feedStored', () => {
  it('puts each stored vector into one segment, whatever numbers are missing, and the rest into the tail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({min: 1, max: 4000}), fc.integer({min: 0, max: 9000})), {
          minLength: 1,
          maxLength: 6,
        }),
        async (runs) => {
          const seqs: number[] = []
          let next = 1
          for (const [count, gap] of runs) {
            for (let i = 0; i < count; i++) seqs.push(next++)
            next += gap
          }
          const bench = new Bench()
          const writer = bench.writer(seqs.length)
          await feedStored(storeOf(seqs), {version, range: {from: 1, to: MAX_SEQ}, writer})
          await writer.finish()
          const segments = [...bench.published].sort((a, b) => a.firstSeq - b.firstSeq)
          const held = segments.map(({firstSeq, lastSeq}) =>
            seqs.filter((seq) => seq >= firstSeq && seq <= lastSeq),
          )
          expect(segments.map(({count}) => count)).to.deep.equal(held.map(({length}) => length))
          expect(seqs.slice(0, held.flat().length)).to.deep.equal(held.flat())
          expect(seqs.length - held.flat().length).to.be.lessThan(MIN_SEGMENT)
        },
      ),
      {numRuns: 20},
    )
  })
})

/** The part of a store that is read, with these vectors. */
function storeOf(seqs: readonly number[]): Pick<VectorStore, 'readVectors' | 'vectorSpan'> {
  const within = ({from, to}: SeqRange): number[] => seqs.filter((seq) => seq >= from && seq <= to)
  return {
    vectorSpan: async (_, range) => ({count: within(range).length, lastSeq: within(range).at(-1) ?? 0}),
    readVectors: async function* (_, range, blockSize) {
      const found = within(range)
      for (let at = 0; at < found.length; at += blockSize) {
        const part = Uint32Array.from(found.slice(at, at + blockSize))
        yield {seqs: part, vectors: new Float32Array(2 * part.length)}
      }
    },
  }
}

describe('segmentSize', () => {
  it('keeps builds side by side within what they may hold together, and segments from becoming small for it', () => {
    expect(segmentSizes(384).max).to.be.lessThan(65_536)
    expect(segmentSizes(128).max).to.equal(65_536)
    expect(segmentSizes(4096)).to.include({min: MIN_SEGMENT})
    fc.assert(
      fc.property(...anyBuild, (vectors, threads, dimension) => {
        const sizes = segmentSizes(dimension)
        const size = segmentSize(vectors, threads, sizes)
        expect(size).to.be.within(sizes.min, sizes.max)
        // One alone may take it all; so may all of them when there are few vectors.
        const atOnce = Math.min(threads, Math.ceil(vectors / size))
        const lanes = Math.max(1, Math.floor(sizes.together / (sizes.max / 2)))
        if (vectors > sizes.together)
          expect(Math.min(atOnce, lanes) * size).to.be.at.most(Math.max(sizes.together, sizes.max) + lanes)
      }),
    )
  })

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
