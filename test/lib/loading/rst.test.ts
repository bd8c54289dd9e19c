import {expect} from 'chai'
import {load, millisecondsOf} from './loading.js'

describe('the reStructuredText loader', () => {
  it('makes titles headings by the order of their adornment, keeping every line in its place', () => {
    const source = '=====\nTitle\n=====\n\nSec\n---\n\ntext\n\nSub\n~~~\n\nSec 2\n-----\nx'
    const got = load('a.rst', source)
    expect(got.title).to.equal('Title')
    expect(got.text.split('\n')).to.deep.equal([
      '',
      '# Title',
      '',
      '',
      '## Sec',
      '',
      '',
      'text',
      '',
      '### Sub',
      '',
      '',
      '## Sec 2',
      '',
      'x',
    ])
  })

  it('fences code, and leaves what looks like a title in it', () => {
    const source =
      'Run::\n\n  Title\n  =====\n\nThen\n\n.. code-block:: sh\n\n   # comment\n   ls\n\nEnd of it'
    const text = load('a.rst', source).text.split('\n')
    expect(text).to.have.length(source.split('\n').length)
    expect(text.slice(0, 6)).to.deep.equal(['Run:', '```', '  Title', '  =====', '```', 'Then'])
    expect(text.slice(7)).to.deep.equal(['```sh', '', '   # comment', '   ls', '```', 'End of it'])
  })

  it('knows a title at once below code, a target, or what is indented', () => {
    const source = [
      'Anchors\n=======\n\nDrop it::\n\n    let go\n\nChains\n~~~~~~\n\nHeavy.',
      '.. _kedge:\nKedging\n```````\n\nPull.\n\n.. note::\n   Mind it.\nFlukes\n~~~~~~\n\nSharp.\n',
    ].join('\n\n')
    const {text} = load('a.rst', source)
    expect(text.split('\n')).to.have.length(source.split('\n').length)
    expect(text.match(/^#+ .*/gm)).to.deep.equal(['# Anchors', '## Chains', '### Kedging', '## Flukes'])
    expect(text.match(/^\s*(?:```|~~~).*/gm)).to.deep.equal(['```', '```'])
  })

  it('lets no row of marks that is no title open a fence', () => {
    const source = 'One\n===\n\ntext\n\n~~~~~~~~\n\nmore\n\n``````\n\nTwo\n===\n'
    expect(load('a.rst', source).text.match(/^(?:#|`|~).*/gm)).to.deep.equal(['# One', '# Two'])
  })

  it('takes role marks off and blanks comments', () => {
    expect(load('a.rst', 'see :ref:`the part <target>` and :doc:`x`').text).to.equal('see `the part` and `x`')
    expect(load('a.rst', '..\n  # hidden\n\nA\n').text).to.equal('\n\n\nA\n')
    expect(load('a.rst', '.. note::\n\n   kept').text).to.include('kept')
  })

  it('is linear', () => {
    for (const source of [
      '=\n'.repeat(500_000),
      'a::\n\n'.repeat(300_000),
      '::\n b\nc\n'.repeat(200_000),
      ':a:`'.repeat(300_000),
    ]) {
      expect(
        millisecondsOf(() => load('a.rst', source)),
        source.slice(0, 8),
      ).to.be.lessThan(2000)
    }
  })
})
