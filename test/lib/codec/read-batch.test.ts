import {encode as encodeOfficial} from '@msgpack/msgpack'
import {expect} from 'chai'
import * as fc from 'fast-check'
import {Packr} from 'msgpackr'
import notepack from 'notepack.io'
import {decodeHeader, decodeRecord} from '../../../src/lib/codec/decode-record.js'
import {encodeBatchHead, encodeRecord} from '../../../src/lib/codec/write-batch.js'
import {readBatch, type BatchItem} from '../../../src/lib/codec/read-batch.js'
import type {BatchRecord} from '../../../src/lib/model/batch-record.js'
import {RagError} from '../../../src/lib/model/errors.js'
import {faultsOf, itemsOf, pieces, recordsOf} from '../../support/batch-bytes.js'
import {rejects} from '../../support/store-fixtures.js'

const ENCODERS: readonly (readonly [string, (value: unknown) => Uint8Array])[] = [
  ['msgpackr', (value) => new Packr({useRecords: false}).pack(value)],
  ['msgpackr, float32', (value) => new Packr({useRecords: false, useFloat32: 4}).pack(value)],
  ['@msgpack/msgpack', (value) => encodeOfficial(value)],
  ['notepack.io', (value) => notepack.encode(value)],
]

const batch = (records: unknown, more: object = {}): object => ({
  version: 1,
  source: 'crawler',
  batch_tag: 'spring',
  created_at: '2026-03-01T10:00:00Z',
  embedding_dim: 4,
  records,
  ...more,
})
const record = (n: number): object => ({
  text: `text number ${n}`,
  embedding: [n, 0.5, -1, 2],
  metadata: {n, nested: {tags: ['a', 'b']}},
})
const RECORDS = [1, 2, 3].map(record)
const pack = (value: unknown): Uint8Array => encodeOfficial(value)
const texts = (items: Awaited<ReturnType<typeof itemsOf>>): string[] =>
  recordsOf(items).map((item) => decodeRecord(item.fields).text)

