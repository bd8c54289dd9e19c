import {expect} from 'chai'
import {joinChunks} from '../../../src/lib/model/chunk.js'
import type {TextFormat} from '../../../src/lib/model/document.js'
import {createChunker} from '../../../src/lib/text/chunking/create-chunker.js'

const PARAGRAPHS = Array.from(
  {length: 60},
  (_, i) =>
    `${i % 9 === 0 ? `## Part ${i}\n\n` : ''}Item ${i} — naïve 日本語 🐝 is kept. It says so ${i} times.  `,
)
const TEXT = `\n# Title\n\n${PARAGRAPHS.join('\n\n')}\n\n`

describe('joinChunks', () => {
  for (const format of ['markdown', 'text', 'code', 'records'] satisfies TextFormat[]) {
    it(`gives the text back that was cut, as ${format}`, () => {
      const document = {title: 'T', text: TEXT, format, firstLine: 1, metadata: {}}
      const chunks = createChunker({size: 40, overlap: 12}).chunk(document)
      expect(chunks.length).to.be.greaterThan(5)
      if (format === 'text' || format === 'markdown') {
        expect(chunks.some(({overlap}) => overlap > 0)).to.equal(true)
      }
      expect(joinChunks(chunks)).to.equal(TEXT)
    })
  }

  it('gives an empty text for no chunks', () => {
    expect(joinChunks([])).to.equal('')
  })
})
