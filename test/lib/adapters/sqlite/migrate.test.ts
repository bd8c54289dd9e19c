import {cpSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {CHECKED_COLUMNS} from '../../../../src/lib/adapters/sqlite/checksums/checked-tables.js'
import {addChecksumFunctions} from '../../../../src/lib/adapters/sqlite/checksums/checksum-functions.js'
import {MIGRATIONS, STORE_FORMAT, storeFormat} from '../../../../src/lib/adapters/sqlite/migrate.js'
import {openDatabase} from '../../../../src/lib/adapters/sqlite/open-database.js'
import {damagedRowsIn} from '../../../support/damaged-rows.js'

const FIXTURES = path.resolve('test/fixtures/stores')

/** What carries no checksum, and why nothing wrong can follow. */
const UNCHECKED: Readonly<Record<string, string>> = {
  commits: 'counts of commits, which are held against the witness beside the database',
  leases: 'who writes; a wrong one is refused or taken over, and never changes what is stored',
}

describe('migrations', function () {
  this.timeout(120_000)
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-migrate-'))
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  const file = (name: string): string => path.join(folder, name, 'rag.db')
  const formats = readdirSync(FIXTURES).sort()

  it('give every column of every table a place in the checksum of its row', async () => {
    const db = await openDatabase(file('new'), 'create')
    const tables = db
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'keywords_%'",
      )
      .pluck()
      .all() as string[]
    const columnsOf = (table: string): string[] =>
      db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
    const found = Object.fromEntries(
      tables
        .filter((it) => !(it in UNCHECKED))
        .map((it) => [
          it,
          columnsOf(it)
            .filter((one) => one !== 'checksum')
            .sort(),
        ]),
    )
    const covered = Object.fromEntries(
      Object.entries(CHECKED_COLUMNS).map(([it, columns]) => [it, [...columns].sort()]),
    )
    expect(found).to.deep.equal(covered)
    for (const table of Object.keys(covered)) expect(columnsOf(table)).to.include('checksum')
    db.close()
  })

  /** The files of a process that is killed are those that it has written: a copy of them is what the next one finds. */
  for (const format of formats)
    it(`may be cut off at every statement from ${format} on, and are then done whole`, async () => {
      cpSync(path.join(FIXTURES, format), path.join(folder, 'whole'), {recursive: true})
      const whole = await contentOf(file('whole'))
      cpSync(path.join(FIXTURES, format), path.join(folder, 'cut'), {recursive: true})
      const db = new Database(file('cut'))
      db.pragma('journal_mode = WAL')
      // What does not fit is written to the log before the commit.
      db.pragma('cache_size = 2')
      addChecksumFunctions(db)
      let cuts = 0
      for (const step of MIGRATIONS.filter((it) => it.format > storeFormat(db))) {
        db.exec('BEGIN IMMEDIATE')
        for (const statement of [...statements(step.sql), `PRAGMA user_version = ${step.format}`, 'COMMIT']) {
          db.exec(statement)
          const copy = `cut-${++cuts}`
          cpSync(path.join(folder, 'cut'), path.join(folder, copy), {recursive: true})
          expect(await contentOf(file(copy)), `cut off after: ${statement}`).to.deep.equal(whole)
          rmSync(path.join(folder, copy), {recursive: true})
        }
      }
      expect(storeFormat(db)).to.equal(STORE_FORMAT)
      db.close()
      console.log(`      ${cuts} cuts`)
    })

  it('are undone by an error, and leave a store of the format before', async () => {
    cpSync(path.join(FIXTURES, 'format-7'), path.join(folder, 'failing'), {recursive: true})
    const db = new Database(file('failing'))
    addChecksumFunctions(db)
    db.exec("CREATE TRIGGER stop BEFORE UPDATE ON vectors BEGIN SELECT RAISE(ABORT, 'no'); END")
    const before = db.prepare('SELECT sql FROM sqlite_schema ORDER BY name').pluck().all()
    const step = MIGRATIONS.find((it) => it.format === 8)!
    expect(() => db.transaction(() => db.exec(step.sql))()).to.throw('no')
    expect(db.prepare('SELECT sql FROM sqlite_schema ORDER BY name').pluck().all()).to.deep.equal(before)
    expect(storeFormat(db)).to.equal(7)
    db.close()
  })
})

/** One by one; a `;` stands at the end of a line only between statements. */
function statements(sql: string): string[] {
  return sql
    .split(/;\s*\n/)
    .map((it) => it.trim())
    .filter((it) => it !== '')
}

/** All rows once the store is opened by the program; those whose checksum does not fit are a fault. */
async function contentOf(rag: string): Promise<unknown> {
  const db = await openDatabase(rag, 'write')
  try {
    expect(storeFormat(db)).to.equal(STORE_FORMAT)
    expect(db.pragma('integrity_check', {simple: true})).to.equal('ok')
    expect(damagedRowsIn(db)).to.deep.equal([])
    return Object.entries(CHECKED_COLUMNS).map(([table, columns]) => {
      // Drawn at random by the step to format 4.
      const names = columns.filter((it) => !(table === 'corpora' && it === 'state'))
      return [table, db.prepare(`SELECT ${names.join(', ')} FROM ${table} ORDER BY rowid`).all()]
    })
  } finally {
    db.close()
  }
}
