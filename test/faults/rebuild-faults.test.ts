import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {openSqliteStore} from '../../src/lib/adapters/sqlite/open-store.js'
import {planSegmentRebuild} from '../../src/lib/indexing/plan-segment-rebuild.js'
import {inspectForRebuild, rebuildSegments} from '../../src/lib/indexing/rebuild-segments.js'
import type {Store} from '../../src/lib/ports/store/store.js'
import {createFakeBuilder} from '../lib/indexing/fake-builder.js'
import {FOLDER, IndexUnderTest, SIZES} from '../lib/indexing/index-under-test.js'
import {FaultyFiles, type Fault, type FaultPlan} from '../support/faulty-files.js'
import {FixedClock} from '../support/fixed-clock.js'
import {denseVectors, FakeProcessTable, WHOLE} from '../support/store-fixtures.js'
import {filesBelow} from '../support/temp-home.js'

const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const ALL: readonly Fault[] = ['ENOSPC', 'short-write', 'lost-rename', 'EIO', 'EACCES']
/** All of them in the slow suite. */
const FAULTS = process.env['RAG_KILL_ROUNDS'] === undefined ? ALL.slice(0, 3) : ALL
/** Calls of the store that write; each is made to fail before it has done anything, and after. */
type Verb = 'stageSegments' | 'publishStaged' | 'publishSegments'

class World {
  readonly faulty: FaultyFiles
  readonly index: IndexUnderTest
  readonly store: Store

  private constructor(index: IndexUnderTest, store: Store, faulty: FaultyFiles) {
    this.index = index
    this.faulty = faulty
    this.store = store
  }

  /** Segments of 24 and of 8 vectors, some dead, and a short tail. */
  static async make(root: string, plan?: FaultPlan): Promise<World> {
    const store = await openSqliteStore({
      path: path.join(root, 'rag.db'),
      clock: new FixedClock(),
      processes: new FakeProcessTable(),
      access: 'create',
    })
    const index = await IndexUnderTest.open(path.join(root, 'indexes'), {store})
    for (let i = 0; i < 5; i++) await index.write(`d${i}`, 20, 0)
    await index.books.remove('d1')
    await index.write('tail', 3, 0)
    const faulty = new FaultyFiles(plan)
    const builder = createFakeBuilder(2, (file, bytes) => faulty.write(file, bytes))
    const under = IndexUnderTest.on(index, path.join(root, 'indexes'), {
      operations: faulty.operations,
      builder,
    })
    return new World(under, store, faulty)
  }

  async rebuild(store: Store = this.store): Promise<unknown> {
    const {index} = this
    const tools = {store, files: index.files, builder: () => Promise.resolve(index.builder)}
    const {version, threads, books} = index
    const plan = planSegmentRebuild(await inspectForRebuild(tools, {version, threads, sizes: SIZES}))
    return rebuildSegments(tools, {version, folder: FOLDER, lease: books.lease, sizes: SIZES}, plan)
  }

  /** Each row names a whole file; no live vector lies in a range whose segment holds fewer. */
  async faults(): Promise<string[]> {
    const {store} = this
    const {version, files} = this.index
    const wrong: string[] = []
    const rows = [...(await store.listSegments(version.id)), ...(await store.listStaged(version.id))]
    for (const row of rows) {
      const {count} = await store.vectorSpan(version.id, {from: row.firstSeq, to: row.lastSeq})
      if (count > row.count) wrong.push(`${row.file} holds ${row.count} of ${count}`)
      if (!(await files.check(row)).ok) wrong.push(`${row.file} is not whole`)
    }
    return wrong
  }
}

