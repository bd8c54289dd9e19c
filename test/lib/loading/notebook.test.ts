import {expect} from 'chai'
import {headingsOf, loadBytes, loadFixture, placeOf, refusalOf} from './load-file.js'

const notebook = (...cells: readonly object[]): Uint8Array => Buffer.from(JSON.stringify({cells}))

describe('a notebook', () => {
  it('has its cells, code with its language, text outputs, each in its cell', async () => {
    const document = await loadFixture('grain.ipynb')
    expect(document.title).to.equal('How much grain')
    expect(headingsOf(document)).to.deep.equal(['# How much grain', '## What is left'])
    expect(document.text).to.contain('```python\nprint(sum([12.5, 37.5]))\n```\n\n```text\n50.0\n```')
    expect(placeOf(document, 'weigh')).to.deep.equal({kind: 'cell', cell: 1})
    expect(placeOf(document, '50.0')).to.deep.equal({kind: 'cell', cell: 2})
    expect(placeOf(document, 'Fifty')).to.deep.equal({kind: 'cell', cell: 3})
  })

  it('has no images, and no colours of a terminal', async () => {
    const {text} = await loadBytes(
      'a.ipynb',
      notebook(
        {cell_type: 'markdown', source: ['See ![p](data:image/png;base64,AAAA)', ' here.']},
        {
          cell_type: 'code',
          source: 'x = "```"',
          outputs: [
            {data: {'image/png': 'AAAA'}},
            {ename: 'ValueError', evalue: 'bad \u001b[31mred\u001b[0m'},
          ],
        },
      ),
    )
    expect(text).to.equal('See  here.\n\n````\nx = "```"\n````\n\n```text\nValueError: bad red\n```')
  })

  it('that is no JSON is refused with its line', async () => {
    expect((await refusalOf('a.ipynb', Buffer.from('{"cells": [\n}'))).message).to.match(
      /^a\.ipynb is not valid JSON: line 2/,
    )
    expect((await refusalOf('a.ipynb', Buffer.from('[]'))).code).to.equal('BAD_INPUT')
  })
})
