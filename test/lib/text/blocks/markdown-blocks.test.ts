import {expect} from 'chai'
import fc from 'fast-check'
import {markdownBlocks} from '../../../../src/lib/text/blocks/markdown-blocks.js'
import {linesOf} from '../../../../src/lib/text/blocks/text-lines.js'
import type {Block} from '../../../../src/lib/model/block.js'
import {flat, outline} from './outline.js'
import {markdownText} from './random-markdown.js'

const read = (text: string): readonly Block[] => [...markdownBlocks(linesOf(text))]

describe('markdownBlocks', () => {
  it('reads headings, lists, tables, code, quotes, rules and markup with their spans', () => {
    const text = [
      'Title *x*\n===\n\n## Foo ##\n',
      '1. a\n\n   b\n   - c\n2. d',
      '> q\n> - r\n>   s\n',
      '| a | b |\n|--|--|\n| 1 \\| 2 | |\n',
      '```js\nx\n```\n\n    indented\n\n***\n\n<div>\nhtml\n</div>\n',
      'last *words*\nof all\n',
    ].join('\n')
    expect(outline(text, read(text))).to.deep.equal([
      ['h1', 'Title *x*'],
      ['h2', 'Foo'],
      [
        'ol',
        ['a\n\n   b\n   - c', ['paragraph', 'a'], ['paragraph', 'b'], ['ul', ['c', ['paragraph', 'c']]]],
        ['d', ['paragraph', 'd']],
      ],
      ['quote', ['paragraph', 'q'], ['ul', ['r\n>   s', ['paragraph', 'r\n>   s']]]],
      ['table', ['a', 'b'], ['1 \\| 2', '']],
      ['code', 'js', 'x\n'],
      ['code', 'indented', '    indented'],
      'rule',
      ['markup', '<div>\nhtml\n</div>'],
      ['paragraph', 'last *words*\nof all'],
    ])
  })

  it('places each block at its lines of the source, which front matter comes before', () => {
    const text = '# T\n\n- a\n- b\n\n| x | y |\n|--|--|\n| 1 | 2 |\n\n\n'
    const [heading, list, table] = [...markdownBlocks(linesOf(text), undefined, 5)]
    expect(heading!.place).to.deep.equal({kind: 'lines', first: 5, last: 5})
    expect(list!.place).to.deep.equal({kind: 'lines', first: 7, last: 8})
    expect(list!.kind === 'list' && list!.items[1]!.place).to.deep.equal({kind: 'lines', first: 8, last: 8})
    expect(table!.place).to.deep.equal({kind: 'lines', first: 10, last: 12})
    expect(table!.kind === 'table' && table!.rows[0]!.place).to.deep.equal({
      kind: 'lines',
      first: 12,
      last: 12,
    })
  })

  it('reads on past the part that is parsed at a time, and a part of the lines when asked for it', () => {
    const text = `\`\`\`\n${'# no title\n'.repeat(30_000)}\`\`\`\n\n${'- item of a list\n'.repeat(40_000)}\n# Title\n`
    const blocks = read(text)
    expect(blocks.map(({kind}) => kind).filter((kind, i, all) => kind !== all[i - 1])).to.deep.equal([
      'code',
      'list',
      'heading',
    ])
    const lines = linesOf('a\n\n# b\n\nc\n')
    expect([...markdownBlocks(lines, {first: 2, last: 4})].map(({kind}) => kind)).to.deep.equal(['heading'])
  })

  it('leaves no word out, gives no two blocks the same text, and keeps the order, whatever the text', () => {
    fc.assert(
      fc.property(markdownText, (text) => {
        const blocks = read(text)
        let end = 0
        for (const block of blocks) {
          expect(block.start).to.be.at.least(end)
          expect(block.end).to.be.at.least(block.start)
          expect(text.slice(end, block.start)).not.to.match(/\p{L}/u)
          end = block.end
        }
        expect(text.slice(end)).not.to.match(/\p{L}/u)
        for (const {place, start, end} of flat(blocks)) {
          const before = text.slice(0, start).split('\n').length
          const lines = text.slice(start, Math.max(start, end)).split('\n').length
          expect(place).to.deep.equal({kind: 'lines', first: before, last: before + lines - 1})
        }
      }),
      {numRuns: 2_000},
    )
  })

  it('reads hostile texts in time that grows with them', function () {
    this.timeout(60_000)
    for (const piece of [
      '> ',
      '- ',
      '|',
      '`',
      '[',
      '<',
      '#',
      '*\n',
      '\n',
      '> - ',
      '[a]: b\n',
      '|\n',
      '\t',
      '<!--',
    ])
      for (const end of ['', '\n']) {
        const start = performance.now()
        read((piece + end).repeat(100_000 / (piece.length + end.length)))
        expect(performance.now() - start, JSON.stringify(piece + end)).to.be.lessThan(5000)
      }
  })
})
