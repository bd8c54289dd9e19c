import {expect} from 'chai'
import fc from 'fast-check'
import {countTokens} from '../../src/lib/text/chunking/count-tokens.js'
import {createChunker} from '../../src/lib/text/chunking/create-chunker.js'
import {documentOf, expectContract, FORMATS} from '../contract/chunker.contract.js'

const under = {create: createChunker, countTokens}
const RUNS = 400

const word = fc.oneof(
  fc.string({maxLength: 9}),
  fc.string({unit: 'grapheme', maxLength: 9}),
  fc.string({unit: fc.integer({min: 0, max: 0xffff}).map((code) => String.fromCharCode(code)), maxLength: 9}),
  fc.constantFrom(
    'Dr.',
    'End.',
    '界界。',
    'क्या।',
    'a'.repeat(90),
    'ไทยภาษา',
    'e.g.',
    '\u0301\u0301',
    '🇩🇪👨‍👩‍👧',
    '\r\n',
    ':',
    ' ',
  ),
)
const row = fc.array(word, {maxLength: 30}).map((parts) => parts.join(' '))
const block = fc.oneof(
  row,
  fc
    .tuple(
      fc.constantFrom(
        '# ',
        '## ',
        '###### ',
        '- ',
        '  - ',
        '> ',
        '1. ',
        '    ',
        '| a | ',
        'def a',
        'export class B ',
        '@x',
        '// ',
      ),
      row,
    )
    .map(([a, b]) => a + b),
  row.map((title) => `${title}\n${'='.repeat(title.length)}`),
  fc.array(row, {maxLength: 5}).map((rows) => `\`\`\`\n${rows.join('\n')}\n\`\`\``),
  fc
    .array(row, {maxLength: 5})
    .map((rows) => `| a | b |\n|---|---|\n${rows.map((cells) => `| ${cells} | x |`).join('\n')}`),
  fc.constantFrom('---', '```', '<div>', '</div>', '<!--', '-->', '[a]: b', '\n\n\n', "import a from 'b'"),
)
const text = fc
  .array(fc.tuple(block, fc.constantFrom('\n', '\n\n', '\n \n\n', '')), {maxLength: 25})
  .map((parts) => parts.flat().join(''))
const options = fc
  .tuple(fc.integer({min: 8, max: 120}), fc.double({min: 0, max: 0.999, noNaN: true}))
  .map(([size, share]) => ({size, overlap: Math.floor(size * share)}))

describe('chunking any text', () => {
  for (const format of FORMATS) {
    it(`${format}: joins to the text, keeps the limit, counts lines rightly, gets on`, () => {
      fc.assert(
        fc.property(text, options, fc.integer({min: 1, max: 50}), (content, sizes, firstLine) => {
          const document = documentOf(content, format, firstLine)
          const chunks = expectContract(under, sizes, document)
          const joined = chunks.map((chunk) => chunk.text.slice(chunk.overlap)).join('')
          if (chunks.length > 0) expect(joined).to.equal(content)
          expect(createChunker(sizes).chunk(document)).to.deep.equal(chunks)
        }),
        {numRuns: RUNS},
      )
    })
  }

  it('cutting a text never lowers its tokens', () => {
    fc.assert(
      fc.property(text, fc.nat(), (content, place) => {
        const at = content.length === 0 ? 0 : place % content.length
        const sum = countTokens(content.slice(0, at)) + countTokens(content.slice(at))
        expect(sum).to.be.at.least(countTokens(content))
      }),
      {numRuns: 1_000},
    )
  })
})
