import {cpSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import type {Database} from 'better-sqlite3'
import {expect} from 'chai'
import {openRag, RagError, type Rag} from '../../src/lib/index.js'
import {withDatabase} from '../support/corpus-snapshot.js'
import {damagedRowsIn} from '../support/damaged-rows.js'

/** Every so many columns the damage is looked for and mended by `verify`, the others are only read. `npm run test:slow`: all. */
const VERIFY_EVERY = Number(process.env['RAG_REPAIR_EVERY'] ?? 8)

/** Tables whose rows carry no checksum: see docs/on-disk-format.md. */
const UNCHECKED = new Set(['leases', 'commits'])

/** What a row says of where it belongs: it is missing there, and only who looks at all rows notices. No text, and no hit, is among it. */
const BY_VERIFY_ALONE = [
  // Numbers of vectors and of those that no segment covers.
  'vectors.version_id: shown',
  'vectors.version_id: corpora',
  'vectors.chunk_id: shown',
  'vectors.chunk_id: corpora',
  'vectors.kind: shown',
  'vectors.kind: corpora',
  'segments.version_id: corpora',
  // A message, and a source, of another conversation.
  'messages.session_id: sessions',
  'messages.session_id: session',
  'message_sources.message_id: session',
]

interface Cell {
  readonly table: string
  readonly column: string
  readonly row: number
}

describe('one flipped bit in each column of each table', function () {
  this.timeout(600_000)
  let folder: string
  let whole: Readonly<Record<string, unknown>>
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-cells-'))
    cpSync('test/fixtures/stores/format-7', folder, {recursive: true})
    const rag = await openRag({dataDir: folder})
    const asked = {query: 'When do bees swarm?', conversation: 'talk', user: 'ada', noCache: true}
    await rag.ask('notes', asked)
    // What an earlier version left to be put right.
    await rag.verify({repair: true})
    await rag.close()
    whole = (await read(folder)).answers
    expect(await damageSaid(folder)).to.deep.equal([])
  })
  after(() => rmSync(folder, {recursive: true}))

  it('is noticed by every read that it reaches, and by verify, which sets it right', async () => {
    const cells = withDatabase(folder, cellsOf)
    const counts = {flips: 0, refused: 0, leftOut: 0, withoutEffect: 0, verified: 0}
    const silent: string[] = []
    for (const [i, cell] of cells.entries()) {
      const name = `${cell.table}.${cell.column}`
      if (!withDatabase(folder, (db) => flip(db, cell))) continue
      counts.flips++
      expect(withDatabase(folder, damagedRowsIn), name).to.deep.equal([
        `${cell.table} ${rowAfter(folder, cell)}`,
      ])
      const {answers, damage} = await read(folder)
      for (const [call, answer] of Object.entries(answers)) {
        const isSaid = damage.length > 0 || isRefusal(answer)
        if (!isSaid && !isDeepStrictEqual(answer, whole[call])) silent.push(`${name}: ${call}`)
      }
      if (Object.values(answers).some(isRefusal)) counts.refused++
      else if (damage.length > 0) counts.leftOut++
      else counts.withoutEffect++
      if (i % VERIFY_EVERY === 0) {
        counts.verified++
        const rag = await openRag({dataDir: folder})
        const {findings} = await rag.verify({sample: 0})
        expect(
          findings.map(({code, where}) => [code, where]),
          name,
        ).to.deep.include(['ROW_DAMAGED', `rag.db ${cell.table}`])
        const {ok, repaired} = await rag.verify({repair: true})
        expect([ok, repaired[0]], name).to.deep.equal([
          true,
          '1 rows had one flipped bit, which was set right.',
        ])
        await rag.close()
        const mended = (await read(folder)).answers
        for (const [call, answer] of Object.entries(mended))
          expect(answer, `${name}, mended: ${call}`).to.deep.equal(whole[call])
      } else withDatabase(folder, (db) => flipBack(db, cell))
      expect(withDatabase(folder, damagedRowsIn), `${name}, mended`).to.deep.equal([])
    }
    console.log(`      ${JSON.stringify(counts)}`)
    expect(silent, 'answers that were wrong without a word').to.deep.equal(BY_VERIFY_ALONE)
    expect(counts.flips).to.be.greaterThan(60)
  })
})

