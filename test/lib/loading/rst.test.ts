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
