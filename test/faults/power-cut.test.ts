import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, realpathSync, rmSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {faultAt, marked, type Expected} from '../support/power-cut/check-disk.js'
import {DiskModel, type Survival} from '../support/power-cut/disk-model.js'
import {readLog, type DiskEvent} from '../support/power-cut/read-log.js'
import {SCENARIOS, type Mark, type ScenarioName} from '../support/power-cut/scenario.js'
import {seededNumbers} from '../support/seeded-text.js'
import {TempHome} from '../support/temp-home.js'

/** Power cuts of each kind of work. */
const CUTS = Number(process.env['RAG_POWER_CUTS'] ?? 12)
/** Of the copied pages: one of so many. */
const STRIDE = CUTS < 100 ? 5 : 1
const SEED = Number(process.env['RAG_KILL_SEED'] ?? 1)
const SURVIVALS: readonly Survival[] = ['none', 'some', 'all']
const COMPILER = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0)

/** The instant before an event, and what must be on the disk then. */
interface Instant {
  readonly at: number
  readonly expected: readonly Expected[]
}

function instantsOf(events: readonly DiskEvent[]): readonly Instant[] {
  let expected: readonly Expected[] = []
  return events.flatMap((event, at): readonly Instant[] => {
    if (event.path !== 'marks') return expected.length > 0 ? [{at, expected}] : []
    if (event.kind === 'write') expected = marked(expected, JSON.parse(String(event.data)) as Mark)
    return event.kind === 'write' ? [{at: at + 1, expected}] : []
  })
}

/** Instants right after something was reported, and others, spread over the whole of the work. */
function chosen(instants: readonly Instant[], random: () => number): readonly Instant[] {
  const reported = instants.filter(({expected}, i) => expected !== instants[i - 1]?.expected)
  const others: Instant[] = []
  const count = Math.max(0, CUTS - reported.length)
  for (let i = 0; i < count; i++)
    others.push(instants[Math.floor(((i + random()) / count) * instants.length)]!)
  return [...reported, ...others].sort((a, b) => a.at - b.at)
}

describe('a power cut', function () {
  this.timeout(3_600_000)
  let home: TempHome
  let recorder: string

  before(function () {
    if (process.platform !== 'linux' || !COMPILER) {
      console.log('      skipped: recording needs Linux and a C compiler (cc, gcc or clang)')
      this.skip()
    }
    home = new TempHome('power')
    recorder = home.path('record.so')
    const source = 'test/support/power-cut/record.c'
    execFileSync(COMPILER, ['-shared', '-fPIC', '-O1', '-o', recorder, source, '-ldl', '-lpthread'])
  })
  after(() => home?.remove())

  function recorded(name: ScenarioName): readonly DiskEvent[] {
    const [root, scratch] = [home.path(`${name}/root`), home.path(`${name}/scratch`)]
    for (const folder of [root, scratch]) mkdirSync(folder, {recursive: true})
    const log = home.path(`${name}/log`)
    execFileSync(
      process.execPath,
      ['--import', 'tsx', 'test/support/power-cut/scenario.ts', realpathSync(root), scratch, name],
      {
        env: {...process.env, LD_PRELOAD: recorder, RECORD_ROOT: realpathSync(root), RECORD_LOG: log},
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    return readLog(log, realpathSync(root))
  }

  for (const name of SCENARIOS)
    it(`during ${name}: what was reported is there (${CUTS} instants)`, async () => {
      const random = seededNumbers(SEED)
      const events = recorded(name)
      const instants = instantsOf(events)
      const reports = new Set(instants.map(({expected}) => expected)).size
      const disk = new DiskModel()
      const faults: string[] = []
      let [next, cuts] = [0, 0]
      const scratch = home.path(path.join(name, 'cut'))
      for (const {at, expected} of chosen(instants, random)) {
        for (; next < at; next++) if (events[next]!.path !== 'marks') disk.apply(events[next]!)
        for (const survival of SURVIVALS) {
          rmSync(scratch, {recursive: true, force: true})
          disk.leave(scratch, survival, random)
          cuts++
          for (const one of expected) {
            const fault = await faultAt(scratch, one)
            if (fault !== undefined) faults.push(`event ${at} of ${events.length}, ${survival}: ${fault}`)
          }
        }
      }
      const syncs = events.filter(({kind}) => kind === 'sync').length
      console.log(
        `      ${events.length} writes, names and syncs (${syncs}), ${reports} marks; ${cuts} power cuts, ${faults.length} faults`,
      )
      expect(faults.slice(0, 12)).to.deep.equal([])
    })

  it('during the copying of the log to the database, with a loss of the log besides: noticed', async () => {
    const outcomes = {noticed: 0, whole: 0}
    const silent: string[] = []
    const disk = new DiskModel()
    const scratch = home.path('torn')
    let expected: readonly Expected[] = []
    for (const [at, event] of recorded('delete').entries()) {
      if (event.path !== 'marks') disk.apply(event)
      else if (event.kind === 'write') expected = marked(expected, JSON.parse(String(event.data)) as Mark)
      const isCopied = event.kind === 'write' && event.path === 'data/rag.db'
      if (!isCopied || expected.length === 0 || at % STRIDE !== 0) continue
      rmSync(scratch, {recursive: true, force: true})
      disk.leave(scratch, 'all', Math.random)
      rmSync(path.join(scratch, 'data/rag.db-wal'), {force: true})
      const fault = await faultAt(scratch, expected[0]!)
      if (fault === undefined) outcomes.whole++
      else if (/^(COMMITS_LOST|STORE_DAMAGED):/.test(fault)) outcomes.noticed++
      else silent.push(`event ${at}: ${fault}`)
    }
    console.log(`      ${outcomes.noticed} noticed, ${outcomes.whole} whole, ${silent.length} silent`)
    expect(silent).to.deep.equal([])
    expect(outcomes.noticed).to.be.greaterThan(4)
  })
})
