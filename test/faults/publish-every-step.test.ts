import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {createArtifactFiles} from '../../src/lib/adapters/files/artifacts/artifact-files.js'
import type {SealedFile} from '../../src/lib/model/segment.js'
import type {ArtifactFiles} from '../../src/lib/ports/files/artifact-files.js'
import {FaultyFiles, type Fault, type FaultPlan} from '../support/faulty-files.js'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const bytesOf = (generation: number): Uint8Array => new Uint8Array(1000 + generation).fill(generation)
/** In memory where there is such a folder: what is tested is the order of the calls, and every one is made hundreds of times. */
const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const SELF = {pid: 100, host: 'here', isAlive: () => false}

/** A store of one row: the segment that counts now. */
class World {
  readonly faulty: FaultyFiles
  readonly files: ArtifactFiles
  row: SealedFile | undefined

  readonly root: string

  constructor(root: string, plan?: FaultPlan) {
    this.root = root
    this.faulty = new FaultyFiles(plan)
    this.files = createArtifactFiles({
      root: join(root, 'data', 'indexes'),
      operations: this.faulty.operations,
      self: SELF,
    })
  }

  /** The publish protocol of the engine: bytes, seal, row, orphans. The writer checks its own work, as the builder does. */
  async publish(generation: number, name: string): Promise<void> {
    const bytes = bytesOf(generation)
    const staged = await this.files.stage(name)
    try {
      await this.faulty.write(staged, bytes)
      const written = await readFile(staged)
      if (written.length !== bytes.length) throw new Error('the writer left a short file')
    } catch (error) {
      await this.files.discard(staged)
      throw error
    }
    this.row = await this.files.seal(staged, name)
    await this.files.vacuum('corpus', new Set([this.row.file]))
  }

  /** What is wrong, read with sound tools: what the row names must be there, byte for byte. */
  async faults(generations: readonly number[]): Promise<string[]> {
    if (!this.row) return generations.includes(0) ? [] : ['the row is gone']
    const path = join(this.root, 'data', 'indexes', this.row.file)
    const bytes = await readFile(path).catch(() => undefined)
    if (!bytes) return [`${this.row.file} is missing`]
    const wrong: string[] = []
    if (bytes.length !== this.row.sizeBytes) wrong.push('its size is not that of the row')
    if (sha256(bytes) !== this.row.sha256) wrong.push('its hash is not that of the row')
    if (!generations.some((generation) => sha256(bytesOf(generation)) === this.row?.sha256))
      wrong.push('it is no generation')
    return wrong
  }
}

/** Makes call 1, 2, 3, … of a publish fail until it goes through without; says how many were tried. */
async function survivesEveryFault(
  fault: Fault,
  once: boolean,
  names: readonly [string, string],
): Promise<number> {
  for (let step = 1; ; step++) {
    const root = await mkdtemp(join(BASE, 'rag-publish-'))
    try {
      const before = new World(root)
      await before.publish(1, names[0])
      const world = new World(root, {step, fault, once})
      world.row = before.row
      const outcome = await world.publish(2, names[1]).then(
        () => 'done',
        () => 'failed',
      )
      const context = `${fault} at step ${step} (${world.faulty.calls.at(step - 1)}), once: ${once}`
      if (!world.faulty.hasFaulted) {
        expect(outcome, context).to.equal('done')
        return step - 1
      }
      expect(await world.faults([1, 2]), context).to.deep.equal([])
      if (outcome === 'done') expect(world.row?.sha256, context).to.equal(sha256(bytesOf(2)))
      await healsAfterwards(world, names[1], context)
    } finally {
      await rm(root, {recursive: true, force: true})
    }
  }
}

/** Once the disk works again, the next publish goes through and leaves nothing but its file. */
async function healsAfterwards(world: World, name: string, context: string): Promise<void> {
  world.faulty.heal()
  await world.publish(3, name)
  expect(await world.faults([3]), context).to.deep.equal([])
  const left = await readdir(join(world.root, 'data', 'indexes'), {recursive: true, withFileTypes: true})
  const files = left.filter((entry) => entry.isFile()).map((entry) => entry.name)
  expect(files, context).to.deep.equal([world.row?.file.split('/').at(-1)])
}

describe('publishing a segment, with a fault at every step', () => {
  const faults: Fault[] = ['ENOSPC', 'EIO', 'EACCES', 'short-write', 'silent-short-write', 'lost-rename']
  for (const fault of faults)
    for (const once of [true, false])
      it(`leaves the old state or the new one: ${fault}, ${once ? 'once' : 'for good'}`, async () => {
        const other = await survivesEveryFault(fault, once, [
          'corpus/1/seg-1-9.hnsw',
          'corpus/2/seg-1-20.hnsw',
        ])
        const same = await survivesEveryFault(fault, once, ['corpus/1/seg-1-9.hnsw', 'corpus/1/seg-1-9.hnsw'])
        console.log(`      steps tried: ${other} (new name), ${same} (name in use)`)
        expect(Math.min(other, same)).to.be.greaterThan(15)
      })

  it('finds a wrong order: vacuuming before the row is published', async () => {
    const root = await mkdtemp(join(BASE, 'rag-publish-'))
    try {
      const world = new World(root)
      await world.publish(1, 'corpus/1/a.hnsw')
      await world.files.vacuum('corpus', new Set())
      expect(await world.faults([1])).to.deep.equal(['corpus/1/a.hnsw is missing'])
    } finally {
      await rm(root, {recursive: true, force: true})
    }
  })
})
