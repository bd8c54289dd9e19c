import {expect} from 'chai'
import fc from 'fast-check'
import {fuseByRank, fuseWeighted, rankBy, type Candidate} from '../../../src/lib/retrieve/fuse-scores.js'

const candidates = fc
  .uniqueArray(
    fc.record(
      {
        chunkId: fc.integer({min: 1, max: 50}),
        keyword: fc.double({min: 1e-6, max: 40, noNaN: true}),
        vector: fc.double({min: -1, max: 1, noNaN: true}),
      },
      {requiredKeys: ['chunkId']},
    ),
    {selector: (it) => it.chunkId, maxLength: 20},
  )
  .map((list) => list as Candidate[])

describe('fusing scores', () => {
  it('weighs the two sides, each within 0 and 1', () => {
    const found = fuseWeighted(
      [
        {chunkId: 1, keyword: 8, vector: 0.5},
        {chunkId: 2, keyword: 4, vector: 0.9},
        {chunkId: 3, vector: -0.2},
      ],
      0.25,
    )
    expect(found.map((it) => [it.chunkId, it.score])).to.deep.equal([
      [1, 0.75 + 0.125],
      [2, 0.375 + 0.225],
      [3, 0],
    ])
  })

  it('scores lie within 0 and 1, best first, ties by chunk id, whatever the order of the candidates', () => {
    fc.assert(
      fc.property(candidates, fc.double({min: 0, max: 1, noNaN: true}), (list, weight) => {
        const found = fuseWeighted(list, weight)
        expect(found.length).to.equal(list.length)
        for (const [i, {score, chunkId}] of found.entries()) {
          expect(score).to.be.within(0, 1 + 1e-12)
          const before = found[i - 1]
          if (before)
            expect(before.score > score || (before.score === score && before.chunkId < chunkId)).to.equal(
              true,
            )
        }
        expect(fuseWeighted([...list].reverse(), weight)).to.deep.equal(found)
      }),
    )
  })

  it('with weight 0 or 1 ranks as that side alone', () => {
    const list: Candidate[] = [
      {chunkId: 1, keyword: 1, vector: 0.9},
      {chunkId: 2, keyword: 3, vector: 0.1},
    ]
    const ids = (ranked: readonly Candidate[]): number[] => ranked.map((it) => it.chunkId)
    expect(ids(fuseWeighted(list, 0))).to.deep.equal(ids(rankBy(list, 'keyword')))
    expect(ids(fuseWeighted(list, 1))).to.deep.equal(ids(rankBy(list, 'vector')))
    expect(fuseWeighted([], 0.5)).to.deep.equal([])
  })

  it('fuses by rank, a missing rank counting nothing', () => {
    const found = fuseByRank([
      {chunkId: 1, keywordRank: 1},
      {chunkId: 2, keywordRank: 2, vectorRank: 1},
      {chunkId: 3},
    ])
    expect(found.map((it) => [it.chunkId, it.score])).to.deep.equal([
      [2, 1 / 62 + 1 / 61],
      [1, 1 / 61],
      [3, 0],
    ])
  })
})