describe('readBatch', () => {
  for (const [name, encode] of ENCODERS)
    it(`reads what ${name} writes, whole and in pieces of any size`, async () => {
      const bytes = encode(batch(RECORDS))
      for (const size of [undefined, 1, 7, 100]) {
        const items = await itemsOf(bytes, size === undefined ? {} : {size})
        expect(faultsOf(items)).to.deep.equal([])
        const header = items.find((item) => item.kind === 'header')
        expect(decodeHeader(header!.fields)).to.deep.equal({
          version: 1,
          source: 'crawler',
          batchTag: 'spring',
          createdAt: '2026-03-01T10:00:00Z',
          embeddingDim: 4,
        })
        const found = recordsOf(items).map((item) => decodeRecord(item.fields))
        expect(
          found.map(({text, metadata, embedding}) => ({text, metadata, embedding: [...embedding!]})),
        ).to.deep.equal(RECORDS)
        expect(recordsOf(items).map((item) => item.place.record)).to.deep.equal([1, 2, 3])
      }
    })

  it('reads records first, a bare array, records one after the other, and several batches in a file', async () => {
    const first = pack({records: RECORDS, version: 1, model: 'm'})
    const stream = Buffer.concat(RECORDS.map(pack))
    const shapes = [
      first,
      pack(RECORDS),
      stream,
      Buffer.concat([pack(batch(RECORDS.slice(0, 2))), pack(batch(RECORDS.slice(2)))]),
    ]
    for (const bytes of shapes) {
      const items = await itemsOf(bytes, {size: 13})
      expect(texts(items)).to.deep.equal(['text number 1', 'text number 2', 'text number 3'])
      expect(faultsOf(items)).to.deep.equal([])
    }
    const several = await itemsOf(shapes[3]!)
    expect(recordsOf(several).map((item) => item.batch)).to.deep.equal([0, 0, 1])
  })

  it('gives of a file that breaks off at any byte every whole record before the break, and says so', async () => {
    const bytes = pack(batch(RECORDS))
    const whole = recordsOf(await itemsOf(bytes))
    const ends = [...whole.slice(1).map((item) => item.place.offset), bytes.length]
    for (let cut = 0; cut < bytes.length; cut++) {
      const items = await itemsOf(bytes.subarray(0, cut))
      const [fault] = faultsOf(items)
      expect(recordsOf(items).length, `cut at ${cut}`).to.equal(ends.filter((end) => end <= cut).length)
      expect(fault?.goesOn, `cut at ${cut}`).to.equal(false)
      expect(fault?.error.message).to.match(cut === 0 ? /empty/ : /breaks off/)
      if (cut > 0) expect(fault?.error.message).to.match(/byte \d+/)
    }
  })

  it('gives of a source that fails every whole record that came before, then the failure', async () => {
    const bytes = pack(batch([...RECORDS, ...RECORDS]))
    for (const size of [1, 7, bytes.length]) {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield* pieces(bytes.subarray(0, bytes.length - 2), size)
        throw new RagError('BAD_INPUT', 'the data are damaged')
      }
      const items: BatchItem[] = []
      for await (const item of readBatch(broken())) items.push(item)
      expect(texts(items).length).to.equal(5)
      expect(faultsOf(items).map(({error}) => error.message)).to.deep.equal(['the data are damaged'])
    }
  })

  it('does not take an interrupt for the end of the file', async () => {
    async function* stopped(): AsyncGenerator<Uint8Array> {
      yield pack(batch(RECORDS)).subarray(0, 20)
      throw new RagError('INTERRUPTED', 'stopped')
    }
    const read = async (): Promise<void> => {
      for await (const item of readBatch(stopped())) expect(item.kind).not.to.equal('fault')
    }
    await rejects(read(), 'INTERRUPTED')
  })

  it('never throws and never hangs, whichever bit is flipped', async () => {
    const bytes = pack(batch(RECORDS))
    let refused = 0
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice()
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      const items = await itemsOf(damaged)
      if (faultsOf(items).length > 0) refused++
      for (const item of recordsOf(items)) {
        try {
          decodeRecord(item.fields)
        } catch (error) {
          expect((error as {code?: string}).code).to.equal('BAD_INPUT')
          refused++
        }
      }
    }
    console.log(`      ${8 * bytes.length} flips, ${refused} noticed by form alone`)
    expect(refused).to.be.greaterThan(bytes.length)
  })

  it('refuses what is no batch: text, zeros, a number, an empty file, a picture', async () => {
    for (const bytes of [
      Buffer.from('{"records": []}'),
      Buffer.alloc(64),
      Buffer.of(0x2a),
      Buffer.alloc(0),
      Buffer.from('89504e470d0a1a0a0000000d', 'hex'),
      Buffer.of(0xc1),
    ]) {
      const items = await itemsOf(bytes)
      expect(recordsOf(items)).to.deep.equal([])
      expect(faultsOf(items).map((fault) => fault.goesOn)).to.deep.equal([false])
    }
  })

  it('takes an empty batch, and goes on after a record that is no map, is too deep, or has a key twice', async () => {
    expect((await itemsOf(pack(batch([])))).map(({kind}) => kind)).to.deep.equal(['start', 'header'])
    let bomb: unknown = 1
    for (let i = 0; i < 99; i++) bomb = [bomb]
    const twice = Uint8Array.of(
      0x82,
      0xa4,
      0x74,
      0x65,
      0x78,
      0x74,
      0xa1,
      0x61,
      0xa4,
      0x74,
      0x65,
      0x78,
      0x74,
      0xa1,
      0x62,
    )
    const bytes = Buffer.concat([
      Buffer.of(0x94),
      pack(7),
      encodeOfficial({text: 'bomb', metadata: {bomb}}, {maxDepth: 200}),
      twice,
      pack({text: 'fine'}),
    ])
    const items = await itemsOf(bytes)
    expect(texts(items)).to.deep.equal(['fine'])
    expect(faultsOf(items).map(({place, goesOn}) => [place.record, goesOn])).to.deep.equal([
      [1, true],
      [2, true],
      [3, true],
    ])
    const deep = Buffer.concat([
      Buffer.of(0x92),
      Buffer.alloc(100_000, 0x91),
      Buffer.of(0xc0),
      pack({text: 'after'}),
    ])
    expect(texts(await itemsOf(deep))).to.deep.equal(['after'])
  })

  it('refuses claimed lengths past the end, and values over the limit, without taking memory for them', async () => {
    for (const head of ['dd', 'df', 'c6', 'db', 'c9'])
      for (const bytes of [
        Buffer.from(`${head}ffffffff`, 'hex'),
        Buffer.from(`91${head}ffffffff00`, 'hex'),
      ]) {
        const before = process.memoryUsage().rss
        const [fault] = faultsOf(await itemsOf(bytes))
        expect(fault?.goesOn).to.equal(false)
        expect(process.memoryUsage().rss - before).to.be.lessThan(64 * 1024 ** 2)
      }
    const large = pack([{text: 'x'.repeat(3 * 1024 ** 2)}])
    const [fault] = faultsOf(await itemsOf(large, {maxValueBytes: 1024 ** 2, size: 65_536}))
    expect(fault?.error.code).to.equal('TOO_LARGE')
  })

  it('refuses a record of more values than any has, which would not fit into memory, and goes on after it', async () => {
    const count = 1_000_001
    const head = Buffer.from([0x82, ...pack('text'), ...pack('x'), ...pack('k'), 0xdd, 0, 0, 0, 0])
    head.writeUInt32BE(count, head.length - 4)
    for (const tag of [0x01, 0x80, 0x90, 0xc0]) {
      const large = Buffer.concat([head, Buffer.alloc(count, tag)])
      const items = await itemsOf(Buffer.concat([Buffer.of(0x93), pack(RECORDS[0]), large, pack(RECORDS[1])]))
      expect(texts(items).length).to.equal(2)
      expect(faultsOf(items)[0]?.error.message).to.match(/more than 1000000 values/)
    }
  })

  it('holds no more than the largest record', async () => {
    const one = pack({text: 'x'.repeat(1000), embedding: Array.from({length: 384}, () => 0.5)})
    const count = 30_000
    async function* many(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(0xdd, 0, 0, count >> 8, count & 255)
      const group = Buffer.concat(Array.from({length: 10}, () => one))
      for (let i = 0; i < count / 10; i++) yield group
    }
    const {readBatch} = await import('../../../src/lib/codec/read-batch.js')
    let records = 0
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    for await (const item of readBatch(many())) {
      if (item.kind === 'record') records++
      if (records % 1000 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    expect(records).to.equal(count)
    expect(most).to.be.lessThan(50 * 1024 ** 2)
  })
})

