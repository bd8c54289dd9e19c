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

  it('keeps to <main> when it holds a good part', () => {
    const main = `<p>${'word '.repeat(30)}</p>`
    expect(textOf(`<header>Logo</header><main>${main}</main><footer>(c)</footer>`)).to.equal(
      'word '.repeat(30).trim(),
    )
    expect(textOf(`<main>x</main>${main}`)).to.include('word')
    expect(textOf('<aside>side</aside><p>text')).to.equal('side\n\ntext')
  })

  it('does not lose a page to navigation that never ends', () => {
    expect(textOf('<nav><p>all of it')).to.equal('all of it')
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
