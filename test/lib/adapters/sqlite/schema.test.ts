import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {openDatabase} from '../../../../src/lib/adapters/sqlite/open-database.js'
import {STORE_FORMAT} from '../../../../src/lib/adapters/sqlite/migrate.js'
import {rejects} from '../../../support/store-fixtures.js'

const GOLDEN = path.resolve('test/golden/schema.sql')

describe('sqlite schema', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-schema-'))
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  const file = (): string => path.join(folder, 'rag.db')

  /** Stores that were written must be readable for ever: a change here needs a migration and a new format. */
  it('is the one that stores of this format have', async () => {
    const db = await openDatabase(file(), 'create')
    const statements = db
      .prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
      )
      .pluck()
      .all() as string[]
    const found = `-- Format ${String(db.pragma('user_version', {simple: true}))}\n${statements.map((it) => `${it};\n`).join('')}`
    db.close()
    if (process.env['RAG_WRITE_GOLDEN'] === '1') writeFileSync(GOLDEN, found)
    expect(found).to.equal(readFileSync(GOLDEN, 'utf8'))
  })

  it('is opened durable, checked and erasing', async () => {
    const db = await openDatabase(file(), 'create')
    const of = (name: string): unknown => db.pragma(name, {simple: true})
    expect([
      of('journal_mode'),
      of('synchronous'),
      of('foreign_keys'),
      of('secure_delete'),
      of('user_version'),
    ]).to.deep.equal(['wal', 2, 1, 1, STORE_FORMAT])
    db.close()
  })

  it('refuses a newer format and another program’s database without writing a byte', async () => {
    for (const [sql, code] of [
      [`PRAGMA user_version = ${STORE_FORMAT + 1}`, 'STORE_NEWER'],
      ['CREATE TABLE others (id INTEGER)', 'STORE_UNUSABLE'],
    ] as const) {
      const other = new Database(file())
      other.exec(sql)
      other.close()
      const before = readFileSync(file())
      for (const access of ['read', 'write', 'create'] as const)
        await rejects(openDatabase(file(), access), code)
      expect(readFileSync(file()).equals(before)).to.equal(true)
      rmSync(file())
    }
  })

  it('makes nothing to read or to write what is not there', async () => {
    await rejects(openDatabase(file(), 'read'), 'STORE_MISSING')
    await rejects(openDatabase(file(), 'write'), 'STORE_MISSING')
    await rejects(openDatabase(path.join(folder, 'deeper', 'rag.db'), 'read'), 'STORE_MISSING')
  })
})
