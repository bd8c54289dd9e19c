import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {Packr} from 'msgpackr'
import {decodeValue, type Decoded} from '../../../src/lib/codec/decode-value.js'
import {NEEDS_MORE, scanValue} from '../../../src/lib/codec/scan-value.js'

const SUITE = path.resolve('../shared/data/msgpack/msgpack-test-suite.json')

type Case = {readonly msgpack: readonly string[]} & Readonly<Record<string, unknown>>

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
const decode = (bytes: Uint8Array): Decoded => decodeValue({bytes, view: view(bytes)}, 0)
const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex === '' ? [] : hex.split('-').map((byte) => parseInt(byte, 16)))

/** As the suite writes values down. */
function expected(one: Case): unknown {
  const [kind] = Object.keys(one).filter((key) => key !== 'msgpack')
  const value = one[kind!]
  switch (kind) {
    case 'binary':
      return fromHex(value as string)
    case 'bignum':
      return BigInt(value as string)
    case 'ext': {
      const [extension, data] = value as [number, string]
      return {extension, data: fromHex(data)}
    }
    case 'timestamp': {
      const [seconds, nanoseconds] = value as [number, number]
      return new Date(seconds * 1000 + nanoseconds / 1e6)
    }
    default:
      return value
  }
}

function plain(value: Decoded): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, one]) => [key, plain(one as Decoded)]))
  return Array.isArray(value) ? value.map((one) => plain(one as Decoded)) : value
}

function same(found: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'bigint' || typeof found === 'bigint')
    return BigInt(found as number) === BigInt(wanted as number)
  return JSON.stringify(found) === JSON.stringify(wanted)
}

describe('decoding of MessagePack', () => {
  it('agrees with the independent conformance suite, in every encoding of every case', function () {
    if (!existsSync(SUITE)) {
      console.log('      skipped: ../shared/data/msgpack is not here')
      return this.skip()
    }
    const suite = JSON.parse(readFileSync(SUITE, 'utf8')) as Record<string, readonly Case[]>
    let count = 0
    for (const [group, cases] of Object.entries(suite))
      for (const one of cases)
        for (const hex of one.msgpack) {
          const bytes = fromHex(hex)
          expect(scanValue(bytes, view(bytes), 0, bytes.length), `${group} ${hex}`).to.equal(bytes.length)
          for (let cut = 0; cut < bytes.length; cut++)
            expect(scanValue(bytes, view(bytes), 0, cut), `${group} ${hex} cut at ${cut}`).to.equal(
              NEEDS_MORE,
            )
          const found = plain(decode(bytes))
          // Texts that are no UTF-8 and bytes with the same content are one to us, as they were to old encoders.
          expect(same(found, expected(one)), `${group} ${hex}: ${String(found)}`).to.equal(true)
          count++
        }
    console.log(`      ${count} encodings`)
    expect(count).to.be.greaterThan(200)
  })

  it('refuses nesting beyond 100 without recursion, and keys that stand twice', () => {
    const deep = new Uint8Array(100_001).fill(0x91)
    deep[100_000] = 0xc0
    expect(scanValue(deep, view(deep), 0, deep.length)).to.equal(deep.length)
    expect(() => decode(deep)).to.throw('nested more than 100 deep')
    expect(() => decode(Uint8Array.of(0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2))).to.throw('"a" stands twice')
  })

  it('takes bytes in the place of text, as old encoders wrote keys', () => {
    expect(plain(decode(Uint8Array.of(0x81, 0xc4, 1, 0x61, 1)))).to.deep.equal({a: 1})
    expect(decode(Uint8Array.of(0xa2, 0xff, 0xfe))).to.deep.equal(Uint8Array.of(0xff, 0xfe))
  })

  it('reads timestamps of all three sizes', () => {
    const packr = new Packr()
    for (const iso of ['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.123Z', '1901-01-01T00:00:00.500Z'])
      expect((decode(packr.pack(new Date(iso))) as Date).toISOString()).to.equal(iso)
  })

  it('asks for nothing that is only claimed', () => {
    for (const head of [0xdd, 0xdf, 0xc6, 0xdb, 0xc9])
      expect(
        scanValue(
          Uint8Array.of(head, 255, 255, 255, 255, 0),
          view(Uint8Array.of(head, 255, 255, 255, 255, 0)),
          0,
          6,
        ),
      ).to.equal(NEEDS_MORE)
  })
})
