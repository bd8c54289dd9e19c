import {expect} from 'chai'
import stringWidth from 'string-width'
import {counted, plural, showBytes, showCount, showDuration} from '../../src/cli/output/human.js'
import {breakWord, columnsOf, cutTo, padTo, wrap} from '../../src/cli/output/columns.js'
import {renderSearch} from '../../src/cli/reporters/search.js'
import {pairs, table} from '../../src/cli/reporters/table.js'
import {screenOf, withStyles} from '../../src/cli/output/screen.js'
import type {SearchReport} from '../../src/lib/index.js'
import type {Output} from '../../src/cli/surroundings.js'

const pipe = {width: Infinity, colour: false, tty: false}

describe('reporters', () => {
  it('write numbers, sizes and durations for people', () => {
    expect([0, 999, 1000, 1234567].map(showCount)).to.deep.equal(['0', '999', '1,000', '1,234,567'])
    expect([0, 1023, 1024, 1500, 64 * 1024 ** 2, 5e12].map(showBytes)).to.deep.equal([
      '0 B',
      '1023 B',
      '1.0 KB',
      '1.5 KB',
      '64 MB',
      '4.5 TB',
    ])
    expect([0.1234, 12.34, 125, 4320].map(showDuration)).to.deep.equal([
      '0.12 s',
      '12.3 s',
      '2 min 5 s',
      '1 h 12 min',
    ])
    expect([plural(1, 'chunk'), plural(2, 'chunk')]).to.deep.equal(['1 chunk', '2 chunks'])
    expect([counted(1, 'files'), counted(1200, 'files')]).to.deep.equal(['1 file', '1,200 files'])
  })

  it('align columns, and cut those that may be cut until the line fits', () => {
    const columns = [
      {title: 'NAME', cut: true},
      {title: 'N', right: true},
    ]
    const rows = [
      ['short', '7'],
      ['a-very-long-name-indeed-it-is', '12345'],
    ]
    expect(table(columns, rows, pipe)).to.equal(
      'NAME                               N\nshort                              7\na-very-long-name-indeed-it-is  12345\n',
    )
    const narrow = table(columns, rows, {...pipe, width: 20})
      .trimEnd()
      .split('\n')
    expect(narrow.map((line) => line.length)).to.deep.equal([20, 20, 20])
    expect(
      pairs([
        ['A', '1'],
        ['Long', '2'],
      ]),
    ).to.equal('A     1\nLong  2\n')
  })

  it('fold at spaces, and break what is longer than a line', () => {
    expect(wrap('one two three', 7)).to.deep.equal(['one two', 'three'])
    expect(wrap('abcdefghij', 4)).to.deep.equal(['abcd', 'efgh', 'ij'])
    expect(wrap('one two', Infinity)).to.deep.equal(['one two'])
  })

  describe('with characters that are wider or narrower than one column', () => {
    const JAPANESE = '日本語の文書'
    const FAMILY = '👨\u200d👩\u200d👧'
    const ACUTE = 'e\u0301'

    it('measure what the terminal shows', () => {
      expect(
        [JAPANESE, FAMILY, ACUTE, '한국어', 'ｆｕｌｌ', 'ﾊﾝｶｸ', 'ไทย', 'abc'].map(columnsOf),
      ).to.deep.equal([12, 2, 1, 6, 8, 4, 3, 3])
    })

    it('take the common scripts for what they are without looking them up', () => {
      for (let code = 0x20; code < 0x2100; code++) {
        const text = String.fromCharCode(code)
        if (/\p{L}|\p{N}|\p{P}|\p{S}/u.test(text)) expect(columnsOf(text), text).to.equal(stringWidth(text))
      }
    })

    it('cut and pad by columns, and tear no character from its marks', () => {
      expect(cutTo(JAPANESE, 12)).to.equal(JAPANESE)
      expect(cutTo(JAPANESE, 11)).to.equal('日本語の文…')
      expect(cutTo(JAPANESE, 10)).to.equal('日本語の…')
      expect(cutTo(FAMILY.repeat(3), 5)).to.equal(`${FAMILY.repeat(2)}…`)
      expect(cutTo(ACUTE.repeat(5), 4)).to.equal(`${ACUTE.repeat(3)}…`)
      expect(padTo('日本', 6)).to.equal('日本  ')
      expect(padTo(ACUTE, 3, true)).to.equal(`  ${ACUTE}`)
    })

    it('align and fit a table', () => {
      const columns = [
        {title: 'NAME', cut: true},
        {title: 'N', right: true},
      ]
      const rows = ['short', JAPANESE.repeat(4), `${FAMILY} ${ACUTE.repeat(30)}`].map((name) => [name, '7'])
      for (const width of [Infinity, 40, 21, 20]) {
        const lines = table(columns, rows, {...pipe, width})
          .trimEnd()
          .split('\n')
        const wide = Number.isFinite(width) ? width : 51
        expect(lines.map(columnsOf), `${width} columns`).to.deep.equal(lines.map(() => wide))
      }
    })

    it('fold lines', () => {
      expect(wrap('日本語の 文書', 7)).to.deep.equal(['日本語', 'の 文書'])
      expect(wrap(JAPANESE, 5)).to.deep.equal(['日本', '語の', '文書'])
      expect(breakWord('日本', 1)).to.deep.equal(['日', '本'])
      expect(wrap(FAMILY.repeat(3), 4)).to.deep.equal([FAMILY.repeat(2), FAMILY])
    })

    it('fold the snippet of a hit, with its marks', () => {
      const text = `${JAPANESE.repeat(10)} ${FAMILY} plain words`
      const hit = {rank: 1, score: 1, docId: 'a', heading: [], lines: [1, 1], scores: {}, text}
      const marks = [[4, 8]]
      const report = {hits: [{...hit, snippet: {text, marks}}]} as unknown as SearchReport
      for (const screen of [
        {width: 40, colour: false, tty: true},
        {width: 40, colour: true, tty: true},
      ]) {
        const [, ...lines] = withStyles(renderSearch(report, screen, false))
          .trimEnd()
          .split('\n')
        expect(lines.length).to.be.greaterThan(3)
        for (const line of lines) expect(columnsOf(line)).to.be.at.most(screen.colour ? 40 : 44)
        const shown = lines.map((line) => line.trim()).join('')
        expect(shown).to.contain(screen.colour ? '\u001b[1m文書日本\u001b[22m' : '**文書日本**')
      }
    })
  })

  it('honour NO_COLOR, FORCE_COLOR and the terminal', () => {
    const tty = {isTTY: true, columns: 120} as unknown as Output
    const file = {} as unknown as Output
    expect(screenOf(tty, {})).to.deep.equal({width: 120, colour: true, tty: true})
    expect(screenOf(file, {})).to.deep.equal(pipe)
    expect(screenOf(tty, {NO_COLOR: '1', FORCE_COLOR: '1'}).colour).to.equal(false)
    expect(screenOf(tty, {NO_COLOR: ''}).colour).to.equal(true)
    expect(screenOf(file, {FORCE_COLOR: '1'}).colour).to.equal(true)
    expect(screenOf(tty, {FORCE_COLOR: '0'}).colour).to.equal(false)
    expect(screenOf(tty, {TERM: 'dumb'}).colour).to.equal(false)
  })
})
