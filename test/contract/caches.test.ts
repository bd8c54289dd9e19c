import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import {createMemoryCache} from '../support/memory/memory-cache.js'
import {SqliteCache} from '../../src/lib/adapters/sqlite/cache/sqlite-cache.js'
import {FixedClock} from '../support/fixed-clock.js'
import {rejects, sha256} from '../support/store-fixtures.js'
import {CACHE_LIMITS, keyValueCacheContract} from './key-value-cache.contract.js'

const SILENT = {debug: () => undefined, info: () => undefined, warn: () => undefined}

keyValueCacheContract('memory', async (ttlMs) => {
  const clock = new FixedClock()
  const cache = createMemoryCache({clock, limits: CACHE_LIMITS, ttlMs})
  return {cache, clock, close: () => cache.close()}
})

keyValueCacheContract('sqlite', async (ttlMs) => {
  const clock = new FixedClock()
  const folder = mkdtempSync(path.join(tmpdir(), 'rag-cache-'))
  const cache = new SqliteCache({
    path: path.join(folder, 'deep', 'cache.db'),
    clock,
    logger: SILENT,
    limits: CACHE_LIMITS,
    ...(ttlMs === undefined ? {} : {ttlMs}),
  })
  return {
    cache,
    clock,
    close: async () => {
      await cache.close()
      rmSync(folder, {recursive: true, force: true})
    },
  }
})

describe('the cache database', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-cache-'))
    file = path.join(folder, 'cache.db')
  })
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  const MANY = {embeddings: 1e9, retrieval: 1e9, answers: 1e9}
  const warnings: string[] = []
  const open = (more: object = {}): SqliteCache =>
    new SqliteCache({
      path: file,
      clock: new FixedClock(),
      logger: {...SILENT, warn: (message) => void warnings.push(message)},
      limits: MANY,
      ...more,
    })
  const entries = (from: number, to: number, length = 1000): {key: string; value: Uint8Array}[] =>
    Array.from({length: to - from}, (_, i) => ({
      key: sha256(String(from + i)),
      value: new Uint8Array(length).fill(65 + (i % 20)),
    }))

  it('still has everything when it is opened again', async () => {
    let cache = open()
    const [one, two, three, none] = entries(0, 4)
    await cache.putMany('answers', [one!, two!, three!])
    await cache.getMany('answers', [one!.key, none!.key])
    await cache.close()
    cache = open()
    const found = await cache.getMany('answers', [one!.key, two!.key, three!.key])
    expect(found.map((value) => value !== undefined)).to.deep.equal([true, true, true])
    expect((await cache.stats()).tables.answers).to.include({hits: 4, misses: 1})
    await cache.close()
  })

  it('that is damaged anywhere, empty, or no database, never stops anyone: it is set aside and made anew', async () => {
    let cache = open()
    await cache.putMany('retrieval', entries(0, 200))
    await cache.close()
    const whole = readFileSync(file)
    const damages: Buffer[] = [Buffer.from('no database at all'), Buffer.alloc(0), whole.subarray(0, 5000)]
    for (let page = 0; page < whole.length / 4096; page += 3) {
      const damaged = Buffer.from(whole)
      damaged.fill(0xa5, page * 4096, page * 4096 + 200)
      damages.push(damaged)
    }
    for (const damaged of damages) {
      writeFileSync(file, damaged)
      cache = open()
      await cache.getMany(
        'retrieval',
        entries(0, 200).map(({key}) => key),
      )
      await cache.putMany('retrieval', entries(300, 320))
      await cache.putMany('retrieval', entries(300, 320))
      await cache.stats()
      await cache.close()
    }
    expect(readdirSync(folder).some((name) => name === 'cache.db.corrupt')).to.equal(true)
    expect(readdirSync(folder).length).to.be.lessThan(10)
    console.log(`      ${damages.length} damages`)
  })

  it('that can not be written is done without, but for what someone asks of it', async () => {
    writeFileSync(path.join(folder, 'file'), '')
    const cache = open({path: path.join(folder, 'file', 'cache.db')})
    await cache.putMany('answers', entries(0, 1))
    expect(await cache.getMany('answers', [sha256('0')])).to.deep.equal([undefined])
    await rejects(cache.stats(), 'STORE_UNUSABLE')
    await rejects(cache.purge({}), 'STORE_UNUSABLE')
    await rejects(cache.remove('answers', [sha256('0')]), 'STORE_UNUSABLE')
    await cache.close()
  })

  it('gives room back to the disk, and leaves no byte of what was purged', async () => {
    const cache = open()
    await cache.putMany('retrieval', [
      {key: sha256('secret'), value: Buffer.from('the secret of the passage'.repeat(10))},
    ])
    await cache.putMany('embeddings', entries(0, 3000))
    const before = statSync(file).size
    expect((await cache.purge({})).bytesFreed).to.be.greaterThan(1e6)
    expect(statSync(file).size).to.be.lessThan(before / 10)
    for (const name of readdirSync(folder))
      expect(readFileSync(path.join(folder, name)).includes('the secret of')).to.equal(false)
    await cache.close()
  })

  it('of format 1 is brought up to date, and what is in it is found by its corpus alone', async () => {
    let cache = open()
    await cache.putMany('embeddings', [{...entries(0, 1)[0]!, corpus: 'x', documents: ['ab'.repeat(16)]}])
    await cache.close()
    const db = new Database(file)
    db.exec('DROP TABLE origins; DROP INDEX entries_unattributed')
    db.exec('ALTER TABLE entries DROP COLUMN attributed; ALTER TABLE entries DROP COLUMN checksum')
    db.exec('PRAGMA user_version = 1')
    db.close()
    cache = open()
    expect(await cache.check()).to.equal(undefined)
    const [one, two] = entries(0, 2) as [{key: string; value: Uint8Array}, {key: string; value: Uint8Array}]
    expect((await cache.getMany('embeddings', [one.key]))[0]).to.have.length(1000)
    await cache.putMany('embeddings', [{...two, corpus: 'x', documents: ['cd'.repeat(16)]}])
    expect(await cache.removeMadeOf('x', [])).to.equal(1)
    expect(await cache.removeMadeOf('x', ['cd'.repeat(16)])).to.equal(1)
    expect(existsSync(`${file}.corrupt`)).to.equal(false)
    const rows = new Database(file, {readonly: true})
    expect(rows.prepare('SELECT count(*) FROM origins').pluck().get()).to.equal(0)
    rows.close()
    await cache.close()
  })

  it('is read, written and purged by several at once', async () => {
    const caches = [open(), open(), open(), open()]
    await Promise.all(
      caches.map(async (cache, n) => {
        for (let i = 0; i < 20; i++) {
          await cache.putMany('embeddings', entries(n * 100 + i, n * 100 + i + 5))
          await cache.getMany(
            'embeddings',
            entries(0, 50).map(({key}) => key),
          )
          if (i % 7 === 0) await cache.purge({tables: ['embeddings']})
        }
        await cache.close()
      }),
    )
    const after = open()
    const {count, totalBytes} = (await after.stats()).tables.embeddings
    expect(totalBytes).to.equal(count * 1032)
    await after.close()
    expect(existsSync(`${file}.corrupt`)).to.equal(false)
    expect(warnings.filter((one) => one.includes(file))).to.deep.equal([])
  })
})
