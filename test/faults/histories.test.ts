import {expect} from 'chai'
import {inspectStore} from '../support/corpus-snapshot.js'
import {checkHistory} from '../support/histories/check-history.js'
import type {Verb} from '../support/histories/client.js'
import {Play, wait, type PlayOptions} from '../support/histories/play.js'
import {TempHome} from '../support/temp-home.js'

const SECONDS = Number(process.env['RAG_HISTORY_SECONDS'] ?? 8)
const SEED = Number(process.env['RAG_KILL_SEED'] ?? 1)
const WRITES: readonly Verb[] = ['upsert', 'upsert', 'upsert', 'delete', 'purge', 'ingest', 'replay']
const READS: readonly Verb[] = ['list', 'show', 'search', 'search']
const PLACES: readonly (readonly Verb[])[] = [WRITES, WRITES, [...WRITES, 'rebuild', 'repair'], READS, READS]

/** Whoever wants to know what was done and seen may read the calls: they are in the order in which they ended. */
describe('a store that many use at once', function () {
  this.timeout((SECONDS + 600) * 1000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('histories')
  })
  afterEach(() => home.remove())

  const play = (more: Partial<PlayOptions>): Play =>
    new Play({folder: home.folder, seed: SEED, ms: 0, places: PLACES, disturbEveryMs: 0, ...more})

  async function faultsOf(played: Play): Promise<readonly string[]> {
    const found = checkHistory(await played.history())
    return [...found, ...played.faults, ...inspectStore(played.dataDir).faults]
  }

  it(`keeps its promises while processes are killed, stopped, and their clocks set (${SECONDS} s)`, async () => {
    const played = play({ms: SECONDS * 1000, disturbEveryMs: 400})
    await played.run()
    const faults = await faultsOf(played)
    console.log(`      ${played.calls.length} calls: ${JSON.stringify(played.counts)}`)
    expect(faults).to.deep.equal([])
    const done = played.calls.filter(({outcome}) => outcome === 'done')
    expect(done.filter(({what}) => what === 'write').length).to.be.greaterThan(2)
    expect(done.filter(({what}) => what === 'read').length).to.be.greaterThan(5)
  })

  it('is not written by a holder that was stopped until its lease was taken', async () => {
    const played = play({places: [WRITES, WRITES, READS]})
    await played.open()
    const docIds = Array.from({length: 60}, (_, i) => `d${i}`)
    const corpus = 'notes'
    for (let tries = 0; tries < 25 && !played.calls.some(({outcome}) => outcome === 'late'); tries++) {
      const late = played.call(0, 'ingest', {corpus, docIds})
      await played.holds(corpus, 0)
      played.stop(0)
      await wait(20)
      const isHolder = played.versionHeldBy(corpus, 0) !== undefined
      // On another host, by whose clock the holder has been silent for longer than a lease lasts.
      played.setClock(1, 75_000)
      const taker = await played.call(1, 'upsert', {corpus, docIds: ['d59']})
      const between = await played.call(2, 'list', {corpus, docIds: []})
      expect(between.outcome).to.equal('done')
      played.goOn(0)
      const call = await late
      if (isHolder && taker.outcome === 'done') played.lose(call, taker)
      await played.call(2, 'list', {corpus, docIds: []})
    }
    await played.end()
    const outcomes = played.calls.map(({outcome}) => outcome)
    expect(outcomes, JSON.stringify(played.counts)).to.include('late')
    expect(await faultsOf(played)).to.deep.equal([])
  })
})
