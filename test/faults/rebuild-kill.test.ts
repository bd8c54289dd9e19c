import {cpSync, rmSync} from 'node:fs'
import {expect} from 'chai'
import {inspectStore, withDatabase} from '../support/corpus-snapshot.js'
import {vectorDocuments, writeJsonl} from '../support/jsonl-corpus.js'
import {SeededText, seededNumbers} from '../support/seeded-text.js'
import {filesBelow, TempHome} from '../support/temp-home.js'

const ROUNDS = Number(process.env['RAG_KILL_ROUNDS'] ?? 4)
const WORKERS = {env: {RAG_MAX_WORKERS: '2'}}
/** Until the program is loaded, nothing can be hit. */
const START_MS = 60

/** A way to rebuild, and what makes it have something to do. */
interface Kind {
  readonly name: string
  readonly argv: readonly string[]
  readonly embeds: boolean
  readonly before?: (home: TempHome) => unknown
}

const KINDS: readonly Kind[] = [
  {name: 'rebuild', argv: ['rebuild'], embeds: false},
  {name: 'reembed', argv: ['rebuild', '--reembed', '--keep-old'], embeds: true},
  {
    name: 'rollback',
    argv: ['rebuild', '--rollback'],
    embeds: true,
    before: (home) => home.ok('rebuild', '--reembed', '--keep-old'),
  },
  {name: 'rebuild without an index', argv: ['rebuild'], embeds: false, before: forgetSegments},
]

interface RebuildJson {
  readonly embedded: number
  readonly vectors: number
  readonly pending: number
  readonly resumed: number
}

/** Text that is embedded here: a few thousand chunks, two segments. */
function writeTexts(home: TempHome): void {
  const text = new SeededText(7, 96)
  for (let i = 0; i < 160; i++)
    home.write(`docs/doc-${i}.md`, `# Document ${i}\n\n${text.document(i % 20, 28, 13)}`)
  home.write(
    'queries.txt',
    `${Array.from({length: 8}, (_, i) => text.words.slice(i * 9, i * 9 + 3).join(' ')).join('\n')}\n`,
  )
}

const ingest = (home: TempHome): ReturnType<TempHome['run']> =>
  home.run(['ingest', '--dir', 'docs', '--chunk-size', '24', '--chunk-overlap', '0', '--quiet'], WORKERS)

/** All vectors are in the tail: as after a loss of the index files. */
function forgetSegments(home: TempHome): void {
  withDatabase(home.data, (db) => db.exec('DELETE FROM segments'))
}

async function answers(home: TempHome): Promise<unknown[]> {
  const all: unknown[] = []
  for (const mode of ['keyword', 'vector', 'hybrid']) {
    const ran = await home.run(['search', '--queries', 'queries.txt', '--format', 'jsonl', '--mode', mode])
    expect(ran.code, ran.stderr).to.equal(0)
    for (const line of ran.stdout.trim().split('\n')) {
      const {query, hits, degraded} = JSON.parse(line) as {
        query: string
        hits: {chunk_id: string; score: number}[]
        degraded: boolean
      }
      all.push([mode, query, degraded, hits.map((hit) => [hit.chunk_id, hit.score.toFixed(6)])])
    }
  }
  return all
}

/** Every live vector of the live version, by chunk. */
const vectorsOf = (home: TempHome): unknown[] =>
  withDatabase(home.data, (db) =>
    db
      .prepare(
        `SELECT v.chunk_id, v.kind, hex(v.vector) FROM vectors v JOIN embedding_versions e ON e.id = v.version_id AND e.state = 'live'
         JOIN chunks c ON c.id = v.chunk_id AND c.deleted_at_ms IS NULL ORDER BY v.chunk_id`,
      )
      .raw()
      .all(),
  )

/** Files of the index that no row names. */
function orphansOf(home: TempHome): string[] {
  const named = new Set(
    withDatabase(
      home.data,
      (db) =>
        db
          .prepare('SELECT file FROM segments UNION SELECT file FROM segment_drafts')
          .pluck()
          .all() as string[],
    ),
  )
  return filesBelow(home.path('data/indexes')).filter((file) => !named.has(file.split('/indexes/')[1]!))
}

/** Live vectors in the range of a segment that says it holds fewer. */
const shortSegments = (home: TempHome): unknown[] =>
  withDatabase(home.data, (db) =>
    db
      .prepare(
        `SELECT s.file FROM segments s WHERE s.count < (SELECT count(*) FROM vectors v JOIN chunks c ON c.id = v.chunk_id
           WHERE v.version_id = s.version_id AND v.kind = 'dense' AND v.seq BETWEEN s.first_seq AND s.last_seq AND c.deleted_at_ms IS NULL)`,
      )
      .all(),
  )

interface Tally {
  kills: number
  finished: number
  resumed: number
  readonly hits: Record<string, number>
}

