import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync} from 'node:fs'
import {expect} from 'chai'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {inspectStore, snapshotCorpus} from '../support/corpus-snapshot.js'
import {seededNumbers} from '../support/seeded-text.js'
import {TempHome} from '../support/temp-home.js'

const ROUNDS = Number(process.env['RAG_KILL_ROUNDS'] ?? 6)
const STATE_FILE = 'data/msgpack/.replay_state.json'

describe('kill -9 during a watch', function () {
  this.timeout(90_000 + ROUNDS * 10_000)
  let home: TempHome
  before(() => {
    home = new TempHome('watch-kill')
    mkdirSync(home.path('data'), {recursive: true})
  })
  after(() => home.remove())

  const batch = (name: string, from: number, to: number): void => {
    const file = writeBatchFile(home.path(`data/msgpack/${name}.msgpack`), sketchRecords(from, to))
    utimesSync(file, 1000, 1000)
  }
  const state = (): {name: string}[] =>
    JSON.parse(readFileSync(home.path(STATE_FILE), 'utf8')) as {name: string}[]
  const content = (): unknown => {
    const {documents, chunks, vectors} = snapshotCorpus(home.data, 'default')
    return {documents, chunks, vectors}
  }
  const documentCount = (): number => Object.keys(snapshotCorpus(home.data, 'default').documents).length

  it(`loses nothing and counts nothing twice (${ROUNDS} kills)`, async () => {
    const random = seededNumbers(7)
    const argv = [
      ...['watch', '--glob', 'data/msgpack/*.msgpack', '--skip-existing', '--dummy-fill', '768'],
      ...['--state-file', STATE_FILE, '--json', '--interval', '0.1', '--settle', '0'],
    ]
    const fresh = (): void => {
      rmSync(home.path('data'), {recursive: true, force: true})
      for (let i = 0; i < 6; i++) batch(`b${i}`, i * 400, (i + 1) * 400)
    }
    fresh()
    expect((await home.run([...argv, '--once'])).code).to.equal(0)
    const expected = content()
    let kills = 0
    let inPart = 0
    while (kills < ROUNDS) {
      fresh()
      for (let here = 0; here < 4 && kills < ROUNDS; here++, kills++) {
        await home.run(argv, {
          onStart: (child) => setTimeout(() => child.kill('SIGKILL'), 100 + 900 * random()),
        })
        if (!existsSync(home.path('data/rag.db'))) continue
        expect(inspectStore(home.data).faults).to.deep.equal([])
        if (!existsSync(home.path(STATE_FILE))) inPart++
        else
          expect(documentCount(), 'what is written down as done is there').to.be.at.least(
            400 * state().length,
          )
      }
      const rest = await home.run([...argv, '--once'])
      expect(rest.code, rest.stderr).to.equal(0)
      expect(content()).to.deep.equal(expected)
      expect(state().map(({name}) => name)).to.deep.equal(
        readdirSync(home.path('data/msgpack'))
          .filter((name) => name.endsWith('.msgpack'))
          .map((name) => `data/msgpack/${name}`),
      )
    }
    console.log(`      ${kills} kills, ${inPart} before anything was written down as done`)
    expect(kills).to.equal(ROUNDS)
  })
})
