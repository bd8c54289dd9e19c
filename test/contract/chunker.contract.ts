import {expect} from 'chai'
import type {LoadedDocument, TextFormat} from '../../src/lib/model/document.js'
import type {Chunk} from '../../src/lib/model/chunk.js'
import type {Chunker, ChunkerOptions} from '../../src/lib/ports/chunker.js'

export const FORMATS: readonly TextFormat[] = ['markdown', 'text', 'code', 'records']

/** What the suite needs to know of a chunker: how to make one, and its measure of size. */
export interface ChunkerUnderTest {
  create(options: ChunkerOptions): Chunker
  countTokens(text: string): number
}

export function documentOf(text: string, format: TextFormat, firstLine = 1): LoadedDocument {
  return {title: 'A title', text, format, firstLine, metadata: {}}
}

/** Checks every promise of the port that holds for any text, and answers the chunks. */
export function expectContract(
  under: ChunkerUnderTest,
  options: ChunkerOptions,
  document: LoadedDocument,
): readonly Chunk[] {
  const {text} = document
  const chunks = under.create(options).chunk(document)
  const worded = /[\p{L}\p{N}]/u.test(text)
  if (!worded) expect(chunks.length, 'chunks of a text without words').to.be.at.most(text === '' ? 0 : 1)
  if (worded) expect(chunks.length, 'chunks of a text with words').to.be.at.least(1)
  let reached = 0
  const lineOf = lineCounter(text, document.firstLine)
  for (const [index, chunk] of chunks.entries()) {
    const where = `chunk ${index + 1} of ${chunks.length}`
    expect(chunk.ordinal, where).to.equal(index + 1)
    if (chunk.text !== text.slice(chunk.start, chunk.end)) expect.fail(`${where}: text is not the slice`)
    expect(chunk.overlap, where).to.be.at.least(0)
    expect(chunk.start + chunk.overlap, `${where} goes on where the last ended`).to.equal(reached)
    expect(chunk.end, `${where} gets on`).to.be.greaterThan(reached)
    if (index > 0)
      expect(chunk.start, `${where} begins behind the start before`).to.be.at.least(chunks[index - 1]!.start)
    expect(chunk.tokens, where).to.equal(under.countTokens(chunk.text)).and.to.be.at.most(options.size)
    expectWholeCharacters(text, chunk, where)
    const lead = chunk.text.length - chunk.text.trimStart().length
    expect(chunk.startLine, `${where}: first line`).to.equal(lineOf(chunk.start + lead))
    expect(chunk.endLine, `${where}: last line`).to.equal(
      lineOf(chunk.start + chunk.text.trimEnd().length - 1),
    )
    reached = chunk.end
  }
  if (chunks.length > 0) expect(reached, 'end of the last chunk').to.equal(text.length)
  return chunks
}

/** Neither end of the range, nor of its overlap, lies inside a surrogate pair. */
function expectWholeCharacters(text: string, chunk: Chunk, where: string): void {
  for (const at of [chunk.start, chunk.start + chunk.overlap, chunk.end]) {
    const inside = at > 0 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1))
    if (inside) expect.fail(`${where} cuts the character at ${at}`)
  }
}

const SAMPLES: Readonly<Record<string, string>> = {
  empty: '',
  blank: ' \n\n\t\n',
  'without words': '---\n\n***\n!!!',
  'one word': 'word',
  'a long word': 'x'.repeat(5_000),
  'Chinese without spaces': '今天天气很好我们去公园散步'.repeat(300),
  emoji: `a ${'👨‍👩‍👧🇩🇪👍🏽'.repeat(400)}`,
  'lone surrogates': `a${'\ud83d'.repeat(300)}${'\udc00'.repeat(300)}`,
  'carriage returns': 'one two\r\nthree\rfour\r\n'.repeat(200),
  'blank lines first and last': `\n\n\n${'A sentence is here. '.repeat(200)}\n\n\n`,
  'headings only': '# a\n'.repeat(500),
  'rules and marks': 'word\n\n---\n\n'.repeat(300) + '='.repeat(3_000),
  'deep nesting': `${'> '.repeat(3_000)}a\n\n${'- '.repeat(3_000)}b\n`,
}

/** The promises of the `Chunker` port, on awkward samples in every format. */
export function chunkerContract(name: string, open: () => ChunkerUnderTest): void {
  describe(`${name} keeps the chunker contract`, () => {
    const under = open()
    for (const format of FORMATS) {
      for (const [sample, text] of Object.entries(SAMPLES)) {
        it(`${format}: ${sample}`, () => {
          for (const options of [
            {size: 256, overlap: 32},
            {size: 40, overlap: 0},
            {size: 8, overlap: 7},
          ]) {
            expectContract(under, options, documentOf(text, format, 7))
          }
        })
      }
    }

    it('gives the same chunks again', () => {
      const document = documentOf('# A\n\nOne two three. Four five six.\n'.repeat(99), 'markdown')
      const [once, again] = [0, 1].map(() => under.create({size: 64, overlap: 16}).chunk(document))
      expect(again).to.deep.equal(once)
    })

    it('has a fingerprint of its own for each size and overlap', () => {
      const all = [
        [64, 16],
        [64, 8],
        [65, 16],
      ].map(([size, overlap]) => under.create({size: size!, overlap: overlap!}).fingerprint)
      expect(new Set(all).size).to.equal(3)
    })
  })
}

/** Counts line feeds on its own, once over the text. */
function lineCounter(text: string, firstLine: number): (offset: number) => number {
  const feeds: number[] = []
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) feeds.push(at)
  return (offset) => {
    let low = 0
    let high = feeds.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (feeds[middle]! < offset) low = middle + 1
      else high = middle
    }
    return firstLine + low
  }
}
