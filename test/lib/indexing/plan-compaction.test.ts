import {expect} from 'chai'
import fc from 'fast-check'
import {planCompaction, type Piece} from '../../../src/lib/indexing/plan-compaction.js'
import {segmentSize, segmentSizes} from '../../../src/lib/indexing/segment-size.js'
import {MAX_SEQ} from '../../../src/lib/model/vector.js'
import {anyBuild} from './any-build.js'

/** Segments side by side, each of so many live vectors. */
function sideBySide(lives: readonly number[]): Piece[] {
  let next = 1
  return lives.map((live, at) => {
    const from = next
    next += live
    return {from, to: next - 1, live, segment: {id: at + 1, count: live}}
  })
}

/** What a first build makes of so many vectors: full segments, and what is left over. */
function built(vectors: number, size: number, min: number): Piece[] {
  const lives = Array.from({length: Math.floor(vectors / size)}, () => size)
  const rest = vectors % size
  return sideBySide(rest >= min ? [...lives, rest] : lives)
}

describe('planCompaction', () => {
  it('leaves alone what a first build of any size has just made', () => {
    fc.assert(
      fc.property(...anyBuild, (vectors, threads, dimension) => {
        const sizes = segmentSizes(dimension)
        const pieces = built(vectors, segmentSize(vectors, threads, sizes), sizes.min)
        expect(planCompaction(pieces, {sizes, threads, budget: Infinity})).to.deep.equal([])
      }),
      {
        numRuns: 1000,
        examples: [
          [570_000, 2, 384],
          [157_000, 2, 1536],
        ],
      },
    )
  })

  it('merges what lies behind all segments when it completes a run of small ones, and else leaves it', () => {
    const sizes = segmentSizes(384)
    const rules = {sizes, threads: 2, budget: Infinity}
    const withEnd = (small: number, live: number): Piece[] => {
      const pieces = sideBySide(Array.from({length: small}, () => sizes.min))
      return [...pieces, {from: pieces.at(-1)!.to + 1, to: MAX_SEQ, live, isOpen: true}]
    }
    const two = 2 * sizes.min
    expect(planCompaction(withEnd(5, two), rules)).to.deep.equal([])
    expect(planCompaction(withEnd(6, two - 1), rules)).to.deep.equal([])
    const [merge, ...others] = planCompaction(withEnd(6, two), rules)
    expect(others).to.deep.equal([])
    expect(merge).to.deep.include({from: 1, to: MAX_SEQ, live: 8 * sizes.min, drop: [1, 2, 3, 4, 5, 6]})
    // Enough for one that is not small: it is built by itself, and the small ones wait.
    expect(planCompaction(withEnd(7, 4 * sizes.min), rules)).to.deep.equal([])
    expect(planCompaction(withEnd(6, two), {...rules, budget: 7 * sizes.min})).to.deep.equal([])
  })

  it('leaves alone what it has merged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({min: 2048, max: 12_000}), {minLength: 8, maxLength: 200}),
        fc.integer({min: 1, max: 64}),
        fc.integer({min: 1, max: 1024}),
        (lives, threads, dimension) => {
          const rules = {sizes: segmentSizes(dimension), threads, budget: Infinity}
          const pieces = sideBySide(lives)
          const merges = planCompaction(pieces, rules)
          // What lies beside a merge may be of the size it makes, and then is merged with it later.
          fc.pre(merges.length === 1 && merges[0]!.drop.length === pieces.length)
          const {live, parts} = merges[0]!
          expect(planCompaction(built(live, Math.ceil(live / parts), 1), rules)).to.deep.equal([])
        },
      ),
    )
  })
})
