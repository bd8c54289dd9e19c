import {cpSync, existsSync, rmSync, statSync} from 'node:fs'
import path from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {expect} from 'chai'
import {damage, type DamageKind} from '../support/damage.js'
import {seededNumbers} from '../support/seeded-text.js'
import {TempHome} from '../support/temp-home.js'
import {ask, killWriter, type Killed, type Outcome} from '../support/wal-kills.js'

const IS_SHORT = Number(process.env['RAG_DAMAGES'] ?? 0) < 200
/** Of the log; 200 in the slow suite. */
const DAMAGES = IS_SHORT ? 24 : 240
/** Writers that are killed. */
const KILLS = IS_SHORT ? 4 : 30
const KINDS = ['flip', 'truncate', 'delete', 'zero'] as const satisfies readonly DamageKind[]

describe('a damaged or lost write-ahead log', function () {
  this.timeout(1_800_000)
  const random = seededNumbers(Number(process.env['RAG_KILL_SEED'] ?? 5))
  const below = (limit: number): number => Math.floor(random() * limit)
  let home: TempHome
  before(() => {
    home = new TempHome('wal')
  })
  after(() => home.remove())

  const isRight = (outcome: Outcome, killed: Killed): boolean =>
    outcome.kind === 'content' &&
    outcome.verified &&
    [killed.done, killed.either].some((content) => isDeepStrictEqual(content, outcome.content))

  /** A copy of a store whose writer was killed, as another program may find it. */
  function copyOf(dataDir: string): string {
    const copy = home.path('copy')
    rmSync(copy, {recursive: true, force: true})
    cpSync(dataDir, copy, {recursive: true})
    return copy
  }

  it(`takes no commit that was reported without a word (${DAMAGES} damages, ${KILLS} kills)`, async () => {
    const counts = {noticed: 0, refused: 0, harmless: 0, withoutLog: 0, steps: 0}
    const faults: string[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      const dataDir = home.path(`store-${kill}`)
      const mode = kill % 2 === 0 ? 'keep' : 'close'
      const options = {seed: kill + 1, mode, steps: 4 + below(20), delayMs: below(40)} as const
      const killed = await killWriter(dataDir, options)
      counts.steps += killed.steps
      const undamaged = await ask(copyOf(dataDir))
      if (!isRight(undamaged, killed))
        faults.push(
          `false alarm, or a loss by the kill ${kill} itself: ${JSON.stringify([undamaged, killed])}`,
        )
      for (let i = 0; i < DAMAGES / KILLS; i++) {
        const kind = KINDS[below(KINDS.length)]!
        const copy = copyOf(dataDir)
        const log = path.join(copy, 'rag.db-wal')
        if (!existsSync(log) || statSync(log).size === 0) {
          counts.withoutLog++
          continue
        }
        damage(kind, [log, undefined], random)
        const outcome = await ask(copy)
        if (outcome.kind !== 'content') counts[outcome.kind]++
        else if (isRight(outcome, killed)) counts.harmless++
        else faults.push(`silent after kill ${kill} (${mode}), ${kind}: ${JSON.stringify([outcome, killed])}`)
      }
      rmSync(dataDir, {recursive: true})
    }
    const {noticed, refused, harmless, withoutLog, steps} = counts
    console.log(
      `      ${KILLS} kills after ${steps} steps; ${noticed} losses noticed, ${refused} stores refused, ${harmless} damages without effect, ${withoutLog} without a log; ${faults.length} silent or false`,
    )
    expect(faults).to.deep.equal([])
    expect(noticed).to.be.greaterThan(DAMAGES / 3)
  })
})
