import {execFileSync, spawnSync} from 'node:child_process'
import {cpSync, readdirSync, readFileSync, realpathSync, rmSync} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {STORE_FORMAT, storeFormat} from '../../src/lib/adapters/sqlite/migrate.js'
import {inspectStore, snapshotCorpus} from '../support/corpus-snapshot.js'
import {runRag, type RanRag} from '../support/run-rag.js'
import {bytesOf, TempHome} from '../support/temp-home.js'

const FIXTURES = path.resolve('test/fixtures/stores')
/** Kills of each format, spread over all writes of its upgrade. */
const KILLS = Math.min(1000, Number(process.env['RAG_KILL_ROUNDS'] ?? 3))
const COMPILER = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0)
const CORPORA = ['acme/stones', 'notes']
const SEARCHES = [
  ['when do bees swarm', '--corpus', 'notes', '--mode', 'hybrid'],
  ['hot oven', '--corpus', 'notes', '--mode', 'vector'],
  ['zeppelins', '--corpus', 'notes', '--mode', 'keyword'],
  ['slate quarry', '--corpus', 'acme/stones', '--mode', 'keyword'],
]

/** What an upgrade must leave as it is: the rows of each corpus, and what searches find in them. */
interface Kept {
  readonly corpora: readonly unknown[]
  readonly searches: readonly unknown[]
}

describe('an upgrade that is killed', function () {
  this.timeout(3_600_000)
  let home: TempHome
  before(() => {
    home = new TempHome('upgrade')
  })
  after(() => home.remove())

  const formatOf = (dataDir: string): number => {
    const db = new Database(path.join(dataDir, 'rag.db'))
    try {
      return storeFormat(db)
    } finally {
      db.close()
    }
  }

  async function ok(dataDir: string, ...argv: string[]): Promise<string> {
    const ran = await runRag([...argv, '--json'], {dataDir, cwd: home.folder})
    expect(ran.code, `${argv.join(' ')}: ${ran.stderr}${ran.stdout}`).to.equal(0)
    return ran.stdout
  }

  async function found(dataDir: string): Promise<readonly unknown[]> {
    const all: unknown[] = []
    for (const search of SEARCHES) {
      const {hits} = JSON.parse(await ok(dataDir, 'search', ...search)) as {
        hits: {chunk_id: string; score: number}[]
      }
      all.push(hits.map((hit) => `${hit.chunk_id} ${hit.score.toFixed(9)}`))
    }
    return all
  }

  const kept = async (dataDir: string): Promise<Kept> => ({
    corpora: CORPORA.map((corpus) => snapshotCorpus(dataDir, corpus)),
    searches: await found(dataDir),
  })

  describe('at a write', () => {
    let library: string
    before(function () {
      if (process.platform !== 'linux' || !COMPILER) {
        console.log('      skipped: a kill at a write needs Linux and a C compiler (cc, gcc or clang)')
        this.skip()
      }
      library = home.path('kill-at.so')
      const source = 'test/support/upgrade/kill-at.c'
      execFileSync(COMPILER, ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'])
    })

    /** The first write to the store by a program of today: it finds nothing to be deleted. */
    const upgrade = (dataDir: string, env: Readonly<Record<string, string>>): Promise<RanRag> =>
      runRag(['docs', 'delete', 'none-of-this-name', '--corpus', 'notes'], {
        dataDir,
        cwd: home.folder,
        env: {LD_PRELOAD: library, KILL_ROOT: realpathSync(dataDir), ...env},
      })

    for (const format of readdirSync(FIXTURES).sort())
      it(`from ${format} on leaves a store that the next command upgrades (${KILLS} kills)`, async () => {
        const fresh = (name: string): string => {
          const dataDir = home.path(`${format}/${name}`)
          rmSync(dataDir, {recursive: true, force: true})
          cpSync(path.join(FIXTURES, format), dataDir, {recursive: true})
          return dataDir
        }
        const before = CORPORA.map((corpus) => snapshotCorpus(fresh('untouched'), corpus))
        const whole = fresh('whole')
        const count = home.path(`${format}/count`)
        await upgrade(whole, {KILL_COUNT: count})
        const writes = Number(readFileSync(count, 'utf8').trim().split('\n')[0])
        expect(writes).to.be.greaterThan(3)
        const expected = await kept(whole)
        expect(expected.corpora).to.deep.equal(before)
        const formats = new Set<number>()
        const rounds = Math.min(KILLS, writes)
        for (let i = 0; i < rounds; i++) {
          const at = 1 + Math.floor((i * (writes - 1)) / Math.max(1, rounds - 1))
          const dataDir = fresh('killed')
          const ran = await upgrade(dataDir, {KILL_AT: String(at)})
          expect(ran.signal, `write ${at} of ${writes}: ${ran.stderr}`).to.equal('SIGKILL')
          cpSync(dataDir, home.path(`${format}/copy`), {recursive: true})
          formats.add(formatOf(home.path(`${format}/copy`)))
          rmSync(home.path(`${format}/copy`), {recursive: true})
          expect((JSON.parse(await ok(dataDir, 'verify')) as {ok: boolean}).ok).to.equal(true)
          expect(await kept(dataDir), `killed before write ${at} of ${writes}`).to.deep.equal(expected)
          expect(formatOf(dataDir)).to.equal(STORE_FORMAT)
          expect(inspectStore(dataDir).faults).to.deep.equal([])
        }
        console.log(
          `      ${rounds} kills of ${writes} writes; formats left: ${[...formats].sort().join(', ')}`,
        )
      })
  })

  it('is none where the store is of a newer format: exit 8, and no byte of it has changed', async () => {
    const dataDir = home.path('newer')
    cpSync(path.join(FIXTURES, 'format-9'), dataDir, {recursive: true})
    const db = new Database(path.join(dataDir, 'rag.db'))
    db.pragma(`user_version = ${STORE_FORMAT + 1}`)
    db.close()
    home.write('more/fig.md', '# Figs\n')
    const before = bytesOf(dataDir)
    const commands = [
      ['status'],
      ['verify'],
      ['verify', '--repair'],
      ['search', 'bees', '--corpus', 'notes'],
      ['docs', 'list', '--corpus', 'notes'],
      ['docs', 'delete', 'bees.md', '--corpus', 'notes', '--hard'],
      ['ingest', '--dir', 'more', '--corpus', 'notes'],
      ['rebuild', '--corpus', 'notes'],
      ['corpus', 'delete', 'notes', '--yes'],
      ['backup', 'copy'],
    ]
    for (const argv of commands) {
      const ran = await runRag(argv, {dataDir, cwd: home.folder})
      expect([argv.join(' '), ran.code, bytesOf(dataDir)], ran.stderr).to.deep.equal([
        argv.join(' '),
        8,
        before,
      ])
    }
  })
})
