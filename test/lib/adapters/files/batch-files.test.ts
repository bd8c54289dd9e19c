import {createHash} from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {constants, gunzipSync, gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {createBatchFiles} from '../../../../src/lib/adapters/files/batches/batch-files.js'
import {zstdPieces} from '../../../../src/lib/adapters/files/batches/zstd-pieces.js'
import type {BatchFile} from '../../../../src/lib/ports/files/batch-files.js'
import {pieces} from '../../../support/batch-bytes.js'
import {SmallDisk} from '../../../support/small-disk.js'
import {rejects} from '../../../support/store-fixtures.js'
import {zstd} from '../../../support/zstd.js'

const FRAME = [0x28, 0xb5, 0x2f, 0xfd]
const MIB = 1024 ** 2

describe('createBatchFiles', function () {
  this.timeout(60_000)
  const files = createBatchFiles()
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-batches-'))
  })
  afterEach(() => rmSync(folder, {recursive: true, force: true}))
  const at = (name: string): string => path.join(folder, name)
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(at(name), content)
    return at(name)
  }

  describe('expand', () => {
    it('names files ascending by path, each once, as the patterns do, and no folders', async () => {
      mkdirSync(at('d.msgpack'))
      for (const name of ['b.msgpack', 'a.msgpack', 'c.txt']) write(name, 'x')
      const names = [at('a.msgpack'), at('b.msgpack')]
      expect(await files.expand([at('*.msgpack'), at('a*')])).to.deep.equal(names)
      const relative = path.relative(process.cwd(), at('*.msgpack'))
      const found = await files.expand([relative])
      expect(found).to.deep.equal(names.map((name) => path.relative(process.cwd(), name)))
      expect(await files.expand([at('nothing*')])).to.deep.equal([])
    })

    it('takes 100,000 files', async () => {
      for (let i = 0; i < 100_000; i++) writeFileSync(at(`${i}.msgpack`), '')
      const found = await files.expand([at('*.msgpack')])
      expect(found).to.have.length(100_000)
      expect(found[0]).to.equal(at('0.msgpack'))
    })
  })

  describe('open', () => {
    it('says what is wrong with what can not be opened', async () => {
      await rejects(files.open(at('gone.msgpack')), 'INPUT_MISSING')
      await rejects(files.open(folder), 'BAD_INPUT')
    })

    it('reads the file that was opened to its end, also after its name is gone', async () => {
      const bytes = Buffer.alloc(3 * MIB + 5, 'abc')
      const file = await files.open(write('a', bytes))
      unlinkSync(at('a'))
      for (let twice = 0; twice < 2; twice++) expect((await all(file)).equals(bytes)).to.equal(true)
      await file.close()
    })

    for (const [what, change] of [
      ['grows', (name: string) => appendFileSync(name, 'more')],
      ['shrinks', (name: string) => truncateSync(name, 3)],
    ] as const)
      it(`notices a file that ${what} while it is read`, async () => {
        const file = await files.open(write('a', 'as it was'))
        expect(await file.hasChanged()).to.equal(false)
        change(at('a'))
        expect(await file.hasChanged()).to.equal(true)
        await file.close()
      })

    it('stops between pieces when it is interrupted', async () => {
      const file = await files.open(write('a', Buffer.alloc(3 * MIB)))
      const stop = new AbortController()
      await rejects(
        (async () => {
          for await (const chunk of file.read(stop.signal)) if (chunk.length > 0) stop.abort()
        })(),
        'INTERRUPTED',
      )
      await file.close()
    })
  })

  describe('what is packed', () => {
    it('is known by its first bytes, and cut off at any byte says so after all that was whole', async () => {
      const plain = Buffer.from('some text that is packed, some text that is packed. '.repeat(50))
      const packed = [
        gzipSync(plain),
        await zstd(plain),
        Buffer.concat([await zstd(plain), await zstd(plain)]),
      ]
      const whole = [plain, plain, Buffer.concat([plain, plain])]
      for (const [i, bytes] of packed.entries()) {
        expect((await read(bytes)).equals(whole[i]!)).to.equal(true)
        for (let length = 4; length < bytes.length; length++) {
          const error = await read(bytes.subarray(0, length)).then(
            (got) => (whole[i]!.subarray(0, got.length).equals(got) ? 'less' : 'other'),
            (fault: Error) => fault.message,
          )
          // Two frames that are cut between them are one whole frame.
          if (error !== 'less') expect(error).to.match(/data are damaged or cut off/)
          else expect(i === 2 && length === bytes.length / 2, `${i}: ${length}`).to.equal(true)
        }
      }
    })

    it('with gzip gives, cut off at any byte, all that can be unpacked of it', async () => {
      // Half of it packs well, half not at all.
      const noise = Array.from({length: 3000}, (_, n) => createHash('sha256').update(String(n)).digest())
      const plain = Buffer.concat([Buffer.alloc(100_000, 'line '), ...noise, Buffer.alloc(200_000, 'end ')])
      const packed = gzipSync(plain)
      for (let length = 20; length < packed.length; length += 4999) {
        const cut = packed.subarray(0, length)
        const expected = gunzipSync(cut, {finishFlush: constants.Z_SYNC_FLUSH})
        const file = await files.open(write('cut.gz', cut))
        const got: Uint8Array[] = []
        const error = await (async () => {
          for await (const chunk of file.read()) {
            got.push(chunk)
            // Whoever works on what was read finds the end when zlib is long past it.
            await new Promise((resolve) => setTimeout(resolve, 1))
          }
        })().catch((thrown: unknown) => thrown)
        await file.close()
        expect(error).to.be.instanceOf(Error)
        expect(Buffer.concat(got).equals(expected), `${length} of ${packed.length}`).to.equal(true)
      }
    })

    it('with gzip that is damaged gives the same, however slowly it is read', async () => {
      const noise = Array.from({length: 3000}, (_, n) => createHash('sha256').update(String(n)).digest())
      const packed = gzipSync(Buffer.concat(noise))
      const readBy = async (bytes: Buffer, pauseMs: number): Promise<Buffer> => {
        const file = await files.open(write('damaged.gz', bytes))
        const got: Uint8Array[] = []
        try {
          for await (const chunk of file.read()) {
            got.push(chunk)
            if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
          }
        } catch (error) {
          expect(error).to.have.property('code', 'BAD_INPUT')
        }
        await file.close()
        return Buffer.concat(got)
      }
      for (let at = 2000; at < packed.length; at += 9001) {
        const damaged = Buffer.concat([
          packed.subarray(0, at),
          Buffer.alloc(40, 0xff),
          packed.subarray(at + 40),
        ])
        const quick = await readBy(damaged, 0)
        expect((await readBy(damaged, 2)).equals(quick), String(at)).to.equal(true)
        expect(quick.length).to.be.at.least(at - 2 * 16 * 1024)
      }
    })

    it('asks for no more memory than a block of it, however much it unpacks to', async () => {
      // Blocks of 4 bytes that say: 128 KiB of zeros.
      const bomb = (count: number): Buffer => {
        const blocks = Array.from({length: count}, (_, i) => rleBlock(128 * 1024, i === count - 1))
        return Buffer.concat([Buffer.from([...FRAME, 0x00, 0x50]), ...blocks])
      }
      for (const [count, taken] of [
        [128, 128],
        [2000, 128],
      ] as const) {
        const file = await files.open(write('bomb.zst', bomb(count)))
        let total = 0
        const all = async (): Promise<void> => {
          for await (const chunk of file.read()) {
            expect(chunk.length).to.be.at.most(128 * 1024)
            total += chunk.length
          }
        }
        // A few bytes may unpack to 16 MiB, whatever their size.
        if (count > taken) await rejects(all(), 'TOO_LARGE', /250 times as much/)
        else await all()
        await file.close()
        expect(total).to.equal(taken * 128 * 1024)
      }
    })

    it('that asks for a window, or blocks, beyond reason is refused', async () => {
      const wide = Buffer.concat([Buffer.from([...FRAME, 0x00, 0xa8]), rleBlock(10, true)])
      await rejects(read(wide), 'BAD_INPUT', /asks for a window of 2048 MiB, more than 128/)
      await rejects(read(Buffer.concat([await zstd(Buffer.from('first')), wide])), 'BAD_INPUT', /window/)
      const large = Buffer.concat([Buffer.from([...FRAME, 0x00, 0x50]), rleBlock(2 ** 20, true)])
      await rejects(read(large), 'BAD_INPUT', /larger than the format allows/)
    })

    it('may hold frames that are passed over', async () => {
      const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
      const frames = Buffer.concat([await zstd(Buffer.from('one')), skipped, await zstd(Buffer.from('two'))])
      expect(String(await read(frames))).to.equal('onetwo')
      const parts: Uint8Array[] = []
      for await (const piece of zstdPieces(pieces(frames, 1))) parts.push(piece)
      expect(Buffer.concat(parts).length).to.equal(frames.length - skipped.length)
    })
  })

  describe('archive', () => {
    it('moves, numbers names that are taken, and never replaces', async () => {
      const to = at('done/deep')
      for (const [content, name] of [
        ['1', 'a.msgpack'],
        ['2', 'a~2.msgpack'],
        ['3', 'a~3.msgpack'],
      ] as const) {
        expect(await files.archive(write('a.msgpack', content), to, {compress: false})).to.equal(
          path.join(to, name),
        )
        expect(readFileSync(path.join(to, name), 'utf8')).to.equal(content)
        expect(existsSync(at('a.msgpack'))).to.equal(false)
      }
    })

    it('ends a move that was cut off between its two steps', async () => {
      const path1 = write('a.msgpack', 'x')
      mkdirSync(at('done'))
      linkSync(path1, at('done/a.msgpack'))
      expect(await files.archive(path1, at('done'), {compress: false})).to.equal(at('done/a.msgpack'))
      expect([existsSync(path1), readdirSync(at('done'))]).to.deep.equal([false, ['a.msgpack']])
    })

    it('gzips on the way, but not what is packed', async () => {
      const packed = await files.archive(write('a.msgpack', 'text'), at('done'), {compress: true})
      expect(gunzipSync(readFileSync(packed)).toString()).to.equal('text')
      expect(await files.archive(write('b.msgpack.zst', 'x'), at('done'), {compress: true})).to.match(/zst$/)
    })

    describe('to another file system', () => {
      let disk: SmallDisk | undefined
      before(function () {
        SmallDisk.skipWithout(this)
      })
      afterEach(() => {
        disk?.remove()
        disk = undefined
      })

      it('copies whole, then lets the original go', async () => {
        disk = new SmallDisk(512)
        const to = path.join(disk.folder, 'done')
        for (const name of ['a.msgpack', 'a~2.msgpack'])
          expect(await files.archive(write('a.msgpack', 'x'.repeat(9000)), to, {compress: false})).to.equal(
            path.join(to, name),
          )
        expect(readdirSync(to)).to.have.members(['a.msgpack', 'a~2.msgpack'])
        expect(existsSync(at('a.msgpack'))).to.equal(false)
      })

      it('that is full leaves the original where it was, and nothing half there', async () => {
        disk = new SmallDisk(64)
        const bytes = Buffer.alloc(MIB, 'x')
        const to = path.join(disk.folder, 'done')
        await rejects(files.archive(write('a.msgpack', bytes), to, {compress: false}), 'DISK_FULL')
        expect(readFileSync(at('a.msgpack')).equals(bytes)).to.equal(true)
        expect(readdirSync(to)).to.deep.equal([])
      })
    })

    it('leaves what lies in the folder already, by whichever path it is named', async () => {
      mkdirSync(at('done'))
      const path = write('done/a.msgpack', 'text')
      symlinkSync('done', at('link'))
      for (const folder of [at('done'), `${at('done')}/`, at('link'), at('done/../done')])
        expect(await files.archive(path, folder, {compress: false})).to.equal(path)
      expect(await files.archive(at('link/a.msgpack'), at('done'), {compress: false})).to.equal(
        at('link/a.msgpack'),
      )
      expect(readFileSync(path, 'utf8')).to.equal('text')
      expect(readdirSync(at('done'))).to.deep.equal(['a.msgpack'])
      const packed = await files.archive(path, at('done'), {compress: true})
      expect([packed, ...readdirSync(at('done'))]).to.deep.equal([at('done/a.msgpack.gz'), 'a.msgpack.gz'])
    })

    it('leaves the original where it was when it can not be moved', async () => {
      write('done', 'a file, no folder')
      await rejects(files.prepareArchive(at('done')), 'STORE_UNUSABLE')
      await rejects(files.archive(write('a.msgpack', 'x'), at('done'), {compress: false}), 'STORE_UNUSABLE')
      expect(readFileSync(at('a.msgpack'), 'utf8')).to.equal('x')
    })
  })

  async function read(bytes: Uint8Array): Promise<Buffer> {
    const file = await files.open(write('packed', bytes))
    try {
      return await all(file)
    } finally {
      await file.close()
    }
  }
})

async function all(file: BatchFile): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of file.read()) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts)
}

function rleBlock(size: number, isLast: boolean): Buffer {
  const bits = (size << 3) | (1 << 1) | (isLast ? 1 : 0)
  return Buffer.from([bits & 0xff, (bits >> 8) & 0xff, (bits >> 16) & 0xff, 0])
}
