import {expect} from 'chai'
import fc from 'fast-check'
import {createAnalyser} from '../../../src/lib/text/analysis/create-analyser.js'
import {makeSnippet} from '../../../src/lib/retrieve/make-snippet.js'

const analyser = createAnalyser()

describe('makeSnippet', () => {
  before(() => analyser.prepare(['en']))

  const snippet = (text: string, query: string): ReturnType<typeof makeSnippet> =>
    makeSnippet(analyser, {text, language: 'en'}, new Set(analyser.queryTerms(query, ['en']).terms))

  it('marks only words whose terms are sought, ascending, apart, within the text, which is well-formed', () => {
    const word = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          'apples',
          'Apple',
          'pears',
          'orchard',
          'the',
          'x',
          '🍏',
          'großen',
          'snake_case',
        ),
      },
      {weight: 1, arbitrary: fc.string({unit: 'grapheme', maxLength: 12})},
      {weight: 1, arbitrary: fc.constantFrom('a'.repeat(300), '🍏'.repeat(200), '\n\n', '\u00a0')},
    )
    fc.assert(
      fc.property(fc.array(word, {maxLength: 120}), (words) => {
        const {text, marks} = snippet(words.join(' '), 'apples orchard')
        expect(text.isWellFormed()).to.equal(true)
        expect(text.length).to.be.at.most(300)
        let last = 0
        for (const [start, end] of marks) {
          expect(start).to.be.at.least(last)
          expect(end).to.be.within(start + 1, text.length)
          expect(text.slice(start, end)).to.match(/^(apples?|orchard)/i)
          last = end
        }
      }),
      {numRuns: 300},
    )
  })

  it('shows the place where most of the sought words stand, however far back', () => {
    const filler = 'lorem ipsum dolor '.repeat(200)
    const {text, marks} = snippet(`apples ${filler} apples and pears ${filler}`, 'apples pears')
    expect(marks.map(([start, end]) => text.slice(start, end))).to.deep.equal(['apples', 'pears'])
    expect(text).to.match(/^….*…$/)
  })

  it('begins at the beginning when nothing matches', () => {
    const {text, marks} = snippet('one two three '.repeat(100), 'zebra')
    expect(text).to.match(/^one two three .*…$/)
    expect(marks).to.deep.equal([])
  })

  it('takes time that grows with the length', () => {
    const timed = (times: number): number => {
      const text = 'apples pears '.repeat(times)
      const startedAt = performance.now()
      snippet(text, 'apples pears plums')
      return performance.now() - startedAt
    }
    timed(2000)
    const short = Math.max(1, Math.min(timed(5000), timed(5000)))
    const long = Math.min(timed(50_000), timed(50_000))
    expect(long / short, `${long} ms against ${short} ms for a tenth`).to.be.lessThan(40)
  })
})
