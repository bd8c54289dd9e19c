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

  it('takes HTML headings for headings, and leaves comments and anchors out, but not in code', () => {
    const source = [
      '<h1 align="center">Otter <em>kit</em></h1>',
      '<!-- a comment\nof two lines -->',
      '<div align="center">\n  <img src="x.svg" alt="Logo">\n  <h2>Dive\n  deep</h2>\n  <p>Swims.</p>\n</div>',
      '## Feed {/* #feed */}',
      '<a id="fish"></a>Fish, `<!-- kept -->` and <a href="u">links</a>.',
      '```html\n<h1>code</h1> <!-- kept -->\n```',
      '    <h1>indented</h1>',
      '<h3></h3> <!-- never closed',
    ].join('\n\n')
    const got = load('a.md', source)
    expect(got.title).to.equal('Otter kit')
    expect(got.text.split('\n').length).to.equal(source.split('\n').length)
    expect(got.text.replace(/\n+/g, '\n').split('\n')).to.deep.equal([
      '# Otter kit',
      'Logo',
      '## Dive deep',
      'Swims.',
      '## Feed ',
      'Fish, `<!-- kept -->` and <a href="u">links</a>.',
      '```html',
      '<h1>code</h1> <!-- kept -->',
      '```',
      '    <h1>indented</h1>',
      '<!-- never closed',
    ])
    for (const hostile of ['<!--', '<h1>', '{/*', '<a ', '`<!---->', '<h1></h2>', '<img alt="'])
      expect(
        millisecondsOf(() => load('a.md', hostile.repeat(100_000))),
        hostile,
      ).to.be.lessThan(2500)
  })

  it('reads YAML front matter as people write it', () => {
    for (const [yaml, metadata, title] of [
      ['title: Tides: a guide\ntags: [sea, moon]', {tags: ['sea', 'moon']}, 'Tides: a guide'],
      ['title: One\ntitle: Two\nn: 1', {n: 1}, 'Two'],
      ['title: {{title}}\nalias: {{date:WW}} daily', {alias: '{{date:WW}} daily'}, '{{title}}'],
      ['title: T\nsee: [[A]], [[B]]\nup: "[[C]]"', {see: '[[A]], [[B]]', up: '[[C]]'}, 'T'],
      ['title: T\nlist:\n\t- a\n\t- b', {list: ['a', 'b']}, 'T'],
      ['title: "x" y\nother: @home\nq: %x', {other: '@home', q: '%x'}, '"x" y'],
    ] as const) {
      const got = load('a.md', `---\n${yaml}\n---\nBody\n`)
      expect(got.title, yaml).to.equal(title)
      expect(got.metadata, yaml).to.deep.equal(metadata)
      expect(got.text, yaml).to.equal('Body\n')
      expect(got, yaml).to.not.have.property('faults')
    }
    const broken = load('a.md', '---\ntitle: T\n}} no\ntags: [a]\n---\nBody\n')
    expect(broken).to.deep.include({title: 'T', firstLine: 1})
    expect(broken.metadata).to.deep.include({tags: ['a']})
    expect(broken.faults?.map(({line}) => line)).to.deep.equal([3])
    expect(broken.text).to.contain('}} no').and.contain('Body')
  })

  describe('TOML front matter', () => {
    const toml = (...lines: string[]) => load('a.md', ['+++', ...lines, '+++', 'body'].join('\n'))

    it('may go on over lines, in inline tables, dotted keys and arrays of tables', () => {
      const got = toml(
        'title = "Multi tags"',
        'tags = [',
        '  "one", # first',
        '  "two",',
        ']',
        'description = """',
        'Line one',
        'line = two"""',
        "summary = '''",
        "abc'''",
        'author = {name = "Ada", born = 1815-12-10}',
        'seo.index = true',
        '[[menu]]',
        'weight = 1',
        '[[menu]]',
        'weight = 2',
      )
      expect(got).to.deep.include({title: 'Multi tags', text: 'body', firstLine: 19})
      expect(got.metadata).to.deep.equal({
        tags: ['one', 'two'],
        description: 'Line one\nline = two',
        summary: 'abc',
        author: {name: 'Ada', born: '1815-12-10'},
        seo: {index: true},
        menu: [{weight: 1}, {weight: 2}],
      })
    })

    it('keeps dates, and numbers that JSON has no form for, as they are written', () => {
      const written = {
        a: '2024-05-06T07:08:09-07:00',
        b: '2024-05-06 07:08',
        c: '07:32:00',
        d: '1_000',
        e: '0xDEADBEEF',
        f: '+5',
        g: '12345678901234567890',
        h: 'inf',
        i: '1.2.3',
        j: '2024-99-99',
      }
      const got = toml(
        ...Object.entries(written).map(([key, text]) => `${key} = ${text} # as it stands`),
        'k = -2.50',
        'l = 1e3',
        'm = 9007199254740991',
        'n = "2024-05-06 # 1_000"',
        'o = [2024-05-06, 1_000, 7]',
      )
      expect(got.metadata).to.deep.equal({
        ...written,
        k: -2.5,
        l: 1000,
        m: 9007199254740991,
        n: '2024-05-06 # 1_000',
        o: ['2024-05-06', '1_000', 7],
      })
    })

    it('keeps a value that is no TOML as the text that stands there', () => {
      const got = toml(
        'title = My page',
        'tags = [rust, "command line"]',
        'path = "C:\\Users\\x"',
        'open = "never',
        'draft = false',
      )
      expect(got).to.deep.include({title: 'My page', text: 'body'})
      expect(got.metadata).to.deep.equal({
        tags: ['rust', 'command line'],
        path: 'C:\\Users\\x',
        open: '"never',
        draft: false,
      })
    })

    it('names broken lines, reads the rest, and loses no text', () => {
      const got = toml(
        'title = "T"',
        'this is no TOML',
        'tags = ["a"]',
        'tags = ["b"]',
        'list = [',
        '  "one"',
        '  "two",',
        ']',
        '[extra]',
        'k = 1',
        '[extra]',
        'k = 2',
        '[last]',
        'z = 3',
      )
      expect(got.title).to.equal('T')
      expect(got.text).to.contain('this is no TOML').and.to.contain('body')
      expect(got.firstLine).to.equal(1)
      const {front_matter_error: error, ...rest} = got.metadata
      expect(rest).to.deep.equal({tags: ['a'], extra: {k: 1}, last: {z: 3}})
      expect(error).to.match(/^line 3 of the front matter: .+; line 5 of the front matter: .+; line \d/)
    })

    it('is text when nothing of it can be read, or next to nothing', () => {
      const prose = toml('Once upon a time.', 'There was a page.')
      expect(prose.text).to.contain('Once upon')
      expect(Object.keys(prose.metadata)).to.deep.equal(['front_matter_error'])
      expect(prose.metadata['front_matter_error']).to.match(/^line 2 of the front matter: /)
      const broken = toml('a = 1', ...Array.from({length: 40}, () => 'prose'))
      expect(Object.keys(broken.metadata)).to.deep.equal(['front_matter_error'])
    })

    it('is quick and harmless when it is hostile', () => {
      for (const source of [
        'a = ' + '['.repeat(60_000),
        'a = ' + '{a='.repeat(20_000),
        'a.'.repeat(30_000) + 'a = 1',
        Array.from({length: 4000}, (_, at) => `k${at} = prose`).join('\n'),
        'a = "' + '\\'.repeat(60_000),
        '"'.repeat(60_000),
        '""" '.repeat(15_000),
        'a = ' + '1'.repeat(60_000),
        '1:'.repeat(30_000),
        '[' + 'a.'.repeat(30_000) + 'a]',
        '[[a]]\n'.repeat(9000),
      ])
        expect(
          millisecondsOf(() => toml(source)),
          source.slice(0, 10),
        ).to.be.lessThan(1000)
      const got = toml('__proto__ = {polluted = 1}', 'constructor = "c"', 'x.__proto__.y = 1')
      expect(got.metadata).to.deep.equal({constructor: 'c', x: {}})
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined)
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
