import {expect} from 'chai'
import {
  CHARACTERS,
  SENTENCE_STOP,
  skipSpace,
  TOKEN_CLASS,
  TokenClass,
  tokenClassAt,
  WordClass,
  wordClassOf,
} from '../../../../src/lib/text/characters/character-class.js'
import {graphemeBreak, isBreak} from '../../../../src/lib/text/characters/grapheme-break.js'

const names = (classes: Readonly<Record<string, number>>): ReadonlyMap<number, string> =>
  new Map(Object.entries(classes).map(([name, value]) => [value, name]))
const tokenNames = names(TokenClass)
const wordNames = names(WordClass)

/** Characters with what they are to the token estimate and in a word. */
const FACTS: readonly (readonly [string, keyof typeof TokenClass, keyof typeof WordClass])[] = [
  ['a', 'LATIN', 'LETTER'],
  ['é', 'LATIN', 'LETTER'],
  ['ş', 'LATIN', 'LETTER'],
  ['ế', 'LATIN', 'LETTER'],
  ['7', 'DIGIT', 'DIGIT'],
  ['٣', 'LETTER', 'DIGIT'],
  ['７', 'LETTER', 'DIGIT'],
  ['½', 'SYMBOL', 'OTHER'],
  ['²', 'SYMBOL', 'LETTER'],
  ['_', 'SYMBOL', 'UNDERSCORE'],
  ["'", 'SYMBOL', 'APOSTROPHE'],
  ['’', 'SYMBOL', 'APOSTROPHE'],
  ['я', 'LETTER', 'LETTER'],
  ['ς', 'LETTER', 'LETTER'],
  ['ब', 'LETTER', 'LETTER'],
  ['\u093f', 'LETTER', 'MARK'],
  ['\u0301', 'LATIN', 'MARK'],
  ['ア', 'WIDE', 'EAST_ASIAN'],
  ['ｱ', 'WIDE', 'EAST_ASIAN'],
  ['蜂', 'WIDE', 'EAST_ASIAN'],
  ['々', 'SYMBOL', 'EAST_ASIAN'],
  ['한', 'WIDE', 'EAST_ASIAN'],
  ['ผ', 'WIDE', 'SOUTH_EAST_ASIAN'],
  ['\u0e34', 'WIDE', 'SOUTH_EAST_ASIAN'],
  ['ខ', 'WIDE', 'SOUTH_EAST_ASIAN'],
  ['๓', 'WIDE', 'DIGIT'],
  [' ', 'SPACE', 'OTHER'],
  ['\u00a0', 'SPACE', 'OTHER'],
  ['\u3000', 'SPACE', 'OTHER'],
  ['\ufeff', 'SPACE', 'IGNORABLE'],
  ['\u00ad', 'SYMBOL', 'IGNORABLE'],
  ['\u200d', 'SYMBOL', 'IGNORABLE'],
  ['。', 'SYMBOL', 'OTHER'],
  ['\0', 'SYMBOL', 'OTHER'],
  ['\ud83d', 'SYMBOL', 'OTHER'],
  ['\udc1d', 'LOW_SURROGATE', 'OTHER'],
]

describe('the classes of a character', () => {
  for (const [character, token, word] of FACTS)
    it(`U+${character.charCodeAt(0).toString(16).padStart(4, '0')} is ${token} to tokens, ${word} in a word`, () => {
      expect(tokenNames.get(tokenClassAt(character, 0))).to.equal(token)
      expect(wordNames.get(wordClassOf(character.charCodeAt(0)))).to.equal(word)
    })

  it('are told beyond the Basic Multilingual Plane too', () => {
    const classOf = (character: string): string | undefined =>
      wordNames.get(wordClassOf(character.codePointAt(0)!))
    expect([...'𠮷𝒜𐐀🐝\u{e0041}𝟗'].map(classOf)).to.deep.equal([
      'EAST_ASIAN',
      'LETTER',
      'LETTER',
      'OTHER',
      'IGNORABLE',
      'DIGIT',
    ])
  })

  it('stay apart: to ask for the word class changes neither the token class nor the stops', () => {
    const lower = (): number[] => Array.from(CHARACTERS, (entry) => entry & (TOKEN_CLASS | SENTENCE_STOP))
    const before = lower()
    const first = before.map((_, code) => wordClassOf(code))
    expect(lower()).to.deep.equal(before)
    expect(before.map((_, code) => wordClassOf(code))).to.deep.equal(first)
  })

  it('call white space exactly what `trim` takes off', () => {
    for (let code = 0; code < 0x10000; code++) {
      const isSpace = (CHARACTERS[code]! & TOKEN_CLASS) === TokenClass.SPACE
      if (isSpace !== (String.fromCharCode(code).trim() === '')) expect.fail(`U+${code.toString(16)}`)
    }
    expect(skipSpace(' \t\u00a0x', 0, 4)).to.equal(3)
    expect(skipSpace('  ', 0, 2)).to.equal(2)
  })

  it('know the stops of all scripts that have them', () => {
    const stops = [...CHARACTERS.keys()].filter((code) => (CHARACTERS[code]! & SENTENCE_STOP) !== 0)
    expect(new Set(stops.map((code) => String.fromCharCode(code)))).to.deep.equal(
      new Set('\n.!?;…؟۔।॥։።፧၊။។៕。！？｡．'),
    )
  })
})

describe('graphemeBreak', () => {
  it('splits no pair, no base and its marks, no joined emoji, no flag', () => {
    for (const whole of ['🐝', 'e\u0301', '👩‍🚀', '👍🏽', '🇩🇪'])
      for (let at = 1; at < whole.length; at++) expect(isBreak(whole, at), whole).to.equal(false)
    expect(isBreak('🇩🇪🇫🇷', 4)).to.equal(true)
    expect(graphemeBreak('ab🐝', 0, 3)).to.equal(2)
  })
})
