import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import {decodeText} from '../../../src/lib/loading/encoding/decode-text.js'
import {millisecondsOf, refusal} from './loading.js'

const folder = path.resolve('../shared/data/parsers/text')

/** Words that only the right decoding gives. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'alice-utf8-bom.txt': ['The Project Gutenberg EBook of Alice’s Adventures'],
  'de-latin1.txt': ['Die Verteidigung der Panthers', 'für', 'größte'],
  'es-cp1252.txt': ['además de liderar las intercepciones'],
  'ru-cp1251.txt': ['Защита Пэнтерс уступила всего 308 очков'],
  'ru-koi8r.txt': ['Защита Пэнтерс уступила всего 308 очков'],
  'el-iso8859-7.txt': ['Η άμυνα των Καρολίνα Πάνθερς'],
  'ja-shiftjis.txt': ['梅雨（つゆ、ばいう）は、北海道と小笠原諸島を除く日本'],
  'ja-eucjp.txt': ['梅雨（つゆ、ばいう）は、北海道と小笠原諸島を除く日本'],
  'ja-iso2022jp.txt': ['梅雨（つゆ、ばいう）は、北海道と小笠原諸島を除く日本'],
  'zh-gb18030.txt': ['黑豹队的防守只丢了 308分，在联赛中排名第六'],
  'zh-big5.txt': ['黑豹的防守只了 308分'],
  'ar-cp1256.txt': ['لم يتخلى فريق بانثرز سوى عن 308 نقطة'],
  'th-tis620.txt': ['ทีมรับของแพนเธอร์สถอดใจที่คะแนน 308'],
  'tr-cp1254.txt': ['Panthers savunması ligdeki derecesi altıncı'],
  'ru-utf16le-bom.txt': ['Защита Пэнтерс уступила'],
  'ru-utf16be-bom.txt': ['Защита Пэнтерс уступила'],
  'ru-utf16le-nobom.txt': ['Защита Пэнтерс уступила'],
  'en-utf16be-nobom.txt': ['The Panthers defense gave up just 308 points'],
  'nul-every-other.bin.txt': ['The Panthers defense gave up just 308 points'],
  'zh-utf32le-bom.txt': ['黑豹队的防守只丢了 308分'],
  'ru-utf8-truncated-mid-char.txt': ['Защита Пэнтерс уступила'],
  'mixed-utf8-then-latin1.txt': ['además de liderar las intercepciones', 'la unidad básica de división'],
  'combining-nfd.txt': ['Đội thủ của Panthers'.normalize('NFD')],
  'sherlock-nul.txt': ['A Study In Scarlet'],
  'overlong-and-surrogates.txt': ['ok \uFFFD\uFFFD ', ' end\nok'],
  'cr-only.txt': ['The Panthers defense'],
  'crlf.txt': ['The Panthers defense'],
}

describe('decodeText', () => {
  const decode = (bytes: Uint8Array): string => decodeText(bytes, 'file.txt')

  it('decodes every file of the encoding collection', function () {
    if (!existsSync(folder)) {
      console.log(`      skipped: there is no ${folder}`)
      return this.skip()
    }
    for (const [name, words] of Object.entries(WORDS)) {
      const text = decode(readFileSync(path.join(folder, name)))
      for (const word of words) {
        if (name === 'combining-nfd.txt') expect(text.normalize('NFD'), name).to.include(word)
        else expect(text, name).to.include(word)
      }
      expect(/[\r\0]|^\uFEFF/.test(text), name).to.equal(false)
    }
    expect(decode(readFileSync(path.join(folder, 'cr-only.txt')))).to.equal(
      decode(readFileSync(path.join(folder, 'crlf.txt'))),
    )
  })

  it('keeps any text through UTF-8, UTF-16 and UTF-32 with a mark', () => {
    const text = fc.string({unit: fc.constantFrom('a', 'é', 'я', '漢', '😀', '\n', ' ', '\t')})
    fc.assert(
      fc.property(text, (source) => {
        expect(decode(Buffer.from(source))).to.equal(source)
        for (const encoding of ['utf8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be']) {
          expect(decode(iconv.encode(source, encoding, {addBOM: true})), encoding).to.equal(source)
        }
      }),
    )
  })

  it('gives clean text of any bytes, or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 300}), (bytes) => {
        let text = ''
        try {
          text = decode(bytes)
        } catch (error) {
          expect(error).to.include({code: 'NOT_TEXT'})
        }
        expect(/[\0\r\x1b]/.test(text)).to.equal(false)
        expect(/\p{Cs}/u.test(text)).to.equal(false)
      }),
      {numRuns: 500},
    )
  })

  it('marks a few bad bytes in UTF-8 instead of taking it for another encoding', () => {
    const good = Buffer.from('Größe über Straße, naïve café. '.repeat(20))
    expect(decode(Buffer.concat([good, Buffer.from([0xff]), good]))).to.equal(`${good}\uFFFD${good}`)
    expect(decode(Buffer.from('x é').subarray(0, 3))).to.equal('x Ã')
    expect(decode(Buffer.from('all ASCII 漢').subarray(0, 12))).to.equal('all ASCII \uFFFD')
  })

  it('finds an encoding that shows late', () => {
    const late = Buffer.concat([
      Buffer.from('plain words only\n'.repeat(20_000)),
      iconv.encode('Привет, дорогой друг, как твои дела сегодня', 'win1251'),
    ])
    expect(decode(late)).to.match(/Привет, дорогой друг, как твои дела сегодня$/)
  })

  it('is not led to Japanese by a few German letters', () => {
    const german = 'Größe und Straße, many plain words '.repeat(50)
    expect(decode(iconv.encode(german, 'latin1'))).to.equal(german)
  })

  it('makes line ends \\n, takes terminal colours out and keeps lines', () => {
    expect(decode(Buffer.from('a\r\nb\rc\n\x1b[31mred\x1b[0m\x1b]0;title\x07 x\x08y\fz\x7f\u0085'))).to.equal(
      'a\nb\nc\nred x y z \u0085',
    )
  })

  it('says why something is not text', () => {
    expect(refusal('a.txt', Buffer.from('%PDF-1.7\n')).message).to.equal(
      'a.txt is not text: it is a PDF document.',
    )
    expect(refusal('a.md', Buffer.from('PK\x03\x04rest')).code).to.equal('NOT_TEXT')
    expect(refusal('a.txt', Buffer.from('abc\0\0\0d')).message).to.equal(
      'a.txt is not text: it holds 3 NUL bytes, the first at offset 3.',
    )
    expect(refusal('a.txt', Buffer.from('\x01\x02\x03\x04abc')).message).to.include('control characters')
    const noise = Buffer.from(Array.from({length: 5000}, (_, at) => (at * 7919 * (at % 97)) & 0xff))
    expect(refusal('a.txt', noise).code).to.equal('NOT_TEXT')
  })

  it('is linear, and quick on valid UTF-8', () => {
    const large = Buffer.from('Straße und Größe. '.repeat(1_000_000))
    expect(millisecondsOf(() => decode(large))).to.be.lessThan(1500)
    const escapes = Buffer.from('\x1b]\x1b[0'.repeat(400_000) + 'words '.repeat(400_000))
    expect(millisecondsOf(() => decode(escapes))).to.be.lessThan(1500)
  })
})
