import {expect} from 'chai'
import fc from 'fast-check'
import {blocksOfChunk} from '../../../../src/lib/text/blocks/chunk-blocks.js'
import {flat, outline} from './outline.js'
import {markdownText} from './random-markdown.js'

const read = (text: string): unknown[] => outline(text, blocksOfChunk(text))

describe('blocksOfChunk', () => {
  it('sees code that began in an earlier chunk by its closing fence', () => {
    expect(read('  rest()\n```\n\nText.\n')).to.deep.equal([
      ['code', '', '  rest()\n'],
      ['paragraph', 'Text.'],
    ])
    expect(read('```js\nrest()\n')[0]).to.deep.equal(['code', 'js', 'rest()'])
  })

  it('tells rows, definitions, titles, bullets and fields from running text', () => {
    expect(read('| a | b |\n| 1 | 2 |\n')).to.deep.equal([['table', ['a', 'b'], ['1', '2']]])
    expect(read('Reef\n   To make a sail smaller.\n')).to.deep.equal([
      ['definition', 'Reef', 'To make a sail smaller.'],
    ])
    expect(read('Reef\n: To make a sail smaller.\n: And more.\n')).to.deep.equal([
      ['definition', 'Reef', 'To make a sail smaller.\n: And more.'],
    ])
    expect(read('Title\n^^^^^\n\n• one\n• two\n')).to.deep.equal([
      ['h2', 'Title'],
      ['ul', ['one', ['paragraph', 'one']], ['two', ['paragraph', 'two']]],
    ])
    expect(read('Steps:\n2. ease the sheet\n3. lower it\n')).to.deep.equal([
      ['paragraph', 'Steps:'],
      ['ol', ['ease the sheet', ['paragraph', 'ease the sheet']], ['lower it', ['paragraph', 'lower it']]],
    ])
    expect(read('host: a\nport: b\n')).to.deep.equal([
      ['paragraph', 'host: a'],
      ['paragraph', 'port: b'],
    ])
  })

  it('reads no definition into the second line of a list item', () => {
    expect(read('- Reef\n  to make a sail smaller\n')).to.deep.equal([
      ['ul', ['Reef\n  to make a sail smaller', ['paragraph', 'Reef\n  to make a sail smaller']]],
    ])
  })

  it('keeps directives, templates, comments, link targets and modules apart from text', () => {
    for (const markup of [
      '.. _label:',
      '.. image:: a.png\n   :width: 10',
      '{{#include x}}',
      '<!-- one\n\ntwo -->',
      '[a]: http://b',
      '![two words](a.png)',
      "import Tabs from '@theme/Tabs'",
      'export const x = 1',
      '<script>\nlet a\n\n</script>',
      '<br>',
    ])
      expect(read(`${markup}\n\nText.\n`), markup).to.deep.equal([
        ['markup', markup],
        ['paragraph', 'Text.'],
      ])
    for (const prose of ['Import tax is due in May.', 'Export everything before you go.'])
      expect(read(prose)).to.deep.equal([['paragraph', prose]])
  })

  it('reads the text of an admonition and what stands between tags', () => {
    expect(read('!!! note\n    Mind the gap.\n')).to.deep.equal([
      ['markup', '!!! note'],
      ['paragraph', 'Mind the gap.'],
    ])
    expect(read('<Note>\nMind *the* gap.\n\n- one\n</Note>\n')).to.deep.equal([
      ['markup', '<Note>'],
      ['paragraph', 'Mind *the* gap.'],
      ['ul', ['one\n</Note>', ['paragraph', 'one\n</Note>']]],
    ])
    expect(read('<p align="center">Text</p>\n')).to.deep.equal([['paragraph', '<p align="center">Text</p>']])
  })

  it('reads what an indented part of a text holds', () => {
    expect(
      read('!!! note\n\n    Put this in a file:\n\n    ```yaml\n    a: 1\n    ```\n\n    - one\n    - two\n'),
    ).to.deep.equal([
      ['markup', '!!! note'],
      ['code', 'indented', '    Put this in a file:'],
      ['code', '', '    a: 1\n'],
      ['ul', ['one', ['paragraph', 'one']], ['two', ['paragraph', 'two']]],
    ])
  })

  it('takes the beginning of a sentence for no title', () => {
    expect(
      read('as we discussed in\nChapter 10. We take a reference to a post as an argument.\n'),
    ).to.have.length(1)
    expect(read('Sick leave\nEvery employee has a right to thirty days of it.\n')).to.have.length(2)
  })

  it('places blocks within the chunk, in order, on the lines of their text, whatever it is', () => {
    fc.assert(
      fc.property(markdownText, (text) => {
        const blocks = blocksOfChunk(text, 11)
        let end = 0
        for (const block of blocks) {
          expect(block.start).to.be.at.least(end)
          end = block.end
        }
        for (const {place, start, end} of flat(blocks)) {
          const first = text.slice(0, start).split('\n').length + 10
          const last = first + text.slice(start, Math.max(start, end)).split('\n').length - 1
          expect(place).to.deep.equal({kind: 'lines', first, last})
        }
      }),
      {numRuns: 2_000},
    )
  })

  it('reads hostile chunks in time that grows with them', function () {
    this.timeout(60_000)
    for (const piece of [
      '> ',
      '| ',
      '<a>\n',
      '<a>\nb\n',
      '<a>b\n',
      '• a\n',
      '2. a\n',
      ': a\n',
      'a\n  b\n',
      '.. a\n',
      'a: b\n',
      '    - a\n',
      '```\n',
      '~~~~\na\n',
      '<',
      'import a ',
    ]) {
      const start = performance.now()
      blocksOfChunk(`x\n${piece.repeat(60_000 / piece.length)}`)
      expect(performance.now() - start, JSON.stringify(piece)).to.be.lessThan(5000)
    }
  })
})
