import {expect} from 'chai'
import type {Corpus} from '../../../../src/lib/model/corpus.js'
import type {KeywordExpectation} from '../../../../src/lib/ports/store/store-verifier.js'
import {checkKeywords} from '../../../../src/lib/upkeep/verify/check-keywords.js'
import {Inspection, type InspectionTools} from '../../../../src/lib/upkeep/verify/inspection.js'
import {TimeBudget} from '../../../../src/lib/upkeep/verify/time-budget.js'
import {FixedClock} from '../../../support/fixed-clock.js'

const TOTAL = 5000
/** Ids with a large gap in them, as another corpus leaves it. */
const idOf = (i: number): number => (i < 100 ? i + 1 : 1_000_000 + i)
const IDS = Array.from({length: TOTAL}, (_, i) => idOf(i))

interface Looked {
  /** Terms that were looked for, by chunk. */
  readonly terms: ReadonlyMap<number, readonly string[]>
  readonly inspection: Inspection
}

/** One run over a store of 5,000 chunks of 20 terms each. */
async function look(given: {sample: number; now?: number; msAPage?: number}): Promise<Looked> {
  const {sample, now = 0, msAPage = 0} = given
  const clock = new FixedClock()
  clock.set(now)
  const terms = new Map<number, readonly string[]>()
  const tools = {
    clock,
    analyser: 'present',
    termsOf: ({chunkId}: {chunkId: number}) => {
      const words = Array.from({length: 20}, (_, i) => `w${i}`)
      return Promise.resolve({chunkId, title: 'w1 title', body: words.join(' ')})
    },
    store: {
      countCorpus: () => Promise.resolve({chunks: TOTAL}),
      chunkIdAfter: (_: number, after: number, skip: number) =>
        Promise.resolve(IDS.filter((id) => id > after)[skip]),
      pendingChunks: (_: number, __: undefined, {afterId, limit}: {afterId: number; limit: number}) =>
        Promise.resolve(
          IDS.filter((id) => id > afterId)
            .slice(0, limit)
            .map((chunkId) => ({chunkId})),
        ),
      missingTerms: (_: number, {chunks}: KeywordExpectation) => {
        clock.advance(msAPage)
        for (const chunk of chunks) {
          expect(terms.has(chunk.chunkId)).to.equal(false)
          terms.set(chunk.chunkId, chunk.terms)
        }
        return Promise.resolve(chunks.some(({chunkId}) => chunkId < 300) ? ['d#1'] : [])
      },
    },
  }
  const budget = new TimeBudget(clock, msAPage > 0 ? 10 * msAPage : undefined)
  const inspection = new Inspection(tools as unknown as InspectionTools, budget)
  const corpus = {id: 1, name: 'c', settings: {analyser: 'present'}} as unknown as Corpus
  await checkKeywords(inspection, corpus, {sample, budget})
  return {terms, inspection}
}

describe('checkKeywords', () => {
  it('looks for 8 terms each of 1,000 chunks, spread over all, at least; other ones in another run', async () => {
    const [one, other] = [await look({sample: 0.01}), await look({sample: 0.01, now: 777})]
    for (const {terms, inspection} of [one, other]) {
      expect(terms.size).to.be.within(980, 1020)
      for (const of of terms.values()) expect(new Set(of).size).to.equal(8)
      const tenths = Array.from({length: 10}, (_, i) => IDS.slice(i * 500, (i + 1) * 500))
      for (const ids of tenths) expect(ids.filter((id) => terms.has(id)).length).to.be.within(80, 120)
      expect(inspection.isComplete).to.equal(true)
    }
    expect([...other.terms.keys()]).to.not.deep.equal([...one.terms.keys()])
    expect(other.terms.get(IDS[0]!) ?? []).to.not.deep.equal(one.terms.get(IDS[0]!))
  })
  it('looks for the share of chunks that is asked for, and for all terms of all of them', async () => {
    expect((await look({sample: 0.5})).terms.size).to.be.within(2480, 2520)
    const {terms, inspection} = await look({sample: 1})
    expect([...terms.keys()]).to.deep.equal(IDS)
    for (const of of terms.values()) expect(of).to.have.length(21)
    const [{finding}] = inspection.diagnoses as [Inspection['diagnoses'][number]]
    expect([finding.code, finding.where]).to.deep.equal(['KEYWORDS_DAMAGED', 'corpus c'])
  })
  it('begins nothing more when its time is up, and says so', async () => {
    const {terms, inspection} = await look({sample: 0.01, msAPage: 50})
    expect(terms.size).to.equal(100)
    expect(inspection.isComplete).to.equal(false)
  })
})