describe('rebuilding and compacting, with a fault at every step', function () {
  this.timeout(120_000)
  const works: Readonly<Record<string, (world: World, store?: Store) => Promise<unknown>>> = {
    rebuild: (world, store) => world.rebuild(store),
    compaction: (world, store) => world.index.compact(Infinity, true, store),
  }

  async function inWorld(plan: FaultPlan | undefined, use: (world: World) => Promise<void>): Promise<void> {
    const root = mkdtempSync(path.join(BASE, 'rag-rebuild-faults-'))
    try {
      const world = await World.make(root, plan)
      await use(world)
      await world.store.close()
    } finally {
      rmSync(root, {recursive: true, force: true})
    }
  }

  /** Sound afterwards, and with sound tools the work goes through and leaves nothing but its files. */
  async function survives(
    world: World,
    work: (world: World) => Promise<unknown>,
    vectors: number[][],
    where: string,
  ): Promise<void> {
    world.faulty.heal()
    const {index, store} = world
    expect(await world.faults(), where).to.deep.equal([])
    expect(await denseVectors(store, index.version.id), where).to.deep.equal(vectors)
    await work(world)
    await index.vacuum()
    expect(await world.faults(), where).to.deep.equal([])
    const rows = await store.listSegments(index.version.id)
    expect(await store.listStaged(index.version.id), where).to.deep.equal([])
    expect(filesBelow(path.dirname(index.files.path('books'))).length, where).to.equal(rows.length)
    const live = (await store.vectorSpan(index.version.id, WHOLE)).count
    expect(
      rows.reduce((sum, row) => sum + row.count, 0),
      where,
    ).to.be.within(live - 2 * SIZES.min, live)
  }

  for (const [name, work] of Object.entries(works))
    for (const fault of FAULTS)
      for (const once of [true, false])
        it(`${name}: ${fault}, ${once ? 'once' : 'for good'}`, async () => {
          let steps = 0
          for (let step = 1, isOver = false; !isOver; step++)
            await inWorld({step, fault, once}, async (world) => {
              const vectors = await denseVectors(world.store, world.index.version.id)
              const outcome = await work(world).then(
                () => 'done',
                () => 'failed',
              )
              isOver = !world.faulty.hasFaulted
              if (isOver) expect(outcome).to.equal('done')
              else steps++
              await survives(
                world,
                work,
                vectors,
                `${name}, ${fault} at ${step} (${world.faulty.calls.at(step - 1)})`,
              )
            })
          console.log(`      ${steps} steps`)
          expect(steps).to.be.greaterThan(10)
        })

  for (const [name, work] of Object.entries(works))
    it(`${name}: every write to the store fails before it is done, or after`, async () => {
      let tried = 0
      for (const when of ['before', 'after'] as const)
        for (let call = 1, isOver = false; !isOver; call++)
          await inWorld(undefined, async (world) => {
            const vectors = await denseVectors(world.store, world.index.version.id)
            const failing = new FailingStore(world.store, call, when)
            await work(world, failing.store).catch(() => undefined)
            isOver = !failing.hasFailed
            if (!isOver) tried++
            await survives(world, work, vectors, `${name}, write ${call} failed ${when}`)
          })
      console.log(`      ${tried} failed writes`)
      expect(tried).to.be.at.least(2)
    })
})

/** A store of which one write fails. */
class FailingStore {
  readonly store: Store
  hasFailed = false
  #calls = 0

  constructor(real: Store, call: number, when: 'before' | 'after') {
    const failing = <Args extends unknown[]>(act: (...args: Args) => Promise<void>) => {
      return async (...args: Args): Promise<void> => {
        const isDue = ++this.#calls === call
        if (isDue) this.hasFailed = true
        if (isDue && when === 'before') throw new Error('the disk is gone')
        await act(...args)
        if (isDue) throw new Error('the process was to end here')
      }
    }
    const verbs: Pick<Store, Verb> = {
      stageSegments: failing((...args) => real.stageSegments(...args)),
      publishStaged: failing((...args) => real.publishStaged(...args)),
      publishSegments: failing((...args) => real.publishSegments(...args)),
    }
    this.store = {...real, ...verbs}
  }
}