/** A cell of each column that holds something, in the last row of its table. */
function cellsOf(db: Database): Cell[] {
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'keywords_%'",
    )
    .pluck()
    .all() as string[]
  return tables
    .filter((table) => !UNCHECKED.has(table))
    .flatMap((table) =>
      (db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]).flatMap(
        (column) => {
          const row = db
            .prepare(`SELECT max(rowid) FROM ${table} WHERE ${column} IS NOT NULL`)
            .pluck()
            .get() as number | null
          return row === null ? [] : [{table, column, row}]
        },
      ),
    )
}

const kept = new Map<string, unknown>()

/** Flips a bit of a cell, past all rules; false for one that can't be without breaking an index, too. */
function flip(db: Database, {table, column, row}: Cell): boolean {
  db.pragma('foreign_keys = OFF')
  db.pragma('ignore_check_constraints = ON')
  const value = db.prepare(`SELECT ${column} FROM ${table} WHERE rowid = ?`).pluck().get(row)
  kept.set(`${table}.${column}`, value)
  for (const bit of [1, 2, 4, 8])
    try {
      db.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(flipped(value, bit), row)
      return true
    } catch (error) {
      if (!(error instanceof Error) || !/UNIQUE/.test(error.message)) throw error
    }
  return false
}

function flipBack(db: Database, cell: Cell): void {
  db.pragma('foreign_keys = OFF')
  db.pragma('ignore_check_constraints = ON')
  const value = kept.get(`${cell.table}.${cell.column}`)
  db.prepare(`UPDATE ${cell.table} SET ${cell.column} = ? WHERE rowid = ?`).run(value, rowOf(db, cell))
}

/** The row, whose number may be what was flipped. */
function rowOf(db: Database, {table, row}: Cell): number {
  return db
    .prepare(`SELECT rowid FROM ${table} ORDER BY rowid = ? DESC, rowid DESC LIMIT 1`)
    .pluck()
    .get(row) as number
}

const rowAfter = (folder: string, cell: Cell): number =>
  withDatabase(folder, (db) => {
    const [damaged] = damagedRowsIn(db)
    return damaged === undefined ? rowOf(db, cell) : Number(damaged.split(' ')[1])
  })

function flipped(value: unknown, bit: number): unknown {
  if (typeof value === 'number')
    return Number.isInteger(value) ? (value % (2 * bit) >= bit ? value - bit : value + bit) : value + bit
  const bytes = Buffer.from(value as string)
  bytes[bytes.length >> 1]! ^= bit
  return typeof value === 'string' ? bytes.toString() : bytes
}

/** What people see of a store, but for times; what is refused by its code. A program's error is thrown. */
async function read(
  folder: string,
): Promise<{answers: Readonly<Record<string, unknown>>; damage: readonly string[]}> {
  const rag = await openRag({dataDir: folder})
  const calls: Readonly<Record<string, (rag: Rag) => Promise<unknown>>> = {
    search: () => search(rag, 'notes', 'when do bees swarm in May'),
    vectors: () => search(rag, 'notes', 'hive colony queen', 'vector'),
    stones: () => search(rag, 'acme/stones', 'obsidian volcanic glass granite'),
    list: () => rag.listDocuments('notes'),
    listed: () => rag.listDocuments('acme/stones'),
    show: () => rag.showDocument('notes', 'bees.md'),
    shown: () => rag.showDocument('acme/stones', 'late'),
    // A repair raises the versions.
    corpora: async () => (await rag.listCorpora()).map((it) => ({...it, version: 0, updatedAtMs: 0})),
    sessions: () => rag.listSessions(),
    session: () => rag.showSession('talk'),
    profile: () => rag.showProfile('ada'),
  }
  const answers: Record<string, unknown> = {}
  for (const [name, call] of Object.entries(calls))
    answers[name] = await call(rag).catch((error: unknown) => {
      if (error instanceof RagError && error.code !== 'INTERNAL') return {refused: error.code}
      throw error
    })
  const said = Object.values(answers).flatMap((it) =>
    ((it as {notes?: readonly string[]} | undefined)?.notes ?? []).filter((note) =>
      note.startsWith('Damaged rows'),
    ),
  )
  const damage = [...(await rag.takeDamage()), ...said]
  await rag.close()
  return {answers: JSON.parse(JSON.stringify(answers)) as Record<string, unknown>, damage}
}

const isRefusal = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'refused' in answer

async function search(
  rag: Rag,
  corpus: string,
  query: string,
  mode: 'hybrid' | 'vector' = 'hybrid',
): Promise<unknown> {
  const {hits, degraded, notes} = await rag.search(corpus, {query, mode, cache: 'off', topK: 50})
  return {hits, degraded, notes}
}

async function damageSaid(folder: string): Promise<readonly string[]> {
  return (await read(folder)).damage
}
