/**
 * Replay of pre-embedded records beside its floor: prepared inserts of the very rows that it stores, keyword entries included, in
 * transactions of the same size. Makes its own data (seeded). Runs what was built: `npm run build` first. Other work on the machine slows
 * a replay, which keeps two threads busy, more than its floor: the processor time of both is told beside.
 *
 * Usage: npx tsx scripts/bench/replay-raw.ts [--records 100000] [--words 20] [--rounds 2] [--json]
 *        npx tsx scripts/bench/replay-raw.ts --gigabyte [--json]    peak memory of a batch of 1 GB, dry, stored and indexed
 */
import {spawnSync} from 'node:child_process'
import {closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {parseArgs} from 'node:util'
import Database from 'better-sqlite3'
import {openDatabase} from '../../src/lib/adapters/sqlite/open-database.js'
import {PEAK_KB} from './peak-memory.js'
import {encodeBatchHead, encodeRecord} from '../../src/lib/codec/write-batch.js'
import {seededNumbers, SeededText} from '../../test/support/seeded-text.js'

const {openRag} = (await import(
  new URL('../../dist/lib/index.js', import.meta.url).href
)) as typeof import('../../src/lib/index.js')

const DIMENSION = 384
const COMMIT_SIZE = 3000
/** Of twenty words each: a little less than 1 GB. */
const GIGABYTE_RECORDS = 570_000

const {values} = parseArgs({
  options: {
    records: {type: 'string', default: '100000'},
    words: {type: 'string', default: '20'},
    rounds: {type: 'string', default: '2'},
    gigabyte: {type: 'boolean', default: false},
    json: {type: 'boolean', default: false},
  },
})
const words = Number(values.words)
const folder = mkdtempSync(path.join(tmpdir(), 'rag-bench-replay-'))
const batch = path.join(folder, 'a.msgpack')
try {
  if (values.gigabyte) gigabyte()
  else await speed(Number(values.records))
} finally {
  rmSync(folder, {recursive: true, force: true})
}

interface Cost {
  readonly seconds: number
  readonly cpuSeconds: number
}

async function speed(records: number): Promise<void> {
  writeBatch(records)
  const replays: Cost[] = []
  const raws: Cost[] = []
  const parts: Record<'rows' | 'keywords', Cost[]> = {rows: [], keywords: []}
  for (let round = 0; round < Number(values.rounds); round++) {
    const data = path.join(folder, `data-${round}`)
    replays.push(await replay(data, records))
    const from = path.join(data, 'rag.db')
    raws.push(await insertRaw(from, {records, rows: true, keywords: true}))
    parts.rows.push(await insertRaw(from, {records, rows: true, keywords: false}))
    parts.keywords.push(await insertRaw(from, {records, rows: false, keywords: true}))
    rmSync(data, {recursive: true})
  }
  const perSecond = (costs: readonly Cost[]): number => Math.round(records / best(costs, 'seconds'))
  const cpu = (costs: readonly Cost[]): number =>
    Number(((1e6 * best(costs, 'cpuSeconds')) / records).toFixed(1))
  const result = {
    records,
    words,
    replay_per_second: perSecond(replays),
    raw_per_second: perSecond(raws),
    rows_only_per_second: perSecond(parts.rows),
    keywords_only_per_second: perSecond(parts.keywords),
    ratio: Number((best(replays, 'seconds') / best(raws, 'seconds')).toFixed(2)),
    replay_cpu_us: cpu(replays),
    raw_cpu_us: cpu(raws),
  }
  if (values.json) console.log(JSON.stringify(result))
  else
    console.log(
      `replay of ${records} records of ${words} words and ${DIMENSION} numbers: ${result.replay_per_second} a second (bar 20000); ` +
        `raw inserts of the same rows ${result.raw_per_second} (without keywords ${result.rows_only_per_second}, keywords alone ` +
        `${result.keywords_only_per_second}); ${result.ratio} times raw (bar 2); processor ${result.replay_cpu_us} µs a record, raw ${result.raw_cpu_us}`,
    )
}

function best(costs: readonly Cost[], key: keyof Cost): number {
  return Math.min(...costs.map((cost) => cost[key]))
}

function writeBatch(count: number): void {
  const random = seededNumbers(3)
  const text = new SeededText(5, 2000)
  const file = openSync(batch, 'w')
  let parts: Uint8Array[] = [
    encodeBatchHead({source: 'bench', batchTag: 'bench', model: 'bench', embeddingDim: DIMENSION}, count),
  ]
  const flush = (): void => {
    writeSync(file, Buffer.concat(parts))
    parts = []
  }
  for (let i = 0; i < count; i++) {
    parts.push(
      encodeRecord({
        text: `${text.document(i, 1, words).trim()} Record ${i}.`,
        embedding: Float32Array.from({length: DIMENSION}, () => random() - 0.5),
        metadata: {n: i},
      }),
    )
    if (parts.length >= 1000) flush()
  }
  flush()
  closeSync(file)
}

/** Peak memory of the whole program, in a process of its own. */
function gigabyte(): void {
  writeBatch(GIGABYTE_RECORDS)
  const megabytes = Math.round(statSync(batch).size / 1e6)
  const dry = peak('--dry-run')
  const real = peak()
  if (values.json) console.log(JSON.stringify({megabytes, dry_peak_mb: dry, real_peak_mb: real}))
  else
    console.log(
      `a batch of ${megabytes} MB: peak ${dry} MB in a dry run, ${real} MB stored and indexed (bar 300)`,
    )
}

function peak(...more: readonly string[]): number {
  const tell = `${PEAK_KB}process.on('exit', () => process._rawDebug('peak ' + Math.round(peakKb() / 1024)))`
  const bin = new URL('../../bin/rag.js', import.meta.url).pathname
  const argv = ['replay', '--glob', batch, '--data-dir', path.join(folder, 'gigabyte'), '--quiet', ...more]
  const {stderr, status} = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(tell)}`, bin, ...argv],
    {encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe']},
  )
  const found = /^peak (\d+)$/m.exec(stderr)?.[1]
  if (status !== 0 || found === undefined) throw new Error(`rag replay ended with ${status}: ${stderr}`)
  return Number(found)
}

/**
 * Until every record is durable and searchable: its vector is in the tail, which is compared exactly. The segments that would be built
 * next are left out.
 */
async function replay(dataDir: string, records: number): Promise<Cost> {
  const rag = await openRag({dataDir})
  const stop = new AbortController()
  const cost = clock()
  let taken: Cost | undefined
  try {
    const report = await rag.replay(
      {corpus: 'bench', globs: [batch]},
      {
        signal: stop.signal,
        onProgress: ({phase, done}) => {
          // The last of these comes when the file's last record is committed; segments are built next.
          if (phase === 'read' && done >= records) taken = cost()
          else if (taken) stop.abort()
        },
      },
    )
    if (report.inserted !== records || !taken)
      throw new Error(`${report.inserted} of ${records} records were stored.`)
    return taken
  } finally {
    await rag.close()
  }
}

function clock(): () => Cost {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  return () => {
    const {user, system} = process.cpuUsage(before)
    return {seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6}
  }
}

interface Part {
  readonly records: number
  readonly rows: boolean
  readonly keywords: boolean
}

/** Prepared inserts of what a store holds into a new database that is set up as that is. */
async function insertRaw(from: string, {records, rows, keywords}: Part): Promise<Cost> {
  const to = path.join(folder, 'raw.db')
  const source = new Database(from, {readonly: true})
  const db = await openDatabase(to, 'create')
  db.exec(
    source.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE name = 'keywords_1'").pluck().get()!,
  )
  for (const table of ['corpora', 'embedding_versions']) copy(source, db, table)()
  const steps = rows
    ? ['documents', 'chunks', 'vectors'].map((table) => copy(source, db, table, records))
    : []
  const texts = source.prepare<[], [number, string]>('SELECT id, text FROM chunks ORDER BY id').raw().all()
  const entry = db.prepare('INSERT INTO keywords_1 (rowid, title, body) VALUES (?, ?, ?)')
  const cost = clock()
  for (let at = 0; at < records; at += COMMIT_SIZE)
    db.transaction(() => {
      for (const step of steps) step(at)
      if (keywords) for (const [id, text] of texts.slice(at, at + COMMIT_SIZE)) entry.run(id, '', text)
    })()
  const taken = cost()
  db.close()
  source.close()
  for (const end of ['', '-wal', '-shm']) rmSync(to + end, {force: true})
  return taken
}

/** Inserts the next rows of a table that were read before. */
function copy(
  source: Database.Database,
  db: Database.Database,
  table: string,
  expected?: number,
): (at?: number) => void {
  const read = source
    .prepare<[], unknown[]>(
      `SELECT * FROM ${table} ORDER BY id`.replace('vectors ORDER BY id', 'vectors ORDER BY seq'),
    )
    .raw()
  const rows = read.all()
  if (expected !== undefined && rows.length !== expected) throw new Error(`${table}: ${rows.length} rows`)
  const insert = db.prepare(
    `INSERT INTO ${table} VALUES (${read
      .columns()
      .map(() => '?')
      .join(', ')})`,
  )
  return (at = 0): void => {
    for (const row of rows.slice(at, at + COMMIT_SIZE)) insert.run(row)
  }
}
