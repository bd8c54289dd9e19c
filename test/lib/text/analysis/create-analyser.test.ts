import {expect} from 'chai'
import fc from 'fast-check'
import {createAnalyser} from '../../../../src/lib/text/analysis/create-analyser.js'
import {MAX_TERM_LENGTH, TERM_PUNCTUATION} from '../../../../src/lib/text/analysis/term-alphabet.js'
import {RagError} from '../../../../src/lib/model/errors.js'

const LANGUAGES =
  'ar bg da de el en es fi fr ga hi hu hy id it ja ko lt ne nl no pl pt ro ru sr sv ta th tr uk vi zh'.split(
    ' ',
  )
const analyser = createAnalyser()
const terms = (text: string, language = 'en'): string[] => analyser.terms(text, language)

/** Both texts give the same terms, and some. */
function expectAlike(language: string, one: string, other: string): void {
  expect(terms(one, language), `${language}: ${one}`).to.deep.equal(terms(other, language)).and.not.be.empty
}

describe('createAnalyser', () => {
  before(() => analyser.prepare(LANGUAGES))

  it('throws INTERNAL for a language that was not prepared', () => {
    const fresh = createAnalyser()
    expect(() => fresh.terms('text', 'en'))
      .to.throw(RagError)
      .with.property('code', 'INTERNAL')
  })

  it('leaves the words of a language without rules whole', async () => {
    await analyser.prepare(['xx'])
    expect(terms('Running the Dogs', 'xx')).to.deep.equal(['running', 'the', 'dogs'])
  })

  it('stems, folds and drops stop words in English', () => {
    expect(terms('The Running dogs of the café')).to.deep.equal(['run', 'dog', 'cafe'])
    expectAlike('en', 'ＦＵＬＬ width ﬁle', 'full width file')
  })

  const alike: readonly (readonly [language: string, one: string, other: string])[] = [
    ['en', "the dog's", 'DOGS'],
    ['en', 'O’Brien', "O'Brien"],
    ['en', 'naïve', 'naive'],
    ['de', 'Straße', 'STRASSE'],
    ['de', 'Häuser', 'Haus'],
    ['fr', "l'eau", 'eau'],
    ['fr', 'généraux', 'GENERAUX'],
    ['it', "dell'arte", 'arte'],
    ['es', 'canción', 'CANCION'],
    ['ro', 'jucătorii', 'jucătorul'],
    ['tr', 'IŞIK', 'ışık'],
    ['tr', 'İstanbul', 'istanbul'],
    ['tr', 'Ankara’da', 'Ankara'],
    ['ru', 'ещё ёлка', 'елка'],
    ['ru', 'столицы', 'столица'],
    ['el', 'ΠΌΝΤΟΥΣ', 'ποντους'],
    ['el', 'αλλά πόντους', 'ποντους'],
    ['es', 'mas también capturas', 'captura'],
    ['ar', 'كِتَابٌ', 'كتاب'],
    ['ar', 'كـــتاب', 'كتاب'],
    ['ar', '٣٠٨', '308'],
    ['hi', 'लड़कियों', 'लड़कियाँ'],
    ['zh', 'the transformers', 'transformer'],
    ['ja', 'ｶﾞｲﾄﾞ', 'ガイド'],
    ['vi', 'Tiếng Việt'.normalize('NFD'), 'tiếng việt'],
  ]
  for (const [language, one, other] of alike) {
    it(`${language}: "${one}" is found by "${other}"`, () => expectAlike(language, one, other))
  }

  it('keeps letters apart that are letters of their own', () => {
    expect(terms('má', 'vi')).not.to.deep.equal(terms('mà', 'vi'))
    expect(terms('häst', 'sv')).not.to.deep.equal(terms('hast', 'sv'))
    expect(terms('мой', 'bg')).not.to.deep.equal(terms('мои', 'bg'))
  })

  it('cuts writing without spaces into overlapping pieces', () => {
    expect(terms('黑豹队', 'zh')).to.deep.equal(['黑', '黑豹', '豹', '豹队', '队'])
    expect(terms('カメラ', 'ja')).to.deep.equal(['カメ', 'メラ'])
    expect(terms('คะแนน', 'th')).to.deep.equal(['คะแ', 'ะแน', 'แนน'])
    expect(terms('𠮷野家', 'zh')).to.deep.equal(['𠮷', '𠮷野', '野', '野家', '家'])
    expect(terms('第49届 GPT', 'zh')).to.deep.equal(
      ['第', '49', '届', 'gpt'].filter((term) => terms(term, 'zh').length > 0),
    )
  })

  it('gives an identifier whole and in parts', () => {
    expect(terms('getUserName')).to.deep.equal(['getusernam', 'get', 'user', 'name'])
    expect(terms('getusername')).to.deep.equal(['getusernam'])
    expect(terms('snake_case')).to.deep.equal(['snake_cas', 'snake', 'case'])
    expect(terms('HTTP2Server')).to.deep.equal(['http2server', 'http', 'server'])
    expect(terms('__init__ ___')).to.deep.equal(['__init__', 'init'])
    expect(terms('URLs')).to.deep.equal(terms('url'))
    expect(terms('C# C++ c')).to.deep.equal(['c#', 'cpp', 'c'])
  })

  it('keeps numbers and versions together', () => {
    expect(terms('0-dimensional 1.2.3 v1.2.3 1,000,000 3.14. 6½')).to.deep.equal([
      '0', 'dimension', '1.2.3', 'v1.2.3', '1.2.3', '1000000', '3.14', '6',
    ]) // prettier-ignore
  })

  it('joins groups of digits, not lists of numbers', () => {
    expect(terms('1,000 1024,768 1,2,3')).to.deep.equal(['1000', '1024', '768', '1', '2', '3'])
  })

  it('passes over what nobody sees and stops at what separates', () => {
    expect(terms('co\u00adoperate \u202ehello\u202c wo\u200drld')).to.deep.equal(
      terms('cooperate hello world'),
    )
    expect(terms('alpha\u0000beta alpha\u200bbeta alpha\ud800beta')).to.deep.equal(
      Array(3).fill(['alpha', 'beta']).flat(),
    )
  })

  it('answers hostile texts in linear time with bounded terms', () => {
    const hostile = {
      letters: 'a'.repeat(1_000_000),
      marks: `a${'\u0301'.repeat(1_000_000)}`,
      ignorables: `a${'\u00ad'.repeat(1_000_000)}`,
      apostrophes: "a'".repeat(500_000),
      numbers: '1.'.repeat(500_000),
      groups: '1,000'.repeat(200_000),
      underscores: '_'.repeat(1_000_000),
      han: '黑'.repeat(300_000),
      kana: 'ｶﾞ'.repeat(150_000),
      surrogates: '\ud800'.repeat(1_000_000),
    }
    for (const [name, text] of Object.entries(hostile)) {
      const started = performance.now()
      const longest = Math.max(
        0,
        ...terms(text)
          .slice(0, 10_000)
          .map((term) => term.length),
      )
      expect(longest, name).to.be.at.most(MAX_TERM_LENGTH)
      expect(performance.now() - started, name).to.be.below(2_000)
    }
    expect(terms('a'.repeat(1_000_000))).to.have.length(1)
  })

  const anyText = fc.oneof(
    fc.string({unit: 'binary', maxLength: 60}),
    fc.string({unit: 'grapheme', maxLength: 60}),
    fc.string({unit: 'binary-ascii', maxLength: 60}),
    fc.string({unit: fc.constantFrom(..."aB_1.,'’#+ 黑ก㈱½ﷺ⒈ŉ\u0301\u00ad\u200dİıßﾞ\ud800"), maxLength: 40}),
    fc.array(fc.nat(0xffff), {maxLength: 40}).map((codes) => String.fromCharCode(...codes)),
  )

  it('only gives terms of the alphabet', () => {
    const unfit = new RegExp(`[^A-Za-z0-9${TERM_PUNCTUATION}\\u0080-\\uffff]|[A-Z]|\\s`)
    fc.assert(
      fc.property(anyText, fc.constantFrom(...LANGUAGES), (text, language) => {
        for (const term of terms(text, language)) {
          expect(term).not.to.match(unfit)
          expect(term.length).to.be.within(1, MAX_TERM_LENGTH)
          expect(term.isWellFormed()).to.equal(true)
        }
      }),
      {numRuns: 2_000},
    )
  })

  it('gives the same terms by words() as by terms(), in order, and from a fresh analyser', async () => {
    const fresh = createAnalyser()
    await fresh.prepare(LANGUAGES)
    fc.assert(
      fc.property(anyText, fc.constantFrom(...LANGUAGES), (text, language) => {
        const words = [...analyser.words(text, language)]
        expect(words.flatMap((word) => word.terms)).to.deep.equal(terms(text, language))
        expect(fresh.terms(text, language)).to.deep.equal(terms(text, language))
        let before = 0
        for (const {start, end} of words) {
          expect(start).to.be.at.least(before)
          expect(end).to.be.within(start + 1, text.length)
          before = start
        }
      }),
      {numRuns: 1_000},
    )
  })

  it('places words', () => {
    const text = 'See getUserName, in 黑豹 (café’s)!'
    const placed = [...analyser.words(text, 'en')].map(({start, end}) => text.slice(start, end))
    expect(placed).to.deep.equal(['See', 'getUserName', '黑', '黑豹', '豹', 'café’s'])
  })

  it('changes no term under one fingerprint', () => {
    const sample = "Dogs' running HTTP2Server 1.2.3 Häuser πόντους защита 黑豹 คะแนน كِتَابٌ लड़कियों ışık"
    const found = ['en', 'de', 'el', 'ru', 'hi', 'tr'].map((language) => terms(sample, language).join(' '))
    expect(analyser.fingerprint).to.equal('analysis-1')
    expect(found).to.deep.equal(SAMPLE_TERMS, 'raise the fingerprint when terms change')
  })
})

const SAMPLE_TERMS: readonly string[] = [
  'dog run http2server http server 1.2.3 hauser ποντουσ защита 黑 黑豹 豹 คะแ ะแน แนน كتاب लड़कियों isik',
  'dog running http2serv http serv 1.2.3 haus ποντουσ защита 黑 黑豹 豹 คะแ ะแน แนน كتاب लड़कियों isik',
  'dog run http2server http server 1.2.3 hauser ποντ защита 黑 黑豹 豹 คะแ ะแน แนน كتاب लड़कियों isik',
  'dog run http2server http server 1.2.3 hauser ποντουσ защит 黑 黑豹 豹 คะแ ะแน แนน كتاب लड़कियों isik',
  'dog run http2server http server 1.2.3 hauser πόντους защита 黑 黑豹 豹 คะแ ะแน แนน كتاب लड़क isik',
  'dogs runningi http2server http server 1.2.3 häuser πόντους защита 黑 黑豹 豹 คะแ ะแน แนน كتاب लड़कियों işik',
]
