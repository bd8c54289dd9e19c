import {crc32} from 'node:zlib'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import fc from 'fast-check'
import {
  CHECKED_COLUMNS,
  CHECKED_TABLES,
  checksumOf,
} from '../../../../src/lib/adapters/sqlite/checksums/checked-tables.js'
import {addChecksumFunctions} from '../../../../src/lib/adapters/sqlite/checksums/checksum-functions.js'
import {beforeFlip} from '../../../../src/lib/adapters/sqlite/checksums/flipped-bit.js'
import {
  columnKey,
  columnTerm,
  hexTerm,
  type Value,
} from '../../../../src/lib/adapters/sqlite/checksums/row-checksum.js'

const RUNS = {numRuns: 500}

const text = fc.oneof(
  fc.string({maxLength: 100}),
  fc.string({unit: 'binary', maxLength: 100}),
  // Halves of pairs, too, and NUL.
  fc.string({
    unit: fc.integer({min: 0, max: 0xffff}).map((code) => String.fromCharCode(code)),
    maxLength: 100,
  }),
)
const number = fc.oneof(fc.maxSafeInteger(), fc.double(), fc.constantFrom(0, -0, 1, -1, 2 ** 31, 2 ** 32))
const bytes = fc.uint8Array({maxLength: 100}).map((it) => Buffer.from(it))
const value: fc.Arbitrary<Value> = fc.oneof(fc.constant(null), number, text, bytes)
const row = fc.tuple(...CHECKED_COLUMNS.messages.map(() => value))
const place = fc.nat(CHECKED_COLUMNS.messages.length - 1)
const messages = checksumOf('messages')
const key = columnKey('messages', 'text')

