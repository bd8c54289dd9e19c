import {expect} from 'chai'
import iconv from 'iconv-lite'
import {load, millisecondsOf} from './loading.js'

const textOf = (html: string): string => load('a.html', html).text

describe('the HTML loader', () => {
  it('makes Markdown of a page', () => {
    const got = load(
      'page.html',
      `<!doctype html><html lang="en-GB"><head><title>A &amp; B</title><meta name="Description" content="what it is"><style>x{}</style></head>
       <body><nav><a href=/>Home</a></nav><h1>Head <em>line</em></h1><p>One   two<br>three &lt;b&gt; <a href="x">link</a> <code>f()</code></p>
       <ul><li>first<li>second<ul><li>inner</ul></ul><pre><code class="language-js">let a\n  = 1 &lt; 2</code></pre>
       <table><tr><th>k<th>v</tr><tr><td>a|b<td><p>1</p></tr></table><script>alert(1)</script><p># not a heading</body></html>`,
    )
    expect(got).to.deep.include({
      title: 'A & B',
      language: 'en',
      format: 'markdown',
      metadata: {description: 'what it is'},
    })
    expect(got.text).to.equal(
      '# Head line\n\nOne two\nthree <b> link `f()`\n\n- first\n- second\n  - inner\n\n```js\nlet a\n  = 1 < 2\n```\n\n' +
        '| k | v |\n| --- | --- |\n| a\\|b | 1 |\n\n\\# not a heading',
    )
  })

  it('keeps all text outside navigation: an <article> may be a card or a comment, a <main> half of the page', () => {
    const card = (n: number): string => `<article><h3>Card ${n}</h3><p>Teaser ${n}</article>`
    expect(textOf(`<h1>Oars</h1><p>Grease them.<section>${card(1)}${card(2)}</section>`)).to.equal(
      '# Oars\n\nGrease them.\n\n### Card 1\n\nTeaser 1\n\n### Card 2\n\nTeaser 2',
    )
    expect(
      textOf('<header>Boats</header><main><p>Row.</main><nav>Home</nav><aside>Side</aside><footer>End'),
    ).to.equal('Boats\n\nRow.\n\nSide\n\nEnd')
  })

  it('takes what ends with /> for closed, so that it swallows nothing', () => {
    for (const tag of 'svg math script style title iframe video canvas object textarea code pre div'.split(
      ' ',
    ))
      expect(textOf(`<p>before</p><${tag} id="x"/><p>after</p>`), tag).to.equal('before\n\nafter')
    expect(textOf('<svg><g><svg/><text>drawn</text></g></svg><p>after')).to.equal('after')
    const xhtml = '<?xml version="1.0"?><html><head><title/><script src="a"/></head><body><h1>Fore</h1><p>aft'
    expect(load('a.xhtml', xhtml)).to.include({title: 'Fore', text: '# Fore\n\naft'})
  })

  it('does not lose a page to what would be dropped and never ends', () => {
    expect(textOf('<nav><p>all of it')).to.equal('all of it')
    expect(textOf('<p>one<nav><a>two</a><p>three<canvas>four')).to.equal('one\n\ntwo\n\nthree\n\nfour')
    expect(textOf('<p>one<script>let a = 1')).to.equal('one')
  })

  it('takes a table within a table for layout', () => {
    expect(textOf('<table><tr><td>menu<td><table><tr><td>a<td>b</table><p>after</table>')).to.include(
      '| a | b |',
    )
    expect(textOf(`<table><tr><td>menu<td>${'long '.repeat(200)}</table>`)).to.match(/^menu\n\nlong/)
  })

  it('uses the encoding that the page names', () => {
    const page = '<meta charset="windows-1251"><p>Да'
    expect(load('a.html', iconv.encode(page, 'win1251')).text).to.equal('Да')
  })

  it('is titled by its first heading, else its name', () => {
    expect(load('a.html', '<h2>Two</h2>').title).to.equal('Two')
    expect(load('a.html', '<p>x').title).to.equal('a')
  })

  it('survives nesting bombs and soup in linear time', () => {
    const bombs = [
      '<div>'.repeat(1_000_000) + 'deep',
      '<div>'.repeat(300_000) + 'deep' + '</div>'.repeat(300_000),
      '<table><tr><td>'.repeat(200_000) + 'deep',
      '<b>'.repeat(200_000) + '</i>'.repeat(200_000) + 'deep',
      '<ul><li>'.repeat(200_000) + 'deep',
      '<p a="'.repeat(200_000) + '"><p>deep',
      '<!--'.repeat(300_000) + '--><p>deep',
      '&'.repeat(1_000_000) + ' deep',
      '<pre>' + '`'.repeat(1_000_000) + 'deep',
    ]
    for (const bomb of bombs) {
      const ms = millisecondsOf(() => expect(textOf(bomb), bomb.slice(0, 20)).to.include('deep'))
      expect(ms, bomb.slice(0, 20)).to.be.lessThan(2500)
    }
  })

  it('holds no NUL and no half of a surrogate pair, whatever the entities say', () => {
    expect(textOf('<p>a&#0;b&#xD800;c&#x1F600;')).to.equal('a\uFFFDb\uFFFDc😀')
  })
})