describe('what is written', () => {
  const records: fc.Arbitrary<BatchRecord> = fc.record({
    text: fc.string({unit: 'binary', maxLength: 200}).map((text) => text.toWellFormed()),
    embedding: fc
      .array(fc.float({noNaN: true, noDefaultInfinity: true}), {minLength: 1, maxLength: 20})
      .map((numbers) => Float32Array.from(numbers)),
    metadata: fc.dictionary(
      fc.string({minLength: 1, maxLength: 10}).filter((key) => key !== '__proto__'),
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      {maxKeys: 5},
    ),
    chunk: fc.record({
      docId: fc.string({minLength: 1}),
      ordinal: fc.nat(9),
      of: fc.nat(9),
      heading: fc.array(fc.string(), {maxLength: 3}),
      lines: fc.tuple(fc.nat(), fc.nat()),
      tokens: fc.nat(),
      overlap: fc.nat(),
      vector: fc.constantFrom('dense', 'empty', 'dummy', 'none'),
    }),
  })

  it('is read back the same, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(records, {maxLength: 8}), async (written) => {
        const bytes = Buffer.concat([
          encodeBatchHead({embeddingDim: 3, model: 'm', source: 's'}, written.length),
          ...written.map(encodeRecord),
        ])
        const items = await itemsOf(bytes, {size: 50})
        expect(faultsOf(items)).to.deep.equal([])
        expect(recordsOf(items).map((item) => decodeRecord(item.fields))).to.deep.equal(written)
        const last = items.at(-1)
        expect(last?.kind === 'header' && decodeHeader(last.fields)).to.include({model: 'm', embeddingDim: 3})
      }),
      {numRuns: 200},
    )
  })
})
