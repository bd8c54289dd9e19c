import {expect} from 'chai'
import {
  fillForExport,
  killExport,
  killIngests,
  killLeaving,
  type ExportKills,
} from '../support/export-kills.js'
import {TempHome} from '../support/temp-home.js'

const ROUNDS = Number(process.env['RAG_KILL_ROUNDS'] ?? 6)
const SEED = Number(process.env['RAG_KILL_SEED'] ?? 1)

describe('kill -9 while batches leave', function () {
  this.timeout(120_000 + ROUNDS * 15_000)
  let home: TempHome
  before(async () => {
    home = new TempHome('kill-export')
    await fillForExport(home)
  })
  after(() => home.remove())

  function prove({faults, kills, after: done, finished, orphans}: ExportKills): void {
    console.log(
      `      ${kills} kills, ${done} of them after the new state was there, ${orphans} left files at work; ${finished} rounds through before`,
    )
    expect(faults).to.deep.equal([])
    expect(kills).to.be.at.least(ROUNDS)
  }

  it(`an export: the one before or the new one, and the same files when it is run again (${ROUNDS} kills)`, async () => {
    prove(await killExport(home, ROUNDS, SEED))
  })

  it(`what an ingest lets leave: likewise, beside what is there (${ROUNDS} kills)`, async () => {
    prove(await killLeaving(home, ROUNDS, SEED))
  })

  it(`whole ingests, night after night: nothing of what they embedded is missing elsewhere (${ROUNDS} kills)`, async () => {
    const {kills, runs, faults} = await killIngests(home, ROUNDS, SEED)
    console.log(`      ${kills} kills; ${runs} undisturbed runs between them`)
    expect(faults).to.deep.equal([])
    expect(kills).to.be.at.least(ROUNDS)
  })
})
