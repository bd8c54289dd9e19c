import {expect} from 'chai'
import {counted, plural, showBytes, showCount, showDuration} from '../../src/cli/output/human.js'
import {pairs, printable, table, wrap} from '../../src/cli/reporters/table.js'
import {lookOf} from '../../src/cli/output/screen.js'
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

  it('keep control characters away', () => {
    expect(printable('a\u001b[2J\u0007b\u202ec')).to.equal('a [2J b c')
  })

  it('honour NO_COLOR, FORCE_COLOR and the terminal', () => {
    const tty = {isTTY: true, columns: 120} as unknown as Output
    const file = {} as unknown as Output
    expect(lookOf(tty, {})).to.deep.equal({width: 120, colour: true, tty: true})
    expect(lookOf(file, {})).to.deep.equal(pipe)
    expect(lookOf(tty, {NO_COLOR: '1', FORCE_COLOR: '1'}).colour).to.equal(false)
    expect(lookOf(tty, {NO_COLOR: ''}).colour).to.equal(true)
    expect(lookOf(file, {FORCE_COLOR: '1'}).colour).to.equal(true)
    expect(lookOf(tty, {FORCE_COLOR: '0'}).colour).to.equal(false)
    expect(lookOf(tty, {TERM: 'dumb'}).colour).to.equal(false)
  })
})
