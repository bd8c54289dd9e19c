import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {openCacheDatabase} from '../../../../src/lib/adapters/sqlite/cache/cache-database.js'
import {createKeywordIndex} from '../../../../src/lib/adapters/sqlite/keywords/keyword-table.js'
import {openDatabase} from '../../../../src/lib/adapters/sqlite/open-database.js'
import {schemaFaults} from '../../../../src/lib/adapters/sqlite/schema/schema-faults.js'
import {rejects} from '../../../support/store-fixtures.js'

const FIXTURES = path.resolve('test/fixtures/stores')

const TRIGGER = 'CREATE TRIGGER evil AFTER UPDATE ON corpora BEGIN DELETE FROM chunks; END'

describe('the schema of a database that may be somebody else’s', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-schema-'))
    file = path.join(folder, 'rag.db')
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  async function store(...sql: string[]): Promise<void> {
    const db = await openDatabase(file, 'create')
    createKeywordIndex(db, 7)
    createKeywordIndex(db, 8, '_next')
    db.exec('ALTER TABLE keywords_7 RENAME TO keywords_9')
    db.close()
    const other = new Database(file)
    for (const one of sql) other.exec(one)
    other.close()
  }

  function faults(): readonly string[] {
    const db = new Database(file, {readonly: true})
    try {
      return schemaFaults(db)
    } finally {
      db.close()
    }
  }

  it('has no fault as rag makes it, with keyword indexes made anew', async () => {
    await store()
    expect(faults()).to.deep.equal([])
  })

  for (const format of readdirSync(FIXTURES))
    it(`has no fault in a released store: ${format}, before and after it is brought up to date`, async () => {
      cpSync(path.join(FIXTURES, format), folder, {recursive: true})
      expect(faults()).to.deep.equal([])
      ;(await openDatabase(file, 'write')).close()
      expect(faults()).to.deep.equal([])
    })

  const CHANGES: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    trigger: [[TRIGGER], /^the trigger "evil" is not made by rag$/],
    view: [['CREATE VIEW v AS SELECT * FROM chunks'], /^the view "v" is not made/],
    table: [['CREATE TABLE other (a)'], /^the table "other" is not made/],
    'table in the place of ours': [
      ['DROP TABLE messages', 'CREATE TABLE messages (a DEFAULT (random()))'],
      /^the table "messages" is not as/,
    ],
    'index on an expression': [['CREATE INDEX i ON chunks (hex(text))'], /^the index "i" is not made/],
    column: [['ALTER TABLE leases ADD COLUMN more TEXT AS (hex(corpus))'], /^the table "leases" is not as/],
    'missing table': [['DROP TABLE profiles'], /^the table profiles is missing$/],
    'keyword index of another kind': [['CREATE TABLE keywords_11 (a)'], /^the table "keywords_11" is not as/],
  }
  for (const [what, [sql, fault]] of Object.entries(CHANGES))
    it(`names a fault: ${what}`, async () => {
      await store(...sql)
      expect(faults()[0]).to.match(fault)
    })

  it('is not written while it has a trigger or a view, and read all the same', async () => {
    for (const sql of [TRIGGER, 'CREATE VIEW v AS SELECT * FROM chunks']) {
      await store(sql)
      const before = readFileSync(file)
      for (const access of ['write', 'create'] as const)
        await rejects(openDatabase(file, access), 'STORE_DAMAGED')
      ;(await openDatabase(file, 'read')).close()
      expect(readFileSync(file).equals(before)).to.equal(true)
      rmSync(file)
    }
  })

  it('is not trusted: no function of it runs, cells are checked, and it can’t be rewritten', async () => {
    await store()
    for (const access of ['read', 'write'] as const) {
      const db = await openDatabase(file, access)
      expect([
        db.pragma('trusted_schema', {simple: true}),
        db.pragma('cell_size_check', {simple: true}),
      ]).to.deep.equal([0, 1])
      db.pragma('writable_schema = ON')
      expect(() => db.exec('DELETE FROM sqlite_schema')).to.throw(/may not be modified|readonly/)
      db.close()
    }
  })

  it('sets a cache with a trigger aside', async () => {
    const cache = path.join(folder, 'cache.db')
    const db = await openCacheDatabase(cache)
    db.exec('CREATE TRIGGER evil AFTER INSERT ON entries BEGIN DELETE FROM totals; END')
    db.close()
    const fresh = await openCacheDatabase(cache)
    expect(fresh.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").pluck().get()).to.equal(
      0,
    )
    fresh.close()
    expect(readdirSync(folder)).to.include('cache.db.corrupt')
  })
})
