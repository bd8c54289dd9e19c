import {expect} from 'chai'
import {systemDigest} from '../../../src/lib/adapters/system/digest.js'
import {DocumentChoice, SeenTexts} from '../../../src/lib/examples/choose-examples.js'
import type {Candidate} from '../../../src/lib/examples/candidate.js'

const candidate = (n: number, more: Partial<Candidate> = {}): Candidate => ({
  kind: 'section',
  question: `What is number ${n}?`,
  answer: `It is the number called ${n}.`,
  ordinals: [n],
  span: {start: 0, end: 10},
  quality: 5,
  ...more,
})
const choose = (
  candidates: readonly Candidate[],
  {seed = 0, limit = 3, seen = new SeenTexts(systemDigest)} = {},
): ReturnType<DocumentChoice['choose']> => {
  const choice = new DocumentChoice(systemDigest, {seed, limit})
  choice.add(candidates)
  return choice.choose(seen)
}
const many = Array.from({length: 30}, (_, i) => candidate(i + 1))

describe('DocumentChoice', () => {
  it('takes the best, up to the limit, in the order of the document', () => {
    const chosen = choose([candidate(3, {quality: 9}), candidate(1), candidate(2, {quality: 8})], {limit: 2})
    expect(chosen.candidates.map(({ordinals}) => ordinals[0])).to.deep.equal([2, 3])
    expect([chosen.duplicates, chosen.beyondLimit]).to.deep.equal([0, 1])
  })

  it('lets the seed decide between equals, and nothing else', () => {
    const questions = (seed: number, candidates = many): string[] =>
      choose(candidates, {seed}).candidates.map((it) => it.question)
    expect(questions(1)).to.deep.equal(questions(1, [...many].reverse()))
    const different = new Set([1, 2, 3, 4, 5].map((seed) => questions(seed).join()))
    expect(different.size).to.be.greaterThan(1)
  })

  it('mixes kinds when they are nearly as good', () => {
    const sections = [1, 2, 3].map((n) => candidate(n, {quality: 8}))
    const kinds = choose([...sections, candidate(4, {kind: 'list', quality: 7})]).candidates.map(
      ({kind}) => kind,
    )
    expect(kinds).to.include('list')
  })

  it('passes over the same question or answer, whatever marks and capitals it has, also of another document', () => {
    const seen = new SeenTexts(systemDigest)
    expect(choose([candidate(1)], {seen}).candidates).to.have.length(1)
    const again = choose(
      [
        candidate(2, {question: 'what IS number  1'}),
        candidate(3, {answer: '**It is the number** called 1'}),
        candidate(4),
      ],
      {seen},
    )
    expect(again.candidates.map(({ordinals}) => ordinals[0])).to.deep.equal([4])
    expect(again.duplicates).to.equal(2)
  })

  it('takes no two answers that share a piece of a chunk', () => {
    const chosen = choose([
      candidate(1),
      candidate(1, {question: 'Another?', answer: 'the number called', span: {start: 5, end: 8}}),
    ])
    expect([chosen.candidates.length, chosen.duplicates]).to.deep.equal([1, 1])
  })

  it('holds no more than a bounded number of candidates, and still knows the best', () => {
    const choice = new DocumentChoice(systemDigest, {seed: 0, limit: 2})
    for (let n = 1; n <= 5000; n++) choice.add([candidate(n, {quality: n === 17 ? 10 : 5})])
    const chosen = choice.choose(new SeenTexts(systemDigest))
    expect(chosen.candidates.map(({quality}) => quality)).to.include(10)
    expect(chosen.candidates.length + chosen.beyondLimit).to.equal(5000)
  })
})
