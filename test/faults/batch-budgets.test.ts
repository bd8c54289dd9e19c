import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {encode} from '@msgpack/msgpack'
import {unpacked, type UnpackLimits} from '../../src/lib/adapters/files/batches/unpacked.js'
import {decodeValue} from '../../src/lib/codec/decode-value.js'
import {LIMITS} from '../../src/lib/model/input/limits.js'
import {isHopeless, scanBatch} from '../../src/lib/replay/reading/scan-batch.js'
import type {Rag, ReplayReport} from '../../src/lib/index.js'
import {itemsOf, pieces} from '../support/batch-bytes.js'
import {STORE_KINDS} from '../support/rag-stores.js'
import {rejects} from '../support/store-fixtures.js'
import {runRag} from '../support/run-rag.js'
import {zstd} from '../support/zstd.js'

/** A zstd frame of so many blocks that repeat one byte: four bytes are 128 KiB less one. */
function repeated(byte: number, blocks: number): Buffer {
  const block = Buffer.alloc(4)
  block.writeUIntLE((0x1ffff << 3) | 2, 0, 3)
  block[3] = byte
  return Buffer.concat([Buffer.from('28b52ffd0088', 'hex'), ...Array.from({length: blocks}, () => block)])
}

describe('budgets of a batch', function () {
  this.timeout(120_000)
  let home: string
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'rag-budgets-'))
  })
  afterEach(() => rmSync(home, {recursive: true, force: true}))

  describe('bytes unpacked', () => {
    const lengthOf = async (packed: Uint8Array, limits?: UnpackLimits): Promise<number> => {
      let length = 0
      const how = limits ? {limits} : {}
      for await (const chunk of unpacked('a.msgpack.gz', () => pieces(packed), how)) length += chunk.length
      return length
    }
    const limits = {unpackedFreely: 100_000, unpackedRatio: 20, unpackedBytes: 400_000}
    /** Half of it noise, so that its size packed is known. */
    const noisy = (noise: number, zeros: number): Buffer => {
      const bytes = Buffer.alloc(noise + zeros)
      for (let i = 0, x = 1; i < noise; i++) {
        x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0
        bytes[i] = x >>> 24
      }
      return bytes
    }

    for (const [kind, pack] of [
      ['gzip', (bytes: Uint8Array) => Promise.resolve(gzipSync(bytes))],
      ['zstd', zstd],
    ] as const) {
      it(`${kind}: to any multiple as long as it is little`, async () => {
        expect(await lengthOf(await pack(Buffer.alloc(100_000)), limits)).to.equal(100_000)
      })

      it(`${kind}: no more than a multiple beyond that`, async () => {
        const packed = await pack(noisy(10_000, 180_000))
        expect(packed.length).to.be.within(10_000, 11_000)
        expect(await lengthOf(packed, limits)).to.equal(190_000)
        await rejects(lengthOf(await pack(noisy(10_000, 260_000)), limits), 'TOO_LARGE', /20 times as much/)
      })

      it(`${kind}: no more than the most, however it is packed`, async () => {
        expect(await lengthOf(await pack(noisy(200_000, 200_000)), limits)).to.equal(400_000)
        await rejects(
          lengthOf(await pack(noisy(200_000, 200_001)), limits),
          'TOO_LARGE',
          /the most that is unpacked/,
        )
      })

      it(`${kind}: the limits that hold`, async () => {
        expect(await lengthOf(await pack(Buffer.alloc(LIMITS.unpackedFreely)))).to.equal(
          LIMITS.unpackedFreely,
        )
        const bomb = kind === 'gzip' ? gzipSync(Buffer.alloc(2 * LIMITS.unpackedFreely)) : repeated(0, 40_000)
        await rejects(lengthOf(bomb), 'TOO_LARGE', /250 times as much/)
      })
    }

    it('what is not packed may be as large as it is', async () => {
      expect(await lengthOf(Buffer.alloc(500_000), limits)).to.equal(500_000)
    })
  })

  describe('text of a record', () => {
    const text = (bytes: number): Buffer => {
      const value = Buffer.alloc(5 + bytes, 'a')
      value[0] = 0xdb
      value.writeUInt32BE(bytes, 1)
      return value
    }
    const decode = (bytes: Buffer): unknown =>
      decodeValue({bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length)}, 0)

    it('as long as a file that is ingested may be', () => {
      expect((decode(text(LIMITS.textBytes)) as string).length).to.equal(LIMITS.textBytes)
    })

    it('longer is a fault of the record, before it is made a text', () => {
      expect(() => decode(text(LIMITS.textBytes + 1))).to.throw(/more than 64 MiB/)
    })

    it('a value over the limit ends the file', async () => {
      const options = {maxValueBytes: 300_000, size: 65_536}
      expect(
        (await itemsOf(encode([{text: 'a'.repeat(299_000)}]), options)).map(({kind}) => kind),
      ).to.deep.equal(['start', 'record'])
      expect(
        (await itemsOf(encode([{text: 'a'.repeat(700_000)}]), options)).map(({kind}) => kind),
      ).to.deep.equal(['start', 'fault'])
    })
  })

  describe('bad records', () => {
    const {createStores} = STORE_KINDS.find(({name}) => name === 'memory')!
    let rag: Rag
    beforeEach(async () => {
      rag = await createStores().open({dataDir: path.join(home, 'data'), maxWorkers: 1})
    })
    afterEach(() => rag.close())
    const replay = async (records: readonly unknown[]): Promise<ReplayReport> => {
      const file = path.join(home, 'a.msgpack')
      writeFileSync(file, encode({records}))
      return rag.replay({corpus: 'c', files: [file]})
    }
    const bad = (count: number): readonly unknown[] => Array.from({length: count}, () => ({}))
    const good = (count: number): readonly unknown[] =>
      Array.from({length: count}, (_, i) => ({text: `bees number ${i}`}))

    it('just below the limit, the rest is read', async () => {
      const report = await replay([...bad(LIMITS.faults - 1), ...good(2)])
      expect([report.inserted, report.failed]).to.deep.equal([2, LIMITS.faults - 1])
    })

    it('at the limit it is read no further, and says how many, and where; what was whole is kept', async () => {
      const report = await replay([...good(3), ...bad(LIMITS.faults + 500), ...good(2)])
      expect([report.inserted, report.failed]).to.deep.equal([3, LIMITS.faults])
      const [file] = report.files
      expect([file!.whole, file!.error!.code]).to.deep.equal([false, 'BAD_INPUT'])
      expect(file!.error!.message).to.match(
        /^record 10003 at byte \d+: 10000 of its records are bad, and 3 are whole: it was read no further/,
      )
      expect(report.failures).to.have.length(1000)
    })

    it('at the limit goes on while more are whole, but not for ever', () => {
      const {faults, mostFaults} = LIMITS
      expect(isHopeless({records: 2 * faults, failed: faults})).to.equal(false)
      expect(isHopeless({records: 2 * faults - 1, failed: faults})).to.equal(true)
      expect(isHopeless({records: 10 * mostFaults, failed: mostFaults - 1})).to.equal(false)
      expect(isHopeless({records: 10 * mostFaults, failed: mostFaults})).to.equal(true)
    })

    it('a file of empty maps is not gone through to its end', async () => {
      const {records} = await scanBatch({read: () => pieces(Buffer.alloc(4_000_000, 0x80))})
      expect(records).to.equal(0)
    })
  })

  it('a survey hears that it is to stop, in the middle of bytes that never end', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('ddffffffff', 'hex')
      for (;;) yield Buffer.alloc(1024 ** 2, 0xc0)
    }
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const startedAt = performance.now()
    await rejects(scanBatch({read: endless}, stop.signal), 'INTERRUPTED')
    expect(performance.now() - startedAt).to.be.lessThan(5000)
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`rag replay ends with ${signal} in the middle of what unpacks to 40 MB of records of nothing`, async () => {
      const file = path.join(home, 'bomb.msgpack.zst')
      const head = await zstd(Buffer.from('ddffffffff', 'hex'))
      writeFileSync(file, Buffer.concat([head, repeated(0xc0, 40_000)]))
      let sentAt = 0
      let endedAt = 0
      const ran = await runRag(['replay', '--glob', file, '--model', 'external:m'], {
        dataDir: path.join(home, 'data'),
        timeoutMs: 100_000,
        onStart: (child) => {
          setTimeout(() => {
            sentAt = performance.now()
            child.kill(signal)
          }, 1500)
          child.on('close', () => (endedAt = performance.now()))
        },
      })
      if (sentAt === 0 || endedAt < sentAt) return console.log('      (it was done before the signal came)')
      expect(ran.signal).to.equal(undefined)
      expect([130, 3, 1]).to.include(ran.code)
      // 2 s on a machine that has nothing else to do.
      expect(endedAt - sentAt).to.be.lessThan(10_000)
    })
})