describe('kill -9 during a rebuild', function () {
  this.timeout(120_000 + ROUNDS * 20_000)
  let home: TempHome
  before(async () => {
    home = new TempHome('rebuild-kill')
    writeTexts(home)
    const ran = await ingest(home)
    expect(ran.code, ran.stderr).to.equal(0)
  })
  after(() => home.remove())

  /** Kills the command some times, looks after each, and lets it finish. */
  async function oneTurn(kind: Kind, tally: Tally, random: () => number): Promise<void> {
    await kind.before?.(home)
    const expected = {answers: await answers(home), vectors: vectorsOf(home)}
    for (let here = 0; ; here++) {
      const mayKill = tally.kills < ROUNDS && here < 3
      const after = START_MS + random() * (kind.embeds ? 2500 : 1500)
      const argv = [...kind.argv, '--json', '--quiet']
      const ran = await home.run(argv, {...WORKERS, ...(mayKill ? {timeoutMs: after} : {})})
      const where = `${kind.name}, kill ${tally.kills + 1} at ${Math.round(after)} ms`
      expect(inspectStore(home.data).faults, where).to.deep.equal([])
      expect(shortSegments(home), where).to.deep.equal([])
      // Learned from the same texts, a new version has the same vectors: before and after each switch all is the same.
      expect(vectorsOf(home), where).to.deep.equal(expected.vectors)
      expect(await answers(home), where).to.deep.equal(expected.answers)
      if (ran.signal === 'SIGKILL') {
        tally.kills++
        tally.hits[kind.name] = (tally.hits[kind.name] ?? 0) + 1
        continue
      }
      expect(ran.code, `${where}\n${ran.stderr}${ran.stdout}`).to.equal(0)
      const report = JSON.parse(ran.stdout) as RebuildJson
      expect(report, where).to.include({pending: 0, vectors: expected.vectors.length})
      if (!kind.embeds) expect(report.embedded, where).to.equal(0)
      expect(orphansOf(home), where).to.deep.equal([])
      tally.resumed += report.resumed
      tally.finished++
      return
    }
  }

  it(`loses no vector, searches go on, and the same command finishes the work (${ROUNDS} kills)`, async () => {
    const random = seededNumbers(Number(process.env['RAG_KILL_SEED'] ?? 1))
    const tally: Tally = {kills: 0, finished: 0, resumed: 0, hits: {}}
    for (let turn = 0; tally.kills < ROUNDS; turn++) await oneTurn(KINDS[turn % KINDS.length]!, tally, random)
    const {kills, finished, resumed, hits} = tally
    console.log(
      `      ${kills} kills (${JSON.stringify(hits)}), ${finished} finished and compared, ${resumed} segments taken over`,
    )
    expect(finished).to.be.greaterThan(0)
  })
})

describe('kill -9 during compaction', function () {
  this.timeout(120_000 + ROUNDS * 20_000)
  let home: TempHome
  before(async () => {
    home = new TempHome('compact-kill')
    const documents = vectorDocuments(1290, {chunks: 10, dimension: 16})
    for (let i = 0; i < 3; i++) {
      writeJsonl(home.path('part.jsonl'), documents.slice(i * 430, (i + 1) * 430))
      const argv = ['ingest', '--jsonl', 'part.jsonl', '--model', 'external:x', '--quiet']
      const ran = await home.run(argv, {...WORKERS, dataDir: home.path('whole')})
      expect(ran.code, ran.stderr).to.equal(0)
    }
  })
  after(() => home.remove())

  it(`loses no vector, and the same command finishes the work (${ROUNDS} kills)`, async () => {
    const random = seededNumbers(Number(process.env['RAG_KILL_SEED'] ?? 2))
    const doomed = Array.from({length: 500}, (_, i) => `doc-${i}`)
    const commands = [
      ['rebuild', '--compact'],
      ['docs', 'delete', ...doomed],
    ]
    const hits: Record<string, number> = {}
    let kills = 0
    let finished = 0
    for (let store = 0; kills < ROUNDS; store++) {
      const argv = commands[store % 2]!
      rmSync(home.data, {recursive: true, force: true})
      cpSync(home.path('whole'), home.data, {recursive: true})
      const all = vectorsOf(home)
      const left = store % 2 === 0 ? all.length : all.length - 5000
      for (let here = 0; ; here++) {
        const mayKill = kills < ROUNDS && here < 3
        const limit = mayKill ? {timeoutMs: START_MS + random() * 1200} : {}
        const ran = await home.run([...argv, '--json', '--quiet'], {...WORKERS, ...limit})
        expect(inspectStore(home.data).faults).to.deep.equal([])
        expect(shortSegments(home)).to.deep.equal([])
        expect(vectorsOf(home).length).to.be.oneOf([all.length, left])
        expect(await home.found('doc-777', '--mode', 'keyword')).to.include('doc-777')
        if (ran.signal !== 'SIGKILL') {
          // Deleted before it was killed, the documents are not known any more.
          expect(ran.code, ran.stderr).to.be.oneOf(store % 2 === 0 ? [0] : [0, 4])
          break
        }
        kills++
        hits[argv[0]!] = (hits[argv[0]!] ?? 0) + 1
      }
      await home.ok('rebuild', '--compact')
      expect(vectorsOf(home)).to.deep.equal(all.filter((_, i) => left === all.length || i >= 5000))
      expect(orphansOf(home)).to.deep.equal([])
      const {segments} = inspectStore(home.data).counts
      expect(segments).to.be.within(1, 2)
      finished++
    }
    console.log(`      ${kills} kills (${JSON.stringify(hits)}), ${finished} finished and compared`)
  })
})
