import {encode} from '@msgpack/msgpack'
import {expect} from 'chai'
import {Packr} from 'msgpackr'
import {decodeHeader, decodeRecord} from '../../../src/lib/codec/decode-record.js'
import type {BatchRecord} from '../../../src/lib/model/batch-record.js'
import {faultsOf, itemsOf, recordsOf} from '../../support/batch-bytes.js'

const pack = (value: unknown): Uint8Array => encode(value)

describe('decodeRecord', () => {
  const decoded = async (value: object): Promise<BatchRecord> => {
    const [item] = recordsOf(await itemsOf(pack([value])))
    return decodeRecord(item!.fields)
  }
  const refused = async (value: object, message: RegExp): Promise<void> => {
    const error = await decoded(value).then(
      () => undefined,
      (thrown: Error & {code?: string}) => thrown,
    )
    expect(error?.code, String(message)).to.equal('BAD_INPUT')
    expect(error?.message).to.match(message)
  }

  it('takes vectors as numbers, integers, bytes and numpy arrays', async () => {
    const vector = Float32Array.of(1, -2, 0.5, 3)
    const bytes = new Uint8Array(vector.buffer)
    const doubles = new Uint8Array(Float64Array.from(vector).buffer)
    const halves = Uint8Array.of(0x00, 0x3c, 0x00, 0xc0, 0x00, 0x38, 0x00, 0x42)
    const big = bytes.slice()
    for (let i = 0; i < 16; i += 4) big.subarray(i, i + 4).reverse()
    for (const embedding of [
      [...vector],
      [1, -2, 0.5, 3],
      bytes,
      {nd: true, type: '<f4', shape: [4], data: bytes},
      {nd: true, type: '<f8', shape: [1, 4], data: doubles},
      {nd: true, type: '>f4', shape: [4], data: big},
      {nd: true, type: '<f2', shape: [4], data: halves},
      {nd: true, kind: '', type: 'f4', data: bytes},
    ])
      expect([...(await decoded({text: 'x', embedding})).embedding!]).to.deep.equal([...vector])
  })

  it('tells float64 from float32, and bytes written as text, by what the batch says of its vectors', async () => {
    const vector = [0.5, 2, 0.5, 0.5]
    const singles = new Uint8Array(Float32Array.from(vector).buffer)
    const doubles = new Uint8Array(Float64Array.from(vector).buffer)
    const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', {fatal: true}).decode(bytes)
    for (const embedding of [singles, doubles, text(singles)]) {
      const [item] = recordsOf(await itemsOf(pack([{text: 'x', embedding}])))
      const read = decodeRecord(item!.fields, {embeddingDim: 4})
      expect([...read.embedding!]).to.deep.equal(vector)
    }
    const [item] = recordsOf(await itemsOf(pack([{text: 'x', embedding: 'is that all?'}])))
    expect(() => decodeRecord(item!.fields, {embeddingDim: 4})).to.throw(/a string, not numbers/)
  })

  it('takes what numpy and encoders of JavaScript write beside plain numbers', async () => {
    const bytes = (array: {buffer: ArrayBuffer}): Uint8Array => new Uint8Array(array.buffer)
    for (const [type, data] of [
      ['<u2', bytes(Uint16Array.of(1, 2))],
      ['<u4', bytes(Uint32Array.of(1, 2))],
      ['<i8', bytes(BigInt64Array.of(1n, 2n))],
      ['<u8', bytes(BigUint64Array.of(1n, 2n))],
    ] as const)
      expect([...(await decoded({text: 'x', embedding: {nd: true, type, data}})).embedding!]).to.deep.equal([
        1, 2,
      ])
    const scalar = (n: number): object => ({nd: false, type: '<f4', data: bytes(Float32Array.of(n))})
    expect([...(await decoded({text: 'x', embedding: [scalar(1), scalar(0.5)]})).embedding!]).to.deep.equal([
      1, 0.5,
    ])
    const packed = new Packr({useRecords: false}).pack([
      {text: 'x', metadata: undefined, embedding: undefined},
    ])
    const [item] = recordsOf(await itemsOf(packed))
    expect(decodeRecord(item!.fields)).to.deep.equal({text: 'x', metadata: {}})
  })

  it('reads keys of a batch that are numbers as their digits, and goes on', async () => {
    const one = pack({text: 'one'})
    const two = new Packr({useRecords: false, mapsAsObjects: false}).pack(
      new Map<unknown, unknown>([
        ['text', 'two'],
        [5, 'five'],
      ]),
    )
    const items = await itemsOf(Buffer.concat([one, two, one]))
    expect(faultsOf(items)).to.deep.equal([])
    expect(recordsOf(items).map(({fields}) => fields.get('text'))).to.deep.equal(['one', 'two', 'one'])
    expect(decodeRecord(recordsOf(items)[1]!.fields).metadata).to.deep.equal({5: 'five'})
  })

  it('refuses vectors that are none', async () => {
    await refused({text: 'x', embedding: [1, NaN]}, /number 2 .* NaN/)
    await refused({text: 'x', embedding: [Infinity]}, /Infinity/)
    await refused({text: 'x', embedding: [1e300]}, /Infinity, not a finite float32/)
    await refused({text: 'x', embedding: [1, 'two']}, /number 2 of its embedding is a string/)
    await refused({text: 'x', embedding: []}, /empty/)
    await refused({text: 'x', embedding: 'abc'}, /a string, not numbers/)
    await refused({text: 'x', embedding: new Uint8Array(5)}, /no multiple of 4/)
    await refused({text: 'x', embedding: {nd: true, type: '<c8', data: new Uint8Array(8)}}, /not known/)
    await refused(
      {text: 'x', embedding: {nd: true, type: '<f4', shape: [2, 2], data: new Uint8Array(16)}},
      /2 × 2/,
    )
    await refused(
      {text: 'x', embedding: {nd: true, type: '<f4', shape: [3], data: new Uint8Array(16)}},
      /says that it has 3/,
    )
    await refused({text: 'x', embedding: Array.from({length: 20_000}, () => 1)}, /20000 numbers/)
  })

  it('refuses records without a text, and metadata that is no map', async () => {
    await refused({embedding: [1]}, /no "text"/)
    await refused({text: 7}, /not a text/)
    await refused({text: 'x', metadata: [1]}, /not a map/)
  })

  it('takes text as bytes, and keeps unknown keys in the metadata', async () => {
    const found = await decoded({
      text: new TextEncoder().encode('Grüße'),
      metadata: {a: 1},
      a: 2,
      lang: 'de',
      source: 's',
      batch_tag: 't',
    })
    expect(found).to.deep.equal({text: 'Grüße', metadata: {a: 1, lang: 'de'}, source: 's', batchTag: 't'})
  })

  it('makes JSON of metadata, and lets no key reach a prototype', async () => {
    const fields = recordsOf(
      await itemsOf(
        new Packr({useRecords: false}).pack([
          new Map<string, unknown>([
            ['text', 'x'],
            [
              'metadata',
              new Map<string, unknown>([
                ['__proto__', new Map([['polluted', 1]])],
                ['when', new Date(0)],
                ['nan', NaN],
                ['list', [Infinity, -Infinity, 1.5]],
                ['big', 2n ** 60n],
                ['bytes', Buffer.of(0xff)],
              ]),
            ],
          ]),
        ]),
      ),
    )[0]!.fields
    const {metadata} = decodeRecord(fields)
    expect(metadata).to.deep.equal({
      when: '1970-01-01T00:00:00.000Z',
      nan: 'NaN',
      list: ['Infinity', '-Infinity', 1.5],
      big: '1152921504606846976',
      bytes: '/w==',
    })
    expect(({} as {polluted?: number}).polluted).to.equal(undefined)
  })

  it('understands instants as ISO text, of any zone, in seconds to nanoseconds, and timestamps', async () => {
    for (const created_at of [
      '2026-03-01T10:00:00.000Z',
      '2026-03-01T12:00:00+02:00',
      1772359200000000,
      1772359200000000000n,
      1772359200,
      1772359200000,
      new Date('2026-03-01T10:00:00Z'),
    ]) {
      const items = await itemsOf(encode({version: 1, records: [], created_at}, {useBigInt64: true}))
      expect(decodeHeader(items.find((item) => item.kind === 'header')!.fields).createdAt).to.equal(
        '2026-03-01T10:00:00.000Z',
      )
    }
    for (const created_at of [Infinity, NaN, 1e300]) {
      const items = await itemsOf(pack({version: 1, records: [], created_at}))
      expect(decodeHeader(items.find((item) => item.kind === 'header')!.fields).createdAt).to.equal(undefined)
    }
  })
})
