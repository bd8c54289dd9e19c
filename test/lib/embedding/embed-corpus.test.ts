import {expect} from 'chai'
import {embedCorpus} from '../../../src/lib/embedding/embed-corpus.js'
import {systemDigest} from '../../../src/lib/adapters/system/digest.js'
import {corpusName} from '../../../src/lib/model/names.js'
import type {ModelServices, Services} from '../../../src/lib/ports/services.js'
import type {Store} from '../../../src/lib/ports/store/store.js'
import {FixedClock} from '../../support/fixed-clock.js'
import {handMadeServices} from '../../support/hand-made-services.js'
import {createMemoryArtifactFiles} from '../../support/memory/memory-artifact-files.js'
import {createMemoryCache} from '../../support/memory/memory-cache.js'
import {createMemoryStore} from '../../support/memory/memory-store.js'
import {ScriptedProvider} from '../../support/scripted-provider.js'
import {
  denseVectors,
  FakeProcessTable,
  holder,
  settings,
  WrittenCorpus,
} from '../../support/store-fixtures.js'

const CACHE_LIMITS = {embeddings: 1e6, retrieval: 1e6, answers: 1e6}

describe('embedCorpus', () => {
  let provider: ScriptedProvider
  let store: Store
  let books: WrittenCorpus
  let services: Services
  beforeEach(async () => {
    const clock = new FixedClock()
    const processes = new FakeProcessTable()
    provider = new ScriptedProvider()
    store = createMemoryStore({clock, processes})
    const corpus = await store.createCorpus(
      corpusName('books'),
      settings({model: 'scripted:a', dimension: 8}),
    )
    books = new WrittenCorpus(store, corpus, await store.acquireLease('books', holder(1), 'ingest'))
    const cache = createMemoryCache({clock, limits: CACHE_LIMITS})
    services = handMadeServices({
      clock,
      processes,
      digest: systemDigest,
      logger: {debug: () => undefined, info: () => undefined, warn: () => undefined},
      store: {
        read: async () => store,
        write: async () => store,
        takeDamage: () => Promise.resolve([]),
        reopen: async () => undefined,
      },
      threads: 1,
      waitMs: 0,
      models: {providers: async () => [provider]} as unknown as ModelServices,
      indexFiles: createMemoryArtifactFiles(),
      modelFiles: createMemoryArtifactFiles(),
      memory: {collect: () => undefined, free: () => undefined},
      cache: async () => cache,
    })
  })

  const embed = (signal?: AbortSignal): ReturnType<typeof embedCorpus> =>
    embedCorpus(services, {corpus: books.corpus, lease: books.lease}, {}, {signal})
  const live = async () => (await store.listEmbeddingVersions(books.id)).find(({state}) => state === 'live')!

  it('makes the first version live and gives every chunk a vector; again there is nothing to do', async () => {
    await books.put({id: 'a', texts: ['red', 'green']}, {id: 'b', texts: ['blue']})
    expect(await embed()).to.deep.include({hits: 0, misses: 3, interrupted: false, checkpoints: 0, notes: []})
    const version = await live()
    expect(version).to.include({number: 1, model: 'scripted:a', dimension: 8})
    expect(await denseVectors(store, version.id)).to.have.length(3)
    expect((await embed()).misses).to.equal(0)
    expect(provider.asked).to.have.length(3)
  })

  it('takes from the cache what was embedded before', async () => {
    await books.put({id: 'a', texts: ['red', 'green']})
    await embed()
    await books.put({id: 'twin', texts: ['red', 'grey']})
    expect(await embed()).to.include({hits: 1, misses: 1})
  })

  it('reports a service that is down as an outcome, keeps what it made, and goes on from there', async () => {
    await books.put({id: 'a', texts: Array.from({length: 10}, (_, i) => `text ${i}`)})
    provider.textsLeft = 4
    const down = await embed()
    expect([down.failure?.code, down.interrupted]).to.deep.equal(['EMBEDDER_UNREACHABLE', false])
    expect(await store.countPending(books.id, (await live()).id)).to.equal(6)
    provider.textsLeft = Infinity
    expect((await embed()).failure).to.equal(undefined)
    expect(await store.countPending(books.id, (await live()).id)).to.equal(0)
    expect(provider.asked).to.have.length(10)
  })

  it('reports an interruption as an outcome, keeps what it made, and goes on from there', async () => {
    await books.put({id: 'a', texts: Array.from({length: 40}, (_, i) => `text ${i}`)})
    const stop = new AbortController()
    provider.before = async () => stop.abort()
    const {interrupted, failure} = await embed(stop.signal)
    expect([interrupted, failure]).to.deep.equal([true, undefined])
    const made = provider.asked.length
    expect(made).to.be.within(1, 16)
    expect(await store.countPending(books.id, (await live()).id)).to.be.within(40 - made, 39)
    await embed()
    expect(await store.countPending(books.id, (await live()).id)).to.equal(0)
    // What was under way then was not stored, but is in the cache.
    expect(provider.asked).to.have.length(40)
  })
})
