import {expect} from 'chai'
import fc from 'fast-check'
import {countTokens} from '../../../src/lib/text/chunking/count-tokens.js'
import {createChunker} from '../../../src/lib/text/chunking/create-chunker.js'
import {packExcerpts, type FoundChunk} from '../../../src/lib/answer/pack-excerpts.js'
import {textOf} from '../../../src/lib/answer/excerpt.js'
import {chunkName} from '../../../src/lib/model/names.js'

const found = (
  docId: string,
  ordinal: number,
  text: string,
  more: {score?: number; overlap?: number} = {},
): FoundChunk => {
  const place = {docId, title: docId, heading: [], metadata: {}, text}
  const score = more.score ?? 1
  return {
    hit: {
      ...place,
      rank: 1,
      score,
      chunkId: chunkName(docId, ordinal),
      lines: [ordinal, ordinal],
      place: {kind: 'lines', first: ordinal, last: ordinal},
      scores: {},
      snippet: {text: '', marks: []},
    },
    chunk: {
      ...place,
      id: ordinal,
      documentId: 1,
      ordinal,
      language: 'en',
      startLine: ordinal,
      endLine: ordinal,
      tokens: countTokens(text),
      overlap: more.overlap ?? 0,
      contentHash: '',
    },
  }
}
const long = (seed: string): string => Array.from({length: 40}, (_, i) => `${seed}${i}`).join(' ')

describe('packExcerpts', () => {
  it('joins neighbours without doubling what they share, in source order', () => {
    const packed = packExcerpts(
      [
        found('a', 2, 'beta gamma', {overlap: 5}),
        found('a', 1, 'alpha beta ', {score: 0.9}),
        found('a', 4, 'delta', {score: 0.8}),
      ],
      1000,
    )
    expect(packed.map((it) => [it.n, textOf(it)])).to.deep.equal([
      [1, 'alpha beta gamma'],
      [2, 'delta'],
    ])
    expect(packed[0]!.parts.map((it) => it.chunkId)).to.deep.equal(['a#c0001', 'a#c0002'])
  })
  it('takes several documents before many chunks of one', () => {
    const chunks = [1, 3, 5, 7].map((i) => found('a', i, long(`a${i}x`), {score: 1 - i / 100}))
    const packed = packExcerpts(
      [...chunks, found('b', 1, long('bx'), {score: 0.84})],
      2 * countTokens(long('a1x')) + 40,
    )
    expect(packed.map((it) => it.docId)).to.deep.equal(['a', 'b'])
  })
  it('leaves near-duplicates and weak hits out', () => {
    const packed = packExcerpts(
      [found('a', 1, long('x')), found('b', 1, `${long('x')} more`), found('c', 1, long('y'), {score: 0.1})],
      1000,
    )
    expect(packed.map((it) => it.docId)).to.deep.equal(['a'])
  })
  it('cuts the best chunk to a budget that is smaller', () => {
    const [only, ...more] = packExcerpts(
      [found('a', 1, 'One is here. Two is there. Three is gone.'), found('b', 1, long('b'))],
      5,
    )
    expect([textOf(only!), more]).to.deep.equal(['One is here.', []])
  })
  it('gives back the text of a document whose chunks are all found, however they overlap', () => {
    const words = fc.array(fc.constantFrom('red', 'blue.', 'Green', '\n\n', 'of', 'Two', '1.'), {
      minLength: 1,
      maxLength: 200,
    })
    fc.assert(
      fc.property(
        words,
        fc.integer({min: 8, max: 40}),
        fc.integer({min: 0, max: 7}),
        (list, size, overlap) => {
          const text = list.map((word, i) => `${word}${i}`).join(' ')
          const chunks = createChunker({size, overlap}).chunk({
            title: 't',
            text,
            format: 'text',
            firstLine: 1,
            metadata: {},
          })
          const all = chunks.map((it) => found('a', it.ordinal, it.text, {overlap: it.overlap, score: 1}))
          const packed = packExcerpts(all, 1_000_000)
          if (packed.length !== 1 || packed[0]!.parts.length !== chunks.length) return
          expect(textOf(packed[0]!)).to.equal(text)
        },
      ),
      {numRuns: 200},
    )
  })
})
