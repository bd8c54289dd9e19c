import {cpSync, existsSync, readdirSync, rmSync} from 'node:fs'
import {expect} from 'chai'
import {inspectStore, snapshotCorpus, withDatabase} from '../support/corpus-snapshot.js'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {seededNumbers} from '../support/seeded-text.js'
import {TempHome} from '../support/temp-home.js'

const ROUNDS = Number(process.env['RAG_KILL_ROUNDS'] ?? 12)
const SEED = Number(process.env['RAG_KILL_SEED'] ?? 1)
/** Until the program is loaded, nothing can be hit. */
const START_MS = 60
/** Kills of one store before it may finish: most kills shall hit what an earlier one has left. */
const KILLS_A_STORE = 4
const FILES = 4
const RECORDS = 1500

interface ReplayJson {
  readonly inserted: number
  readonly skipped: number
  readonly duplicates: number
  readonly failed: number
  readonly chunks: {readonly total: number; readonly pending: number}
}

/** Two that are the same in every pair of files, one in ten without a vector. */
function writeBatches(home: TempHome): void {
  for (let file = 0; file < FILES; file++) {
    const records = sketchRecords(file * (RECORDS - 2), file * (RECORDS - 2) + RECORDS, 32)
    writeBatchFile(
      home.path(`all/b${file}.msgpack`),
      records.map(({embedding, ...record}, i) => (i % 10 === 9 ? record : {...record, embedding})),
      {model: 'm'},
    )
  }
}

describe('kill -9 during a replay', function () {
  this.timeout(120_000 + ROUNDS * 10_000)
  let home: TempHome
  before(() => {
    home = new TempHome('replay-kill')
    writeBatches(home)
  })
  after(() => home.remove())

  const argv = [
    ...['replay', '--glob', 'in/*.msgpack', '--skip-existing', '--dummy-fill', '32'],
    ...['--state-file', 'state.json', '--archive', 'done', '--quiet', '--json'],
  ]
  const fresh = (): void => {
    for (const name of ['in', 'done', 'state.json', 'data'])
      rmSync(home.path(name), {recursive: true, force: true})
    cpSync(home.path('all'), home.path('in'), {recursive: true, preserveTimestamps: true})
  }
  /** What may differ between two runs: when a record was read, and that it was moved. */
  const content = (): unknown => {
    const {documents, chunks, vectors} = snapshotCorpus(home.data, 'default')
    return {documents, chunks, vectors}
  }

  it(`loses nothing, counts nothing twice, and the same command finishes the work (${ROUNDS} kills)`, async () => {
    fresh()
    const whole = await home.run(argv)
    expect(whole.code, whole.stderr).to.equal(0)
    const expected = content()
    const {chunks} = JSON.parse(whole.stdout) as ReplayJson
    expect(chunks).to.include({total: FILES * (RECORDS - 2) + 2, pending: 0})
    const random = seededNumbers(SEED)
    const hits = {nothing: 0, part: 0, all: 0}
    let kills = 0
    let finished = 0
    for (let tries = 0; kills < ROUNDS && tries < 20 * ROUNDS;) {
      fresh()
      for (let here = 0; ; tries++) {
        const mayKill = here < KILLS_A_STORE && kills < ROUNDS
        const delay = START_MS + random() * (whole.tookMs - START_MS)
        const before = documentsIn(home)
        const ran = await home.run(argv, {
          onStart: (child) => {
            if (mayKill) setTimeout(() => child.kill('SIGKILL'), delay)
          },
        })
        if (existsSync(home.data)) expect(inspectStore(home.data).faults).to.deep.equal([])
        const after = documentsIn(home)
        expect(after).to.be.at.least(before)
        expect(allFiles(home), 'a batch is in one of the folders, whole').to.deep.equal(
          readdirSync(home.path('all')),
        )
        if (ran.signal === 'SIGKILL') {
          kills++
          here++
          hits[after === 0 ? 'nothing' : after < chunks.total ? 'part' : 'all']++
          continue
        }
        // A kill between the last move and the end leaves nothing to be found.
        const isDone = ran.code === 4 && readdirSync(home.path('in')).length === 0
        expect(isDone ? 0 : ran.code, ran.stderr).to.equal(0)
        if (!isDone) {
          const report = JSON.parse(ran.stdout) as ReplayJson
          expect([report.failed, report.chunks.pending]).to.deep.equal([0, 0])
        }
        if (here > 0) {
          finished++
          expect(content()).to.deep.equal(expected)
          expect(readdirSync(home.path('in'))).to.deep.equal([])
          expect((await home.run(['verify'])).code).to.equal(0)
        }
        break
      }
    }
    console.log(`      ${kills} kills: ${JSON.stringify(hits)}; ${finished} finished and compared`)
    expect(kills).to.equal(ROUNDS)
    expect(finished).to.be.at.least(1)
  })
})

function allFiles(home: TempHome): string[] {
  const names = ['in', 'done'].flatMap((folder) =>
    existsSync(home.path(folder)) ? readdirSync(home.path(folder)) : [],
  )
  return [...new Set(names.filter((name) => !name.startsWith('.')))].sort()
}

function documentsIn(home: TempHome): number {
  try {
    return withDatabase(
      home.data,
      (db) =>
        db.prepare('SELECT count(*) FROM documents WHERE deleted_at_ms IS NULL').pluck().get() as number,
    )
  } catch {
    return 0 // There is no store yet, or no table in it.
  }
}
