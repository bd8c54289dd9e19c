import {expect} from 'chai'
import {createAnalyser} from '../../../../src/lib/text/analysis/create-analyser.js'

const analyser = createAnalyser()

describe('queryTerms', () => {
  before(() => analyser.prepare(['en', 'de', 'fr', 'zh', 'th']))

  it('analyses the words by the rules of each language', () => {
    const {terms, language} = analyser.queryTerms('Wie viele Häuser hat die Stadt', ['en', 'de'])
    expect(language).to.equal('de')
    expect(terms).to.include.members(['haus', 'stadt'])
    expect(terms).not.to.include('die')
  })

  it('keeps a word that is a stop word of another language only', () => {
    expect(analyser.queryTerms('what is die casting', ['en', 'de']).terms).to.include('die')
    expect(analyser.queryTerms('what is die casting', ['en', 'de']).terms).not.to.include('what')
  })

  it('takes the most frequent language when none can be told', () => {
    expect(analyser.queryTerms('Tesla', ['de', 'fr']).language).to.equal('de')
    expect(analyser.queryTerms('Tesla', ['de', 'fr']).terms).to.include('tesla')
  })

  it('has no terms when there are only stop words or punctuation', () => {
    expect(analyser.queryTerms('to be or not to be', ['en']).terms).to.deep.equal([])
    expect(analyser.queryTerms('?! …', ['en', 'de']).terms).to.deep.equal([])
    expect(analyser.queryTerms('', []).terms).to.deep.equal([])
  })

  it('looks for pairs of Chinese characters, and for one that stands alone', () => {
    expect(analyser.queryTerms('黑豹队', ['zh']).terms).to.deep.equal(['黑豹', '豹队'])
    expect(analyser.queryTerms('茶', ['zh']).terms).to.deep.equal(['茶'])
    expect(analyser.terms('绿茶好', 'zh')).to.include('茶')
  })

  it('gives distinct terms and no more than asked for', () => {
    expect(analyser.queryTerms('dog dogs dog cat', ['en']).terms).to.deep.equal(['dog', 'cat'])
    const many = Array.from({length: 500}, (_, at) => `word${at}x`).join(' ')
    expect(analyser.queryTerms(many, ['en', 'de']).terms).to.have.length(64)
    expect(analyser.queryTerms(many, ['en'], 5).terms).to.have.length(5)
  })

  it('answers a query of a megabyte quickly', () => {
    const started = performance.now()
    for (const query of ['lorem ipsum '.repeat(90_000), 'a'.repeat(1_000_000), '黑豹'.repeat(500_000)]) {
      expect(analyser.queryTerms(query, ['en', 'de', 'zh']).terms.length).to.be.within(1, 64)
    }
    expect(performance.now() - started).to.be.below(1_000)
  })
})
