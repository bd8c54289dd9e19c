/**
 * Replay of pre-embedded records beside its floor: prepared inserts of the very rows that it stores, keyword entries included, in
 * transactions of the same size. Makes its own data (seeded).
 *
 * Usage: npx tsx scripts/bench/replay-raw.ts [--records 20000] [--words 20] [--rounds 3] [--json]
 */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {parseArgs} from 'node:util'
import Database from 'better-sqlite3'
import {encodeBatchHead, encodeRecord} from '../../src/lib/codec/write-batch.js'
import {openRag} from '../../src/lib/index.js'
import {seededNumbers, SeededText} from '../../test/support/seeded-text.js'

const DIMENSION = 384
const COMMIT_SIZE = 2000

const {values} = parseArgs({
  options: {
    records: {type: 'string', default: '20000'},
    words: {type: 'string', default: '20'},
    rounds: {type: 'string', default: '3'},
    json: {type: 'boolean', default: false},
  },
})
const records = Number(values.records)
const folder = mkdtempSync(path.join(tmpdir(), 'rag-bench-replay-'))
try {
  writeFileSync(path.join(folder, 'a.msgpack'), batchOf(records, Number(values.words)))
  const replays: number[] = []
  const raws: number[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const data = path.join(folder, `data-${round}`)
    replays.push(await replay(data))
    raws.push(insertRaw(path.join(data, 'rag.db'), path.join(folder, `raw-${round}.db`)))
  }
  const best = {
    records,
    words: Number(values.words),
    replay_per_second: Math.round(records / Math.min(...replays)),
    raw_per_second: Math.round(records / Math.min(...raws)),
    ratio: Number((Math.min(...replays) / Math.min(...raws)).toFixed(2)),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  }
  if (values.json) console.log(JSON.stringify(best))
  else
    console.log(
      `replay of ${best.records} records of ${best.words} words and ${DIMENSION} numbers: ${best.replay_per_second} a second (bar 20000); ` +
        `raw inserts of the same rows ${best.raw_per_second} a second; ${best.ratio} times raw (bar 2); peak ${best.peak_mb} MB`,
    )
} finally {
  rmSync(folder, {recursive: true, force: true})
}

function batchOf(count: number, words: number): Buffer {
  const random = seededNumbers(3)
  const text = new SeededText(5, 2000)
  const parts: Uint8Array[] = [
    encodeBatchHead({source: 'bench', batchTag: 'bench', model: 'bench', embeddingDim: DIMENSION}, count),
  ]
  for (let i = 0; i < count; i++)
    parts.push(
      encodeRecord({
        text: `${text.document(i, 1, words).trim()} Record ${i}.`,
        embedding: Float32Array.from({length: DIMENSION}, () => random() - 0.5),
        metadata: {n: i},
      }),
    )
  return Buffer.concat(parts)
}

/**
 * Seconds until every record is durable and searchable: its vector is in the tail, which is compared exactly. The segments that would
 * be built next are left out.
 */
async function replay(dataDir: string): Promise<number> {
  const rag = await openRag({dataDir})
  const stop = new AbortController()
  const startedAt = performance.now()
  let seconds = 0
  try {
    const report = await rag.replay(
      {corpus: 'bench', globs: [path.join(folder, '*.msgpack')]},
      {
        signal: stop.signal,
        onProgress: ({phase, unit}) => {
          if (phase !== 'read' || unit !== 'files') return
          seconds = (performance.now() - startedAt) / 1000
          stop.abort()
        },
      },
    )
    if (report.inserted !== records) throw new Error(`${report.inserted} of ${records} records were stored.`)
    return seconds
  } finally {
    await rag.close()
  }
}

/** Seconds of prepared inserts of what a store holds into a new database with the same tables and indexes. */
function insertRaw(from: string, to: string): number {
  const source = new Database(from, {readonly: true})
  const db = new Database(to)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  const statements = source
    .prepare<[], string>(
      `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'keywords_*_*'
       ORDER BY type = 'index', rowid`,
    )
    .pluck()
    .all()
  for (const sql of statements) db.exec(sql)
  for (const table of ['corpora', 'embedding_versions']) copy(source, db, table)()
  const steps = ['documents', 'chunks', 'vectors'].map((table) => copy(source, db, table, records))
  const texts = source.prepare<[], [number, string]>('SELECT id, text FROM chunks ORDER BY id').raw().all()
  const entry = db.prepare('INSERT INTO keywords_1 (rowid, title, body) VALUES (?, ?, ?)')
  const startedAt = performance.now()
  for (let at = 0; at < records; at += COMMIT_SIZE)
    db.transaction(() => {
      for (const step of steps) step(at)
      for (const [id, text] of texts.slice(at, at + COMMIT_SIZE)) entry.run(id, '', text)
    })()
  const seconds = (performance.now() - startedAt) / 1000
  db.close()
  source.close()
  return seconds
}

/** Inserts the next rows of a table that were read before. */
function copy(source: Database.Database, db: Database.Database, table: string, expected?: number) {
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
