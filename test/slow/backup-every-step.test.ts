import path from 'node:path'
import {writeFileSync} from 'node:fs'
import {expect} from 'chai'
import {openRag} from '../../src/lib/index.js'
import {BackupWorld} from '../support/backup-world.js'
import {inspectStore, snapshotCorpus} from '../support/corpus-snapshot.js'
import {FaultyFiles, type Fault} from '../support/faulty-files.js'
import {publishSegment} from '../support/publish-segment.js'

const FIXTURE = path.resolve('test/fixtures/stores/format-1')
const FAULTS: readonly Fault[] = [
  'ENOSPC',
  'EIO',
  'EACCES',
  'short-write',
  'silent-short-write',
  'lost-rename',
]

/** Every step is tried in the slow suite; otherwise every third, another third with each kind of fault. */
const STRIDE = process.env['RAG_KILL_ROUNDS'] === undefined ? 3 : 1
const firstStep = (fault: Fault): number => 1 + (FAULTS.indexOf(fault) % STRIDE)

/** What a store holds, by names. */
const contentOf = (data: string): unknown => [
  snapshotCorpus(data, 'notes'),
  snapshotCorpus(data, 'acme/stones'),
]

/** A store in another state than the fixture: a document more, and another index file in place of one. */
async function change(data: string): Promise<void> {
  const rag = await openRag({dataDir: data})
  await rag.upsertDocument({corpus: 'notes', docId: 'new.md', text: 'Figs want a warm wall.'})
  await rag.close()
  await publishSegment(data, 'notes')
}

describe('a backup, with a fault at every step', function () {
  this.timeout(300_000)
  /** A store that has changed since its backup. */
  let template: BackupWorld
  let old: unknown
  before(async () => {
    template = new BackupWorld({store: FIXTURE})
    writeFileSync(path.join(template.data, 'config.json'), '{"top_k": 5}')
    old = contentOf(template.data)
    await template.backup()
    await change(template.data)
    expect(contentOf(template.data)).not.to.deep.equal(old)
  })
  after(() => template.remove())

  async function survives(fault: Fault, once: boolean): Promise<number> {
    let tried = 0
    for (let step = firstStep(fault); ; step += STRIDE) {
      const faulty = new FaultyFiles({step, fault, once})
      const world = new BackupWorld({like: template, operations: faulty.operations})
      const outcome = await world.backup().then(
        (report) => report,
        (error: unknown) => error as Error,
      )
      const context = `${fault} at step ${step} (${String(faulty.calls[step - 1])}), once: ${once}: ${outcome instanceof Error ? outcome.message : 'done'}`
      try {
        const {manifest} = await world.check()
        if (outcome instanceof Error) expect(manifest.number, context).to.be.oneOf([1, 2])
        else expect([manifest.number, outcome.leftOut.length <= 1], context).to.deep.equal([2, true])
        if (!faulty.hasFaulted) return tried
        tried++
        faulty.heal()
        const healed = await world.backup()
        expect(healed.leftOut, context).to.deep.equal([])
        const {files} = (await world.check()).manifest
        expect(world.filesOfBackup(), context).to.deep.equal(files.map(({file}) => file).sort())
      } catch (error) {
        throw new Error(`${context}\n${String(error)}`, {cause: error})
      } finally {
        world.remove()
      }
    }
  }

  for (const fault of FAULTS)
    for (const once of [true, false])
      it(`leaves the old backup or the new one: ${fault}, ${once ? 'once' : 'for good'}`, async () => {
        const steps = await survives(fault, once)
        console.log(`      steps tried: ${steps}`)
        expect(steps).to.be.greaterThan(100 / STRIDE)
      })

  for (const fault of FAULTS)
    it(`a restore leaves the old store or the new one: ${fault}, once and for good`, async () => {
      const now = contentOf(template.data)
      let tried = 0
      for (const once of [true, false])
        for (let step = firstStep(fault); ; step += STRIDE) {
          const faulty = new FaultyFiles({step, fault, once})
          const world = new BackupWorld({like: template, operations: faulty.operations})
          const outcome = await world.restore().then(
            () => 'done',
            (error: unknown) => String(error),
          )
          const context = `${fault} at step ${step} (${String(faulty.calls[step - 1])}), once: ${once}: ${outcome}`
          const found = contentOf(world.data)
          expect(inspectStore(world.data).faults, context).to.deep.equal([])
          if (outcome === 'done') expect(found, context).to.deep.equal(old)
          else expect([JSON.stringify(old), JSON.stringify(now)], context).to.include(JSON.stringify(found))
          const more = faulty.hasFaulted
          if (more) {
            faulty.heal()
            await world.restore()
            expect(contentOf(world.data), context).to.deep.equal(old)
          }
          world.remove()
          if (!more) break
          tried++
        }
      console.log(`      steps tried: ${tried}`)
      expect(tried).to.be.greaterThan(100 / STRIDE)
    })
})
