import {expect} from 'chai'
import {linesOf} from '../../../src/lib/model/place.js'
import {statementsOf} from '../../../src/lib/answer/statements.js'

/** Kind and text of the statements of an excerpt of one chunk, with their lines and headings. */
function read(text: string): readonly unknown[] {
  const place = {kind: 'lines', first: 5, last: 4 + text.trimEnd().split('\n').length} as const
  const part = {chunkId: 'd#c1', text, place, score: 1, begunBefore: false}
  const excerpt = {n: 1, docId: 'd', title: 'D', heading: [], language: 'en', parts: [part], score: 1}
  return statementsOf(excerpt).map(({kind, text, place, heading}) => [
    kind,
    text,
    linesOf(place)?.join('-'),
    heading.join('/'),
  ])
}

describe('statementsOf', () => {
  it('takes sentences, items, rows and code, each with its lines and the heading above it', () => {
    const text =
      'Reefing\n=======\n\nIt takes two. Ease the sheet:\n\n- slowly\n  and well\n- at once\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nhalyard()\n```\n'
    expect(read(text)).to.deep.equal([
      ['prose', 'It takes two.', '8-8', 'Reefing'],
      ['prose', 'Ease the sheet:', '8-8', 'Reefing'],
      ['item', 'slowly and well', '10-11', 'Reefing'],
      ['item', 'at once', '12-12', 'Reefing'],
      ['row', 'a · b', '14-14', 'Reefing'],
      ['row', '1 · 2', '16-16', 'Reefing'],
      ['code', 'halyard()', '18-20', 'Reefing'],
    ])
  })

  it('reads headings and code within quotations, and admonitions without their marks', () => {
    expect(read('> ### In short\n>\n> Two do it:\n>\n> ```\n> go()\n> ```\n')).to.deep.equal([
      ['prose', 'Two do it:', '7-7', 'In short'],
      ['code', 'go()', '9-11', 'In short'],
    ])
    expect(read('!!! note\n    Mind the gap.\n')).to.deep.equal([['prose', 'Mind the gap.', '6-6', '']])
  })

  it('says nothing of comments over several lines, link targets, labels and modules', () => {
    for (const text of ['<!-- one\nof two -->\n', '[a]: http://b\n', '.. _label:\n', "import A from 'b'\n"])
      expect(read(text), text).to.deep.equal([])
  })
})
