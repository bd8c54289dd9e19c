import {expect} from 'chai'
import {RagError} from '../../src/lib/model/errors.js'
import type {VectorBlock} from '../../src/lib/model/embedding.js'
import {cosine} from '../../src/lib/model/vector.js'
import type {OpenSegment} from '../../src/lib/ports/vector-index.js'
import {blockOf, copyOfBlock, SeededVectors} from '../support/seeded-vectors.js'

/** Makes a segment of a block; may take its memory over. */
export type MakeSegment = (block: VectorBlock, dimension: number) => Promise<OpenSegment>

const DIMENSION = 24
const vector = (...numbers: number[]): Float32Array => Float32Array.from(numbers)
const seqsOf = (found: readonly {seq: number}[]): number[] => found.map(({seq}) => seq)

/** What every segment keeps. `leastRecall` is that of the 10 nearest; 1 for an exact one. */
export function segmentContract(name: string, make: MakeSegment, leastRecall: number): void {
  describe(`OpenSegment contract: ${name}`, () => {
    const source = new SeededVectors(DIMENSION, 7)
    const block = source.block(2000, 10, 3)
    const queries = Array.from({length: 40}, () => source.next())
    let segment: OpenSegment
    before(async () => {
      segment = await make(copyOfBlock(block), DIMENSION)
    })

    const nearest = (
      query: Float32Array,
      k: number,
      allow: (seq: number) => boolean = () => true,
    ): number[] => {
      const rows = Array.from(block.seqs, (seq, row) => {
        return {seq, score: cosine(query, block.vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION))}
      })
      return seqsOf(
        rows
          .filter(({seq}) => allow(seq))
          .sort((a, b) => b.score - a.score)
          .slice(0, k),
      )
    }
    const recall = (k: number, allow?: (seq: number) => boolean): number => {
      const shares = queries.map((query) => {
        const truth = new Set(nearest(query, k, allow))
        return seqsOf(segment.search(query, k, allow)).filter((seq) => truth.has(seq)).length / truth.size
      })
      return shares.reduce((sum, share) => sum + share, 0) / shares.length
    }

    it('knows how many vectors it has', () => {
      expect(segment.count).to.equal(2000)
    })

    it('finds the nearest', () => {
      expect(recall(10)).to.be.at.least(leastRecall)
    })

    it('finds the nearest of those allowed, few or many', () => {
      expect(recall(10, (seq) => seq % 2 === 0)).to.be.at.least(leastRecall)
      expect(recall(10, (seq) => seq % 100 === 0)).to.be.at.least(leastRecall)
      const only = block.seqs[1234]!
      for (const query of queries)
        expect(seqsOf(segment.search(query, 10, (seq) => seq === only))).to.deep.equal([only])
      expect(segment.search(queries[0]!, 10, () => false)).to.deep.equal([])
    })

    it('gives the best first, each once, with the cosine of vectors of any length', () => {
      for (const query of queries) {
        const found = segment.search(query, 50)
        expect(found).to.have.length(50)
        expect(new Set(seqsOf(found)).size).to.equal(50)
        for (const [rank, {seq, score}] of found.entries()) {
          const row = (seq - 10) / 3
          const stored = block.vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION)
          expect(score).to.be.closeTo(cosine(query, stored), 1e-5)
          if (rank > 0) expect(score).to.be.at.most(found[rank - 1]!.score)
        }
      }
    })

    it('does not mind the length of the query', () => {
      const query = queries[0]!
      for (const factor of [1e-25, 1e-3, 1e25])
        expect(
          seqsOf(
            segment.search(
              query.map((value) => value * factor),
              10,
            ),
          ),
        ).to.deep.equal(seqsOf(segment.search(query, 10)))
    })

    it('gives all there are when asked for more', () => {
      expect(segment.search(queries[0]!, 5000)).to.have.length(2000)
      expect(segment.search(queries[0]!, Number.MAX_SAFE_INTEGER, (seq) => seq < 100)).to.have.length(30)
    })

    it('gives nothing when asked for none', () => {
      for (const k of [0, -1, Number.NaN]) expect(segment.search(queries[0]!, k)).to.deep.equal([])
    })

    it('refuses a query of another dimension, a zero one, and one that is not finite', () => {
      const codeOf = (query: Float32Array): unknown => {
        try {
          return segment.search(query, 1)
        } catch (error) {
          return error instanceof RagError ? error.code : error
        }
      }
      expect(codeOf(vector(1, 2, 3))).to.equal('DIMENSION_MISMATCH')
      expect(codeOf(new Float32Array(DIMENSION))).to.equal('BAD_VECTOR')
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
        expect(codeOf(new Float32Array(DIMENSION).fill(value, 3, 4))).to.equal('BAD_VECTOR')
    })

    it('passes on what `allow` throws, and works after it', () => {
      const thrower = (): boolean => {
        throw new Error('thrown by allow')
      }
      expect(() => segment.search(queries[0]!, 10, thrower)).to.throw('thrown by allow')
      expect(segment.search(queries[0]!, 10)).to.have.length(10)
    })

    it('puts equals in the order of their seqs', async () => {
      const east = vector(1, 0)
      const some = await make(blockOf([vector(0, 1), east, vector(1, 1), east.map((x) => x * 7), east], 5), 2)
      expect(seqsOf(some.search(east, 5))).to.deep.equal([6, 8, 9, 7, 5])
      expect(seqsOf(some.search(east, 2))).to.deep.equal([6, 8])
      expect(seqsOf(some.search(east, 2, (seq) => seq !== 6))).to.deep.equal([8, 9])
      expect(seqsOf(some.search(vector(0, 1), 2, (seq) => seq === 9 || seq === 7))).to.deep.equal([7, 9])
    })

    it('finds others beside hundreds of equal vectors', async () => {
      const repeated = Array.from({length: 8}, () => source.next())
      const others = Array.from({length: 1000}, () => source.next())
      const rows = [...repeated.flatMap((one) => Array.from({length: 150}, () => one)), ...others]
      const made = await make(blockOf(rows), DIMENSION)
      expect(made.count).to.equal(2200)
      let hits = 0
      for (const query of queries) {
        const scores = rows.map((row) => cosine(query, row)).sort((a, b) => b - a)
        hits += made.search(query, 10).filter(({score}) => score >= scores[9]! - 1e-6).length
      }
      expect(hits / (10 * queries.length)).to.be.at.least(leastRecall)
      expect(made.search(queries[0]!, 2200)).to.have.length(2200)
      expect(seqsOf(made.search(repeated[2]!, 3))).to.deep.equal([301, 302, 303])
    })

    it('works with one vector, and with labels up to the largest', async () => {
      const largest = 0xffff_ffff
      const one = await make({seqs: Uint32Array.of(largest), vectors: vector(3, 4)}, 2)
      expect(seqsOf(one.search(vector(-1, 0), 3))).to.deep.equal([largest])
    })

    it('works with no vector', async () => {
      const none = await make({seqs: new Uint32Array(), vectors: new Float32Array()}, 2)
      expect(none.count).to.equal(0)
      expect(none.search(vector(1, 0), 3)).to.deep.equal([])
    })
  })
}
