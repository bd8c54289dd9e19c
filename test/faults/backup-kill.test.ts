import {expect} from 'chai'
import {fillStore, killBackups, killRestores, type KillCounts} from '../support/backup-kills.js'
import {TempHome} from '../support/temp-home.js'

const ROUNDS = Number(process.env['RAG_KILL_ROUNDS'] ?? 4)
const SEED = Number(process.env['RAG_KILL_SEED'] ?? 1)

describe('kill -9 during backup and restore', function () {
  this.timeout(120_000 + ROUNDS * 10_000)
  let home: TempHome
  before(async () => {
    home = new TempHome('kill-backup')
    await fillStore(home)
  })
  after(() => home.remove())

  function prove(counts: KillCounts): void {
    console.log(
      `      ${counts.kills} kills, ${counts.after} of them after the new one was in place; ${counts.finished} rounds through before`,
    )
    expect(counts.faults).to.deep.equal([])
    expect(counts.kills).to.equal(ROUNDS)
  }

  it(`a backup: the one before or the new one is whole (${ROUNDS} kills)`, async () => {
    prove(await killBackups(home, ROUNDS, SEED))
  })

  it(`a restore: the store is the old one or the new one (${ROUNDS} kills)`, async () => {
    prove(await killRestores(home, ROUNDS, SEED))
  })
})
