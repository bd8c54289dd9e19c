import {copyFile, readFile, stat, truncate, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import {createArtifactFiles} from '../../../../src/lib/adapters/files/artifacts/artifact-files.js'
import {createSegmentLoader} from '../../../../src/lib/adapters/hnsw/segment-loader.js'
import type {SealedFile} from '../../../../src/lib/model/segment.js'
import type {ArtifactFiles} from '../../../../src/lib/ports/files/artifact-files.js'
import {blockOf, SeededVectors} from '../../../support/seeded-vectors.js'
import {SegmentBench} from './segment-files.js'

const DIMENSION = 16
const COUNT = 300

describe('createSegmentLoader', () => {
  const bench = new SegmentBench()
  let path: string
  before(async () => {
    await bench.open()
    const source = new SeededVectors(DIMENSION)
    const vectors = Array.from({length: COUNT - 40}, () => source.next())
    path = await bench.build([blockOf([...vectors, ...vectors.slice(0, 40)])], DIMENSION)
  })
  after(() => bench.close())

  const open = (file: string, row: {dimension?: number; count?: number} = {}): Promise<unknown> =>
    createSegmentLoader()
      .open(file, {dimension: DIMENSION, count: COUNT, file: 'a/seg.hnsw', ...row})
      .catch((reason: unknown) => reason)

  const damaged = async (change: (bytes: Buffer) => Buffer): Promise<string> => {
    const file = bench.newPath()
    await writeFile(file, change(await readFile(path)))
    return file
  }

  it('loads what the builder wrote', async () => {
    expect(await open(path)).to.have.property('count', COUNT)
  })

  it('refuses another dimension, which the native loader takes', async () => {
    for (const dimension of [8, 15, 17, 32]) {
      const reason = await open(path, {dimension})
      expect(reason).to.include({code: 'INDEX_DAMAGED'})
      expect(reason)
        .to.have.property('message')
        .that.contains(path)
        .and.contains(`instead of ${dimension}`)
        .and.contains('No document is lost')
      expect(reason).to.have.property('hint').that.contains('rag rebuild')
    }
  })

  it('refuses another count', async () => {
    expect(await open(path, {count: COUNT - 1})).to.include({code: 'INDEX_DAMAGED'})
  })

  it('refuses a missing file and a folder', async () => {
    expect(await open(join(bench.folder, 'none'))).to.include({code: 'INDEX_DAMAGED'})
    expect(await open(bench.folder)).to.include({code: 'INDEX_DAMAGED'})
  })

  it('refuses a file of any other length', async () => {
    const {size} = await stat(path)
    for (const length of [0, 1, 95, 96, 97, size >> 1, size - 4, size - 1]) {
      const file = bench.newPath()
      await copyFile(path, file)
      await truncate(file, length)
      expect(await open(file), `${length} bytes`).to.include({code: 'INDEX_DAMAGED'})
    }
    for (const more of [1, 4, 1000])
      expect(await open(await damaged((bytes) => Buffer.concat([bytes, Buffer.alloc(more)])))).to.include({
        code: 'INDEX_DAMAGED',
      })
  })

  it('refuses a header with any number changed that the loader goes by', async () => {
    for (const at of [0, 8, 16, 24, 32, 40, 48, 52, 56, 64, 72])
      for (const to of [0x7fff_ffff, 0]) {
        const file = await damaged((bytes) => {
          if (bytes.readUInt32LE(at) === to) bytes.writeUInt32LE(1, at)
          else bytes.writeUInt32LE(to, at)
          return bytes
        })
        const isHarmless = (at === 8 && to !== 0) || (at === 52 && to === 0)
        if (!isHarmless) expect(await open(file), `${to} at ${at}`).to.include({code: 'INDEX_DAMAGED'})
      }
  })

  it('refuses text that is no index', async () => {
    const file = bench.newPath()
    await writeFile(file, 'no index at all, '.repeat(100))
    expect(await open(file)).to.include({code: 'INDEX_DAMAGED'})
  })
})

describe('a sealed segment that is damaged', () => {
  const bench = new SegmentBench()
  let files: ArtifactFiles
  let sealed: SealedFile
  before(async () => {
    await bench.open()
    files = createArtifactFiles({
      root: join(bench.folder, 'indexes'),
      self: {pid: 1, host: 'h', isAlive: () => false},
    })
    const name = 'corpus/1/seg-1-300.hnsw'
    const staged = await bench.build(
      [new SeededVectors(DIMENSION).block(COUNT)],
      DIMENSION,
      await files.stage(name),
    )
    sealed = await files.seal(staged, name)
  })
  after(() => bench.close())

  it('is never taken for whole: 300 random changes', async () => {
    const path = files.path(sealed.file)
    const whole = await readFile(path)
    const random = new RandomNumbers(20)
    const missed: string[] = []
    for (let round = 0; round < 300; round++) {
      const [what, bytes] = changed(whole, random)
      await writeFile(path, bytes)
      if ((await files.check(sealed)).ok) missed.push(`${round}: ${what}`)
    }
    await writeFile(path, whole)
    expect(missed).to.deep.equal([])
    expect(await files.check(sealed)).to.deep.equal({ok: true})
  })
})

/** A linear congruential generator; only the high bits are used. */
class RandomNumbers {
  #state: number
  constructor(seed: number) {
    this.#state = seed
  }
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * limit)
  }
}

/** One random flip of a bit, cut, addition, or run of inverted bytes. */
function changed(whole: Buffer, random: RandomNumbers): [string, Buffer] {
  const bytes = Buffer.from(whole)
  const at = random.below(bytes.length)
  const kind = random.below(4)
  if (kind === 0) {
    bytes[at]! ^= 1 << random.below(8)
    return [`bit flipped at ${at}`, bytes]
  }
  if (kind === 1) return [`cut to ${at}`, bytes.subarray(0, at)]
  if (kind === 2) return ['bytes added', Buffer.concat([bytes, Buffer.alloc(1 + random.below(5000))])]
  const length = 1 + random.below(4096)
  const from = Math.min(at, bytes.length - length)
  for (let i = from; i < from + length; i++) bytes[i]! ^= 0xff
  return [`${length} bytes inverted from ${from}`, bytes]
}
