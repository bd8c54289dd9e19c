import {expect} from 'chai'
import type {CacheTable, KeyValueCache} from '../../src/lib/ports/store/key-value-cache.js'
import {FixedClock} from '../support/fixed-clock.js'
import {sha256} from '../support/store-fixtures.js'

export interface CacheUnderTest {
  readonly cache: KeyValueCache
  readonly clock: FixedClock
  readonly close: () => Promise<void>
}

export const CACHE_LIMITS: Readonly<Record<CacheTable, number>> = {
  embeddings: 10_000,
  retrieval: 5000,
  answers: 5000,
}

const key = (n: number | string): string => sha256(String(n))
const value = (n: number, length = 68): Uint8Array => new Uint8Array(length).fill(n % 251)

/** What every `KeyValueCache` promises. */
export function keyValueCacheContract(name: string, open: (ttlMs?: number) => Promise<CacheUnderTest>): void {
  describe(`KeyValueCache contract: ${name}`, () => {
    let tested: CacheUnderTest
    let cache: KeyValueCache
    beforeEach(async () => {
      tested = await open()
      cache = tested.cache
    })
    afterEach(() => tested.close())

    const put = (table: CacheTable, from: number, to: number, more: object = {}): Promise<void> =>
      cache.putMany(
        table,
        Array.from({length: to - from}, (_, i) => ({key: key(from + i), value: value(from + i), ...more})),
      )
    const has = async (table: CacheTable, ...keys: number[]): Promise<boolean[]> =>
      (await cache.getMany(table, keys.map(key))).map((one) => one !== undefined)

    it('gives back what was put, in order, and nothing for what was not', async () => {
      await put('embeddings', 0, 3)
      const found = await cache.getMany('embeddings', [key(2), key(9), key(0)])
      expect(found.map((one) => one && [...one])).to.deep.equal([[...value(2)], undefined, [...value(0)]])
      expect(await cache.getMany('embeddings', [])).to.deep.equal([])
    })

    it('does not use what is older than its time to live', async () => {
      await tested.close()
      tested = await open(1000)
      cache = tested.cache
      await put('answers', 0, 1)
      tested.clock.advance(1000)
      expect(await has('answers', 0)).to.deep.equal([true])
      tested.clock.advance(1)
      expect(await has('answers', 0)).to.deep.equal([false])
      await put('answers', 0, 1)
      expect(await has('answers', 0)).to.deep.equal([true])
    })

    it('keeps tables apart, and copies, not the caller’s bytes', async () => {
      const bytes = value(1)
      await cache.putMany('retrieval', [{key: key(1), value: bytes}])
      bytes.fill(9)
      expect([...(await cache.getMany('retrieval', [key(1)]))[0]!]).to.deep.equal([...value(1)])
      expect(await has('answers', 1)).to.deep.equal([false])
    })

    it('puts a new value in the place of an older one, and counts it once', async () => {
      await put('answers', 0, 1)
      await cache.putMany('answers', [{key: key(0), value: value(7, 8)}])
      expect([...(await cache.getMany('answers', [key(0)]))[0]!]).to.deep.equal([...value(7, 8)])
      expect((await cache.stats()).tables.answers).to.include({count: 1, totalBytes: 40})
    })

    it('counts exactly: entries, bytes, ages, hits, misses', async () => {
      const start = tested.clock.now()
      await put('embeddings', 0, 2)
      tested.clock.advance(5000)
      await put('embeddings', 2, 3)
      await has('embeddings', 0, 1, 5)
      expect((await cache.stats()).tables.embeddings).to.deep.equal({
        count: 3,
        totalBytes: 300,
        oldestMs: start,
        newestMs: start + 5000,
        hits: 2,
        misses: 1,
        evictions: 0,
        limitBytes: 10_000,
      })
    })

    it('stays within its limit: the least recently used go, and are counted', async () => {
      await put('embeddings', 0, 100)
      tested.clock.advance(20_000)
      await has('embeddings', 0, 1, 2)
      tested.clock.advance(20_000)
      await put('embeddings', 100, 101)
      const {count, totalBytes, evictions} = (await cache.stats()).tables.embeddings
      expect(totalBytes).to.be.within(8000, 10_000)
      expect(count + evictions).to.equal(101)
      expect(await has('embeddings', 0, 1, 2, 3, 4, 100)).to.deep.equal([
        true,
        true,
        true,
        false,
        false,
        true,
      ])
    })

    it('purges by table, corpus and model', async () => {
      await put('retrieval', 0, 2, {corpus: 'a', model: 'm'})
      await put('retrieval', 2, 4, {corpus: 'b', model: 'm'})
      await put('answers', 0, 2, {corpus: 'a', model: 'n'})
      expect((await cache.purge({corpus: 'a', tables: ['retrieval']})).removed).to.deep.equal({
        embeddings: 0,
        retrieval: 2,
        answers: 0,
      })
      expect(await has('retrieval', 0, 2)).to.deep.equal([false, true])
      expect((await cache.purge({model: 'n'})).removed.answers).to.equal(2)
      await cache.purge({})
      const {tables} = await cache.stats()
      expect(Object.values(tables).map(({count, hits, misses}) => count + hits + misses)).to.deep.equal([
        0, 0, 0,
      ])
    })

    it('removes vectors by the documents that they were made of, whoever put them in first', async () => {
      const [a, b, c] = ['aa', 'bb', 'cc'].map((one) => one.repeat(16)) as [string, string, string]
      await put('embeddings', 0, 2, {corpus: 'x', documents: [a]})
      await put('embeddings', 2, 4, {corpus: 'x', documents: [b]})
      await put('embeddings', 4, 5, {corpus: 'x', documents: []})
      await put('embeddings', 5, 6, {corpus: 'x'})
      await put('embeddings', 6, 7, {corpus: 'y'})
      await put('embeddings', 7, 8, {documents: [c]})
      await put('retrieval', 0, 1, {corpus: 'x', documents: [a]})
      await cache.claim('embeddings', [
        {key: key(2), document: a},
        {key: key(7), document: a},
        {key: key(99), document: a},
      ])
      expect(await cache.removeMadeOf('x', [a])).to.equal(5)
      expect(await has('embeddings', 0, 1, 2, 3, 4, 5, 6, 7)).to.deep.equal([
        false,
        false,
        false,
        true,
        true,
        false,
        true,
        false,
      ])
      expect(await has('retrieval', 0)).to.deep.equal([true])
      expect((await cache.stats()).tables.embeddings).to.include({count: 3, totalBytes: 300})
      expect(await cache.removeMadeOf('x', [a])).to.equal(0)
    })

    it('does not take a vector for one of known documents that was put in without them before', async () => {
      const document = 'ab'.repeat(16)
      await put('embeddings', 0, 1, {corpus: 'x'})
      await put('embeddings', 0, 1, {corpus: 'x', documents: [document]})
      expect(await cache.removeMadeOf('x', [])).to.equal(1)
    })

    it('removes by key', async () => {
      await put('embeddings', 0, 3)
      expect(await cache.remove('embeddings', [key(0), key(2), key(8)])).to.equal(2)
      expect(await has('embeddings', 0, 1, 2)).to.deep.equal([false, true, false])
    })

    it('prunes what was not used for long, then down to a size', async () => {
      await put('embeddings', 0, 4)
      tested.clock.advance(10_000)
      await has('embeddings', 3)
      await put('retrieval', 0, 10)
      expect((await cache.prune({olderThanMs: 5000})).removed).to.deep.equal({
        embeddings: 3,
        retrieval: 0,
        answers: 0,
      })
      await cache.prune({maxBytes: 550})
      const {tables} = await cache.stats()
      expect(tables.embeddings.totalBytes + tables.retrieval.totalBytes).to.be.at.most(550)
      expect(tables.retrieval.count).to.be.at.least(4)
    })
  })
}
