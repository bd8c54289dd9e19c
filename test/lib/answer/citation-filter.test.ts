import {expect} from 'chai'
import fc from 'fast-check'
import {CitationFilter} from '../../../src/lib/answer/citation-filter.js'

const filtered = (
  ...pieces: string[]
): {text: string; cited: readonly number[]; unknown: readonly number[]} => {
  const filter = new CitationFilter([1, 2, 3])
  const text = pieces.map((piece) => filter.push(piece)).join('') + filter.end()
  return {text, cited: filter.cited, unknown: filter.unknown}
}

describe('CitationFilter', () => {
  it('takes out citations of passages that were not given', () => {
    expect(filtered('A [2] and B [99]. C [1, 7] D [98][97]')).to.deep.equal({
      text: 'A [2] and B. C [1] D',
      cited: [2, 1],
      unknown: [7, 97, 98, 99],
    })
  })
  it('leaves code and indexes alone', () => {
    const text = 'Use `v[99]` or v[98] or ```\nx = [97]\n```, then f()[96] [3].'
    expect(filtered(text)).to.deep.equal({text, cited: [3], unknown: []})
  })
  it('shows text as soon as it can', () => {
    const filter = new CitationFilter([1])
    expect(filter.push('Hello')).to.equal('Hello')
    expect(filter.push(' world [')).to.equal(' world')
    expect(filter.push('1')).to.equal('')
    expect(filter.push('] x')).to.equal(' [1] x')
  })
  it('gives the same text however it is cut into pieces', () => {
    const word = fc.constantFrom(
      'a',
      ' ',
      '[',
      ']',
      '1',
      '9',
      ',',
      '`',
      '[1]',
      ' [99]',
      '[1, 2]',
      'v[0]',
      '.\n',
    )
    fc.assert(
      fc.property(fc.array(word, {maxLength: 30}), fc.array(fc.nat(6), {maxLength: 30}), (words, cuts) => {
        const text = words.join('')
        const pieces: string[] = []
        let at = 0
        for (const cut of cuts) pieces.push(text.slice(at, (at += cut)))
        pieces.push(text.slice(at))
        expect(filtered(...pieces)).to.deep.equal(filtered(text))
      }),
      {numRuns: 2000},
    )
  })
})
