import {expect} from 'chai'
import {load, millisecondsOf} from './loading.js'

describe('the Markdown loader', () => {
  it('makes front matter metadata, and tells where the text begins', () => {
    const got = load(
      'a.md',
      '---\ntitle: "The Title"\nlang: de-AT\ndate: 2024-01-02\ntags: [a, b]\nnested: {n: 1}\n---\n\n# Other\n',
    )
    expect(got).to.deep.equal({
      title: 'The Title',
      text: '\n# Other\n',
      format: 'markdown',
      firstLine: 8,
      language: 'de',
      metadata: {date: '2024-01-02', tags: ['a', 'b'], nested: {n: 1}},
    })
  })

  it('reads TOML front matter', () => {
    const got = load(
      'a.md',
      '+++\ntitle = "T"\ndraft = false\nweight = 3\ndate = 2024-05-06\ntags = ["x", "y",]\n[extra]\nk = \'v\'\n+++\nbody',
    )
    expect(got).to.deep.include({title: 'T', text: 'body', firstLine: 10})
    expect(got.metadata).to.deep.equal({
      draft: false,
      weight: 3,
      date: '2024-05-06',
      tags: ['x', 'y'],
      extra: {k: 'v'},
    })
  })

  it('keeps front matter that can not be read as text', () => {
    const source = '---\na: [1\nb: {\n---\n# Head\n'
    const got = load('a.md', source)
    expect(got).to.deep.include({title: 'Head', text: source, firstLine: 1})
    expect(got.metadata['front_matter_error']).to.be.a('string')
  })

  it('takes a rule at the top for a rule', () => {
    expect(load('a.md', '---\nsome prose\n---\nmore').text).to.equal('---\nsome prose\n---\nmore')
    expect(load('a.md', '---\nnever closed: 1\n').text).to.equal('---\nnever closed: 1\n')
    expect(load('a.md', '---\n---\nx')).to.deep.include({text: 'x', firstLine: 3})
  })

  it('is not harmed by hostile front matter', () => {
    const laughs = `---\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`)
      .join('\n')}\n---\ntext`
    expect(load('a.md', laughs).metadata['front_matter_error']).to.be.a('string')
    const proto = load('a.md', '---\n__proto__: {polluted: 1}\nconstructor: c\nx: {__proto__: {y: 1}}\n---\n')
    expect(Object.keys(proto.metadata)).to.deep.equal(['constructor', 'x'])
    expect(proto.metadata['x']).to.deep.equal({})
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined)
    for (const nest of [
      `a: ${'['.repeat(30_000)}`,
      `a: ${'{a: '.repeat(9000)}`,
      '- '.repeat(30_000),
      '? '.repeat(30_000),
    ]) {
      const deep = load('a.md', `---\n${nest}\n---\ntext`)
      expect(deep.text).to.include(nest)
      expect(deep.metadata['front_matter_error']).to.match(/over \d+/)
    }
    const steps = Array.from({length: 100}, (_, at) => `${' '.repeat(at)}k:`).join('\n')
    expect(load('a.md', `---\n${steps}\n---\ntext`).text).to.equal('text')
  })

  it('finds the first heading outside code', () => {
    expect(load('a.md', '```\n# no\n```\n\n## Real `code` [link](http://x) ##\n').title).to.equal(
      'Real code link',
    )
    expect(load('a.md', 'Under *lined*\n===\n').title).to.equal('Under lined')
    expect(load('notes.old.md', 'no heading').title).to.equal('notes.old')
    expect(load('a.mdx', 'import X from "x"\n\n# MDX <X/> {#id}\n').title).to.equal('MDX')
  })

  it('is linear on hostile headings', () => {
    for (const source of [
      '# ' + '#'.repeat(2_000_000),
      '# ' + ' #'.repeat(1_000_000),
      '# ' + '['.repeat(2_000_000),
      '# ' + ' '.repeat(2_000_000) + 'x',
      '---\n' + '-- '.repeat(500_000),
    ]) {
      expect(
        millisecondsOf(() => load('a.md', source)),
        source.slice(0, 10),
      ).to.be.lessThan(1000)
    }
  })
})
