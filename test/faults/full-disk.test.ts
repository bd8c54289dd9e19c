import {statfsSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {inspectStore, snapshotCorpus} from '../support/corpus-snapshot.js'
import {runRag, type RanRag} from '../support/run-rag.js'
import {SeededText} from '../support/seeded-text.js'
import {SmallDisk} from '../support/small-disk.js'
import {filesBelow, TempHome} from '../support/temp-home.js'

const ENOUGH_KB = 64 * 1024

/** Each command is stopped by a full disk at many places, and finishes when there is room. */
describe('a full disk', function () {
  this.timeout(240_000)
  let home: TempHome
  before(function () {
    SmallDisk.skipWithout(this)
  })
  beforeEach(() => {
    home = new TempHome('full-disk')
  })
  afterEach(() => home.remove())

  const content = (dataDir: string): unknown => {
    const {documents, chunks, vectors} = snapshotCorpus(dataDir, 'default')
    return {documents, chunks, vectors}
  }

  /**
   * A command that writes to the store, on disks of several sizes: DISK_FULL, what is stored is whole, and the same command makes what
   * it makes where there is room.
   */
  async function fillsAndFinishes(argv: readonly string[], sizes: readonly number[]): Promise<void> {
    expect((await home.run(argv)).code).to.equal(0)
    const places: string[] = []
    for (const kilobytes of sizes)
      await SmallDisk.with(kilobytes, async (disk) => {
        const dataDir = path.join(disk.folder, 'data')
        const full = await runRag([...argv, '--json'], {dataDir})
        if (full.code === 0) return void places.push(`${kilobytes} kB: enough`)
        expectFull(full, disk)
        const {faults, counts} = inspectStore(dataDir)
        expect(faults, `${kilobytes} kB`).to.deep.equal([])
        places.push(`${kilobytes} kB: ${counts.chunks} chunks, ${counts.vectors} vectors`)
        disk.grow(ENOUGH_KB)
        const again = await runRag([...argv, '--json'], {dataDir})
        expect(again.code, again.stderr + again.stdout).to.equal(0)
        expect(content(dataDir)).to.deep.equal(content(home.data))
        const verified = await runRag(['verify'], {dataDir})
        expect(verified.code, verified.stdout).to.equal(0)
      })
    console.log(`      ${places.join('; ')}`)
    expect(places.filter((place) => !place.endsWith('enough'))).to.have.length.of.at.least(3)
  }

  it('stops rag ingest with a clear error and the store whole; the same command finishes', async () => {
    const text = new SeededText(4, 96)
    for (let i = 0; i < 150; i++) home.write(`kb/d${i}.md`, `# Part ${i}\n\n${text.document(i % 9, 15, 13)}`)
    const small = ['--chunk-size', '24', '--chunk-overlap', '0', '--batch-size', '10']
    await fillsAndFinishes(['ingest', '--dir', home.path('kb'), ...small], [256, 1024, 4096, 6144])
  })

  it('stops rag replay so, whether the records, the log or the index find no room', async () => {
    writeBatches()
    const argv = ['replay', '--glob', home.path('in/*.msgpack'), '--skip-existing']
    await fillsAndFinishes(argv, [256, 1024, 3072, 6144, 8192, 10_240, 12_288])
  })

  it('lets rag watch keep a batch that found no room, and take it when there is', async () => {
    writeBatches()
    const argv = ['watch', '--once', '--glob', home.path('in/*.msgpack'), '--skip-existing', '--settle', '0']
    await SmallDisk.with(6144, async (disk) => {
      const dataDir = path.join(disk.folder, 'data')
      const state = ['--state-file', home.path('state.json'), '--json']
      const full = await runRag([...argv, ...state], {dataDir})
      expect(full.code, full.stdout).to.equal(1)
      expect(full.stdout + full.stderr).to.contain('DISK_FULL')
      expect(inspectStore(dataDir).faults).to.deep.equal([])
      disk.grow(ENOUGH_KB)
      const again = await runRag([...argv, ...state], {dataDir})
      expect(again.code, again.stderr + again.stdout).to.equal(0)
      await home.ok('replay', '--glob', 'in/*.msgpack')
      expect(content(dataDir)).to.deep.equal(content(home.data))
    })
  })

  it('leaves the live index as it is when a rebuild finds no room', async () => {
    writeBatches()
    await SmallDisk.with(ENOUGH_KB, async (disk) => {
      const dataDir = path.join(disk.folder, 'data')
      expect((await runRag(['replay', '--glob', home.path('in/*.msgpack')], {dataDir})).code).to.equal(0)
      const stored = content(dataDir)
      const query = ['search', 'bees swarm', '--mode', 'keyword', '--json']
      const hits = JSON.stringify(hitsOf(await runRag(query, {dataDir})))
      disk.grow(kilobytesBelow(disk.folder) + 512)
      expectFull(await runRag(['rebuild', '--json'], {dataDir}), disk)
      expect(content(dataDir)).to.deep.equal(stored)
      expect(JSON.stringify(hitsOf(await runRag(query, {dataDir})))).to.equal(hits)
      const verified = await runRag(['verify'], {dataDir})
      expect(verified.code, verified.stdout).to.equal(0)
      disk.grow(ENOUGH_KB)
      const again = await runRag(['rebuild'], {dataDir})
      expect(again.code, again.stderr).to.equal(0)
    })
  })

  it('leaves the earlier export and backup whole when the next finds no room, and nothing half made', async () => {
    writeBatches()
    await home.ok('replay', '--glob', 'in/b0.msgpack')
    for (const [command, flag, check] of [
      ['export', ['--out'], (dir: string) => ['replay', '--glob', path.join(dir, '*.msgpack'), '--dry-run']],
      ['backup', [], (dir: string) => ['restore', dir, '--dry-run']],
    ] as const)
      await SmallDisk.with(ENOUGH_KB, async (disk) => {
        const dir = path.join(disk.folder, 'out')
        await home.ok(command, ...flag, dir)
        const before = filesBelow(dir)
        await home.ok('replay', '--glob', 'in/*.msgpack')
        disk.grow(kilobytesBelow(disk.folder) + 300)
        expectFull(await home.run([command, ...flag, dir, '--json']), disk)
        expect(filesBelow(dir), command).to.include.members(before)
        await home.ok(...check(dir))
        disk.grow(ENOUGH_KB)
        await home.ok(command, ...flag, dir)
        await home.ok(...check(dir))
      })
  })

  function writeBatches(): void {
    for (let i = 0; i < 4; i++)
      writeBatchFile(home.path(`in/b${i}.msgpack`), sketchRecords(i * 1500, (i + 1) * 1500, 64), {model: 'm'})
  }
})

const hitsOf = ({stdout}: RanRag): unknown => (JSON.parse(stdout) as {hits: unknown}).hits

const kilobytesBelow = (folder: string): number => {
  const {bsize, blocks, bfree} = statfsSync(folder)
  return ((blocks - bfree) * bsize) / 1024
}

function expectFull(ran: RanRag, disk: SmallDisk): void {
  expect(ran.signal, ran.stderr).to.equal(undefined)
  expect(ran.code, ran.stdout + ran.stderr).to.equal(1)
  const {error} = JSON.parse(ran.stdout) as {error: {code: string; message: string}}
  expect(error.code, error.message).to.equal('DISK_FULL')
  expect(error.message).to.contain(disk.folder)
}
