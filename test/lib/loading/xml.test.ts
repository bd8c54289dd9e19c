import {expect} from 'chai'
import {load, millisecondsOf} from './loading.js'

const textOf = (xml: string): string => load('a.xml', xml).text

describe('the XML loader', () => {
  it('makes sections of questions and answers', () => {
    const long = 'An answer. '.repeat(30).trim()
    const got = load(
      '1.xml',
      `<?xml version="1.0"?><!-- c --><Document id="7" source="CDC" xmlns:a="b" xml:lang="en"><Focus>Some Disease</Focus><Empty/>
       <QAPairs><QAPair pid="1"><Question q="1">What is it ?</Question>\n<Answer>${long}\n\n     - item &amp; more</Answer></QAPair></QAPairs></Document>`,
    )
    expect(got).to.deep.include({
      title: 'Some Disease',
      language: 'en',
      metadata: {id: '7', source: 'CDC'},
      format: 'markdown',
    })
    expect(got.text).to.equal(`# Some Disease\n\n### What is it ?\n\n${long}\n\n- item & more`)
  })

  it('renders short texts by name, and keeps mixed text together', () => {
    expect(textOf('<a><b>1</b><c>two</c></a>')).to.equal('b: 1\nc: two')
    expect(textOf('<d><p>Some <b>bold</b> and <i>more</i> text</p><p><b>First</b> bold</p></d>')).to.equal(
      '# Some bold and more text\n\np: First bold',
    )
    expect(textOf('<a><![CDATA[<raw> & ]]></a>')).to.equal('a: <raw> &')
  })

  it('takes the values of attributes for text, technical ones apart', () => {
    const xml = `<app xmlns:x="u"><!-- c --><set key="IdleMinutes" value="45"/><set key="Relay" x:q="" value="mx.example"/>
      <db name="ledger" class="wide" timeout="30">Main books</db></app>`
    expect(textOf(xml)).to.equal(
      'set: key: IdleMinutes; value: 45\nset: key: Relay; value: mx.example\ndb: name: ledger; timeout: 30\ndb: Main books',
    )
    const long = 'Grease the hinge, then wait a day. '.repeat(4).trim()
    expect(textOf(`<posts><row Id="1" Title="How to stop a squeak" Body="${long}"/></posts>`)).to.equal(
      `Id: 1\nTitle: How to stop a squeak\nBody: ${long}`,
    )
    expect(textOf('<m><arg name="selector"><desc>Which ones</desc></arg></m>')).to.equal(
      'arg: name: selector\ndesc: Which ones',
    )
    expect(textOf('<p>Mixed <a href="u.html">with a link</a> <br kind="soft"/> text</p>')).to.equal(
      'p: Mixed with a link text',
    )
    expect(textOf('<only kind="one word"/>')).to.equal('only: kind: one word')
  })

  it('never expands declared entities', () => {
    const laughs = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY s SYSTEM "file:///etc/passwd">]><x>&b; &s; ok</x>`
    expect(textOf(laughs)).to.equal('x: &b; &s; ok')
  })

  it('reads malformed XML as far as it goes', () => {
    expect(textOf('<a><b>one</c><d>two')).to.include('two')
    expect(textOf('no element at all')).to.equal('no element at all')
    expect(load('e.xml', '')).to.deep.include({title: 'e', text: ''})
  })

  it('survives nesting bombs in linear time', () => {
    const bombs = [
      '<a>'.repeat(500_000) + 'deep',
      '<a>'.repeat(300_000) + 'deep' + '</b>'.repeat(300_000),
      '<a><b>x</b>'.repeat(200_000) + 'deep',
      '<a>' + '<b>x</b>'.repeat(300_000) + 'deep</a>',
      '<a>' + '<b>x</b>deep'.repeat(200_000) + '</a>',
      '<a ' + 'x="1" '.repeat(300_000) + '>deep</a>',
    ]
    for (const bomb of bombs) {
      const ms = millisecondsOf(() => expect(textOf(bomb), bomb.slice(0, 20)).to.include('deep'))
      expect(ms, bomb.slice(0, 20)).to.be.lessThan(2500)
    }
  })
})
