import {execFileSync, spawnSync} from 'node:child_process'
import {expect} from 'chai'
import {headingsOf} from './load-file.js'
import {load} from './loading.js'

const ORG = `#+TITLE: The mill
#+AUTHOR: A. Weir

Opening words.
* TODO [#A] Wheels :big:water:
:PROPERTIES:
:ID: x
:END:
# a remark
See [[https://example.org][the weir]].
** Overshot
#+BEGIN_SRC python
# not a heading
* nor this
#+END_SRC
| Wheel | Power |
|-------+-------|
| old   | 11    |
* DONE Losses
`

describe('Org', () => {
  it('has its headings, code, tables and links, line for line', () => {
    const document = load('a.org', ORG)
    expect(document.title).to.equal('The mill')
    expect(document.text.split('\n')).to.deep.equal([
      '',
      '',
      '',
      'Opening words.',
      '# Wheels',
      '',
      '',
      '',
      '',
      'See the weir.',
      '## Overshot',
      '```python',
      '# not a heading',
      '* nor this',
      '```',
      '| Wheel | Power |',
      '| --- | --- |',
      '| old   | 11    |',
      '# Losses',
      '',
    ])
  })

  it('has the headings that pandoc finds', function () {
    if (spawnSync('pandoc', ['--version']).error) {
      console.log('      skipped: there is no pandoc here')
      return this.skip()
    }
    const made = execFileSync('pandoc', ['-f', 'org', '-t', 'json'], {input: ORG, encoding: 'utf8'})
    const {blocks} = JSON.parse(made) as {
      readonly blocks: readonly {readonly t: string; readonly c: readonly [number]}[]
    }
    const levels = blocks.filter(({t}) => t === 'Header').map(({c}) => c[0])
    expect(headingsOf(load('a.org', ORG)).map((line) => line.indexOf(' '))).to.deep.equal(levels)
  })

  it('that opens a block or a drawer without an end is read on', () => {
    expect(load('a.org', '#+BEGIN_SRC c\n* One\n:LOGBOOK:\n* Two').text).to.equal('\n# One\n:LOGBOOK:\n# Two')
  })
})

describe('AsciiDoc', () => {
  it('has its titles, listings, lists and links, line for line', () => {
    const source = `= The mill
A. Weir
:toc:

// a remark
[[wheels]]
== Wheels

* water
** fresh
. first

.A listing
[source,python]
----
== not a title
----
////
hidden
////
See <<wheels,the wheels>> and link:a.html[the page].

=== Overshot
====
Within.
====
`
    const document = load('a.adoc', source)
    expect(document.title).to.equal('The mill')
    expect(document.text.split('\n')).to.deep.equal([
      '# The mill',
      'A. Weir',
      '',
      '',
      '',
      '',
      '## Wheels',
      '',
      '- water',
      '  - fresh',
      '1. first',
      '',
      'A listing',
      '',
      '```python',
      '== not a title',
      '```',
      '',
      '',
      '',
      'See the wheels and the page.',
      '',
      '### Overshot',
      '',
      'Within.',
      '',
      '',
    ])
  })

  it('that opens a listing without an end is read on', () => {
    expect(load('a.adoc', '----\n== One').text).to.equal('----\n## One')
  })
})