describe('the checksum of a row', () => {
  it('is of a known form, on any machine', () => {
    const known: [Value, number][] = [
      [null, -2055894533],
      [0, -749104437],
      [1733011200000, 287630213],
      [-1.5, -1528514607],
      ['', 1160897895],
      ['bees swarm in May', 556664047],
      ['Dämmerung', 1931800964],
      [Buffer.from('bees'), 1108648816],
    ]
    expect(known.map(([it]) => columnTerm(key, it))).to.deep.equal(known.map(([, term]) => term))
    expect(columnKey('messages', 'text')).to.equal(crc32('messages.text') | 0)
  })

  it('is another one whichever bit of a text, of bytes or of a number is flipped', () => {
    fc.assert(
      fc.property(fc.oneof(text, bytes, number), fc.nat(), (it, where) => {
        const raw = typeof it === 'number' ? doubleBytes(it) : Buffer.from(it as string)
        if (raw.length === 0) return
        const bit = where % (8 * raw.length)
        const flipped = Buffer.from(raw)
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        const form = (buffer: Buffer): Value => (typeof it === 'number' ? buffer.readDoubleLE() : buffer)
        const [before, after] = [form(raw), form(flipped)]
        if (Object.is(before, after) || isSameInSqlite(before, after)) return
        expect(columnTerm(key, before)).not.to.equal(columnTerm(key, after))
      }),
      RUNS,
    )
  })

  it('is another one when a column holds another value, in whatever row', () => {
    fc.assert(
      fc.property(row, place, value, (values, at, other) => {
        const changed = values.map((it, i) => (i === at ? other : it))
        expect(messages.of(values) === messages.of(changed)).to.equal(isSameInSqlite(values[at]!, other))
      }),
      RUNS,
    )
  })

  it('is another one when two columns are exchanged, and when tables are', () => {
    fc.assert(
      fc.property(row, place, place, (values, one, other) => {
        const exchanged = [...values]
        ;[exchanged[one], exchanged[other]] = [values[other]!, values[one]!]
        const same = isSameInSqlite(values[one]!, values[other]!)
        expect(messages.of(values) === messages.of(exchanged)).to.equal(same)
      }),
      RUNS,
    )
    const row10 = [1, 2, 3, 4, 8, 2, 'seg', 10, 'abc', 5]
    expect(checksumOf('segments').of([...row10, null])).not.to.equal(checksumOf('segment_drafts').of(row10))
  })

  it('has a key for each column that no other has', () => {
    const keys = CHECKED_TABLES.flatMap((table) => CHECKED_COLUMNS[table].map((it) => columnKey(table, it)))
    expect(new Set(keys).size).to.equal(keys.length)
  })

  it('is that of what SQLite gives back for what was stored, also of halves of pairs, NaN and -0', () => {
    const db = new Database(':memory:')
    db.exec('CREATE TABLE t (n REAL, i INTEGER, s TEXT, b BLOB) STRICT')
    const put = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?) RETURNING n, i, s, b').raw()
    fc.assert(
      fc.property(number, fc.maxSafeInteger(), text, bytes, (n, i, s, b) => {
        const stored = put.get(n, i, s, b) as Value[]
        expect([n, i, s, b].map((it) => columnTerm(key, it))).to.deep.equal(
          stored.map((it) => columnTerm(key, it)),
        )
      }),
      RUNS,
    )
    db.close()
  })

  it('takes bytes as hexadecimal digits, too', () => {
    fc.assert(
      fc.property(bytes, (it) => {
        expect(hexTerm(key, it.toString('hex'))).to.equal(columnTerm(key, it))
        expect(hexTerm(key, it.toString('hex').toUpperCase())).to.equal(columnTerm(key, it))
      }),
      RUNS,
    )
  })

  it('tells which bit of a row was flipped, and what it was', () => {
    const keys = CHECKED_COLUMNS.messages.map((column) => columnKey('messages', column))
    fc.assert(
      fc.property(row, place, fc.nat(), (values, at, where) => {
        const stored = values.map((it) => (typeof it === 'string' ? Buffer.from(it.toWellFormed()) : it))
        const isText = values.map((it) => typeof it === 'string')
        const checksum = messages.of(values.map((it) => (typeof it === 'string' ? it.toWellFormed() : it)))
        const raw = stored[at]!
        if (!(raw instanceof Uint8Array) || raw.length === 0) return
        const bytes = Buffer.from(raw)
        const bit = where % (8 * bytes.length)
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        const damaged = {keys, values: stored.map((it, i) => (i === at ? bytes : it)), isText, checksum}
        const before = beforeFlip(damaged)!
        expect(before.place).to.equal(at)
        expect(Buffer.from(before.value as string).equals(Buffer.from(raw))).to.equal(true)
        const one = beforeFlip({...damaged, values: stored, checksum: checksum ^ 8})
        expect(one).to.deep.equal({place: 'checksum', value: checksum})
        // Carried on after the flip, it is still as far away, in other bits.
        for (const carried of [(checksum + 8) | 0, (checksum - 8) | 0, checksum ^ (1 << 31)])
          expect(beforeFlip({...damaged, values: stored, checksum: carried})).to.deep.equal({
            place: 'checksum',
            value: checksum,
          })
      }),
      RUNS,
    )
  })

  it('is carried on by a change of columns, and leaves damage of others visible', () => {
    const db = new Database(':memory:')
    addChecksumFunctions(db)
    const carry = db.prepare('SELECT carry_checksum(?, ?, ?, ?)').pluck()
    const keys = CHECKED_COLUMNS.messages.map((column) => columnKey('messages', column))
    fc.assert(
      fc.property(row, place, value, (values, at, other) => {
        const changed = values.map((it, i) => (i === at ? other : it))
        const before = messages.of(values)
        expect(carry.get(before, keys[at], values[at], other)).to.equal(messages.of(changed))
        expect(carry.get(before ^ 64, keys[at], values[at], other)).not.to.equal(messages.of(changed))
      }),
      RUNS,
    )
    db.close()
  })
})

function doubleBytes(it: number): Buffer {
  const buffer = Buffer.alloc(8)
  buffer.writeDoubleLE(it)
  return buffer
}

/** What SQLite stores alike. */
function isSameInSqlite(one: Value, other: Value): boolean {
  const stored = (it: Value): string => {
    if (it === null || Number.isNaN(it)) return 'null'
    if (typeof it === 'number') return `number ${it === 0 ? 0 : it}`
    return typeof it === 'string'
      ? `text ${Buffer.from(it).toString('hex')}`
      : `bytes ${Buffer.from(it).toString('hex')}`
  }
  return stored(one) === stored(other)
}
