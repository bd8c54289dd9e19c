import {expect} from 'chai'
import fc from 'fast-check'
import {csvLine} from '../../src/cli/output/csv.js'
import {
  printable,
  printableLines,
  visible,
  visibleButColours,
  visibleName,
} from '../../src/cli/output/visible.js'

/** Every character that a terminal may act on or not show. */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]/u

describe('text for a terminal', () => {
  it('has what a terminal would act on made visible, and keeps lines and tabs', () => {
    expect(visible('a\u001b[2J\u0007b\u202ec\u009b31m\u007f\0\r\n\tz')).to.equal(
      String.raw`a\u001b[2J\u0007b\u202ec\u009b31m\u007f\u0000\r` + '\n\tz',
    )
    for (const code of [
      0x200e, 0x200f, 0x061c, 0x202a, 0x202e, 0x2066, 0x2069, 0x200b, 0xfeff, 0x2028, 0xad, 0x3164,
    ])
      expect(visible(`a${String.fromCodePoint(code)}b`)).to.equal(
        `a\\u${code.toString(16).padStart(4, '0')}b`,
      )
    expect(visible('a\u{e0041}b')).to.equal(String.raw`a\udb40\udc41b`)
  })

  it('keeps what a language or an emoji is written with, and shows it where it hides', () => {
    for (const text of [
      '👨\u200d👩\u200d👧',
      '❤\ufe0f',
      'می\u200cخواهم',
      'क्\u200dष',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      '葛\u{e0100}',
      'naïve e\u0301 ﬁ 日本語 ไทย עברית',
    ])
      expect(visible(text), text).to.equal(text)
    expect(visible('pay\u200dpal')).to.equal(String.raw`pay\u200dpal`)
    expect(visible('a\u200c')).to.equal(String.raw`a\u200c`)
    expect(visible('❤\ufe0f\ufe01\ufe02')).to.equal('❤\ufe0f' + String.raw`\ufe01\ufe02`)
    expect(visible('a\u{e0100}\u{e0101}')).to.equal(String.raw`a\udb40\udd00\udb40\udd01`)
  })

  it('leaves none of them in any text, and a JSON document the same document', () => {
    const hostile = fc
      .array(
        fc.oneof(
          fc.integer({min: 0, max: 0x10ffff}).map((code) => String.fromCodePoint(code)),
          fc.constantFrom(...'\u001b\u009b\u202e\u2066\u200b\r\0a[;m'.split('')),
        ),
        {maxLength: 40},
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text).replaceAll(/[\n\t]/g, '')).not.to.match(UNSEEN)
        expect(visibleName(text)).not.to.match(UNSEEN)
        expect(printable(text)).not.to.match(UNSEEN)
        expect(visibleButColours(text).replaceAll(/\u001b\[[0-9;]*m|[\n\t]/g, '')).not.to.match(UNSEEN)
        expect(JSON.parse(visible(JSON.stringify({[text]: text}, null, 2)))).to.deep.equal({[text]: text})
      }),
      {numRuns: 400},
    )
  })

  it('is one line of running text, or of a name', () => {
    expect(printable('a\r\n b\tc\u00add')).to.equal('a  b cd')
    expect(visibleName('a\nb\t\u001b')).to.equal(String.raw`a\nb\t\u001b`)
    expect(printableLines('a\r\n\tb\u00ad\u001b')).to.equal('a\n\tb' + String.raw`\u001b`)
  })
})

describe('a cell of CSV', () => {
  it('is not run by a spreadsheet; numbers stay numbers, and raw is raw', () => {
    const cells = [
      '=1+1',
      '+cmd|x',
      '-2+3',
      '@SUM(A1)',
      '\tx',
      '\rx',
      '\nx',
      '＝1',
      'a=1',
      '-5',
      '+1.5e-3',
      '-',
      '',
    ]
    const line = "'=1+1,'+cmd|x,'-2+3,'@SUM(A1),'\tx,\"'\rx\",\"'\nx\",'＝1,a=1,-5,+1.5e-3,'-,\n"
    expect(csvLine(cells, {raw: false})).to.equal(line)
    expect(csvLine(['=1+1', '"=x"'], {raw: true})).to.equal('=1+1,"""=x"""\n')
  })
})
