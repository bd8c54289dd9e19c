import {expect} from 'chai'
import {countTokens} from '../../../../src/lib/text/chunking/count-tokens.js'

describe('countTokens', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['', 0],
    [' \n\t ', 0],
    ['word', 1],
    ['sixsix', 1],
    ['sevenss', 2],
    ['Hello, world!', 4],
    ['2024', 2],
    ['a1', 2],
    ['今天', 2],
    ['привет', 2],
    ['👍', 1],
    ['\udc4d', 1],
    ['größer', 1],
    ['snake_case', 3],
  ]
  for (const [text, tokens] of cases) {
    it(`${JSON.stringify(text)} has ${tokens}`, () => expect(countTokens(text)).to.equal(tokens))
  }
})
