import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {SqliteCache} from '../../../../src/lib/adapters/sqlite/cache/sqlite-cache.js'
import {FixedClock} from '../../../support/fixed-clock.js'

const KEY = 'ab'.repeat(16)
const OTHER = 'cd'.repeat(16)
const LIMITS = {embeddings: 1e6, retrieval: 1e6, answers: 1e6}
const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

describe('a damaged entry of a cache', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-cache-'))
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  const file = (): string => path.join(folder, 'cache.db')
  const open = (): SqliteCache =>
    new SqliteCache({path: file(), clock: new FixedClock(), logger: quiet, limits: LIMITS})

  const damages: Readonly<Record<string, string>> = {
    'a bit of its value': `UPDATE entries SET value = CAST('gold' AS BLOB) WHERE key = x'${KEY}'`,
    'its key, in the index too': `UPDATE entries SET key = x'${OTHER}' WHERE key = x'${KEY}'`,
    'its corpus': `UPDATE entries SET corpus = 'oaks' WHERE key = x'${KEY}'`,
    'its model': `UPDATE entries SET model = 'm2' WHERE key = x'${KEY}'`,
    'its table': `UPDATE entries SET tbl = 'answers' WHERE key = x'${KEY}'`,
    'its time': `UPDATE entries SET created_ms = created_ms + 1 WHERE key = x'${KEY}'`,
    'its checksum': `UPDATE entries SET checksum = checksum + 1 WHERE key = x'${KEY}'`,
  }
  for (const [what, sql] of Object.entries(damages))
    it(`${what}: is a miss, told of by a check, and removed`, async () => {
      const cache = open()
      await cache.putMany('retrieval', [{key: KEY, value: Buffer.from('good'), corpus: 'docs', model: 'm1'}])
      await cache.close()
      const db = new Database(file())
      db.exec(sql)
      db.close()
      const again = open()
      expect(await again.check()).to.equal('1 entries are not what was kept')
      for (const table of ['retrieval', 'answers'] as const)
        expect(await again.getMany(table, [KEY, OTHER])).to.deep.equal([undefined, undefined])
      await again.close()
      const left = new Database(file())
      expect(left.prepare('SELECT count(*) FROM entries').pluck().get()).to.equal(0)
      left.close()
    })
})
