import {randomBytes} from 'node:crypto'
import {expect} from 'chai'
import {load, millisecondsOf} from './loading.js'

const base64 = (bytes: number): string => randomBytes(bytes).toString('base64')
const broken = (bytes: number, width: number): string =>
  base64(bytes).replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n')

describe('what files hold for programs alone', () => {
  const textOf = (name: string, text: string): string => load(name, text).text

  it('is left out: payloads of data URIs, keys, attachments, tokens, wherever they stand', () => {
    const uri = `data:image/png;base64,${base64(90_000)}`
    const stay = 'Turn the blue tap twice.'
    for (const [name, text] of [
      ['a.md', `# Tap\n\n![plan](${uri})\n\n${stay}`],
      ['a.md', `# Tap\n\n<img alt="plan" src="${uri}">\n\n[x]: ${uri}\n\n${stay}`],
      ['a.css', `.tap {background: url(${uri})} /* ${stay} */`],
      ['a.html', `<p>${stay}<p style="background:url(${uri})">`],
      ['a.json', JSON.stringify({icon: uri, body: {note: stay}})],
      ['a.jsonl', `${JSON.stringify({icon: uri})}\n${JSON.stringify({note: stay})}`],
      ['a.csv', `icon,note\n${uri},${stay}\n${uri},x`],
      ['a.xml', `<a><icon>${uri}</icon><note>${stay}</note></a>`],
      ['a.txt', `-----BEGIN CERTIFICATE-----\n${broken(1200, 64)}\n-----END CERTIFICATE-----\n${stay}`],
      ['a.txt', `Attached:\n\n${broken(30_000, 76)}\n\n${stay}`],
      ['a.txt', `> Attached:\n${broken(3000, 76).replaceAll(/^/gm, '> ')}\n${stay}`],
      ['a.yaml', `token: ${randomBytes(900).toString('base64url')}\nnote: ${stay}`],
    ] as const) {
      const got = textOf(name, text)
      expect(got, name).to.contain(stay)
      expect(got.replaceAll(/\n+/g, '\n').length, `${name}: ${got.slice(0, 300)}`).to.be.lessThan(250)
    }
  })

  it('is left out of code: lines that a program wrote for a program', () => {
    const code = 'function a(b,c){return b+c};var d=a(1,2);'.repeat(100)
    expect(textOf('a.js', `// Adds.\n${code}\nlast()`)).to.equal('// Adds.\n\nlast()')
  })

  it('keeps every line in its place', () => {
    const text = `one\n${broken(3000, 76)}\ntwo ${base64(600)} three\nfour`
    const got = textOf('a.txt', text).split('\n')
    expect(got.length).to.equal(text.split('\n').length)
    expect(got.filter((line) => line !== '')).to.deep.equal(['one', 'two … three', 'four'])
  })

  it('is not: checksums, genes, rules, long words, long paths, long lines of prose in any script', () => {
    for (const text of [
      Array.from({length: 20}, (_, i) => `${randomBytes(32).toString('hex')}  file${i}`).join('\n'),
      Array.from({length: 20}, () => randomBytes(64).toString('hex')).join('\n'),
      'GATTACA'.repeat(300),
      Array.from({length: 30}, () => 'ACGT'.repeat(17)).join('\n'),
      '-'.repeat(500),
      '='.repeat(70).concat('\n').repeat(9).trim(),
      `see ${'/usr/share/Documentation/old-version-2'.repeat(9)} there`,
      'A line of prose that goes on and on without an end. '.repeat(80).trim(),
      '日本語の文章はとても長い。'.repeat(400),
      'น้ำขึ้นให้รีบตัก'.repeat(300),
    ])
      expect(textOf('a.txt', text)).to.equal(text)
    const minified = JSON.stringify(Array.from({length: 300}, (_, i) => ({id: i, n: `v${i}`})))
    expect(textOf('a.json', minified)).to.contain('v299')
  })

  it('is found in linear time', () => {
    for (const text of [
      'Ab1'.repeat(2_000_000),
      `${'a'.repeat(199)} `.repeat(20_000),
      'x\n'.repeat(2_000_000),
    ])
      expect(
        millisecondsOf(() => textOf('a.txt', text)),
        text.slice(0, 5),
      ).to.be.lessThan(2000)
  })
})
