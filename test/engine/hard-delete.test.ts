import {renameSync, rmSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import Database from 'better-sqlite3'
import {expect} from 'chai'
import type {DeleteReport, Rag} from '../../src/lib/index.js'
import type {Services} from '../../src/lib/ports/services.js'
import type {Store} from '../../src/lib/ports/store/store.js'
import {withDatabase} from '../support/corpus-snapshot.js'
import {CORPUS, SECRET, SecretWorld} from '../support/secret-world.js'
import {filesBelow} from '../support/temp-home.js'
import {zstd} from '../support/zstd.js'

const SERVED = 'hashed:a'

function expectGone(world: SecretWorld, {deleted, hard}: DeleteReport): void {
  expect(deleted).to.deep.equal([SECRET])
  expect(hard?.bytes?.found).to.deep.equal([])
  expect(hard?.proof.filter(({absent}) => !absent)).to.deep.equal([])
  expect(hard).to.include({finished: true})
  expect(world.remains()).to.deep.equal([])
}

/** The same store, some of whose verbs do something else. */
const withStore =
  (verbs: (store: Store) => Partial<Store>) =>
  (services: Services): Services => ({
    ...services,
    store: {
      ...services.store,
      read: () => services.store.read(),
      reopen: () => services.store.reopen(),
      write: async (access) => {
        const store = await services.store.write(access)
        return {...store, ...verbs(store)}
      },
    },
  })

describe('a hard delete', function () {
  this.timeout(120_000)
  let world: SecretWorld
  afterEach(() => world.remove())

  describe('leaves no byte of a document', () => {
    const reembed = (rag: Rag, more: object): Promise<unknown> =>
      rag.rebuild({corpus: CORPUS, reembed: true, ...more}).then(() => world.rememberVectors())
    const histories: readonly [string, string, (rag: Rag) => Promise<unknown>][] = [
      ['as it was ingested', SERVED, (rag) => world.use(rag)],
      ['as it was ingested, by a learned model', 'lsa', (rag) => world.use(rag)],
      [
        'that was updated before',
        SERVED,
        async (rag) => {
          await world.use(rag)
          world.write(`docs/${SECRET}`, '# Now harmless\n\nNothing here any more but pumps.\n')
          await world.ingest(rag)
        },
      ],
      [
        'that was updated before, by a learned model',
        'lsa',
        async (rag) => {
          world.write(`docs/${SECRET}`, '# Now harmless\n\nNothing here any more but pumps.\n')
          await world.ingest(rag)
        },
      ],
      [
        'that was softly deleted before',
        SERVED,
        async (rag) => {
          await world.use(rag)
          await rag.deleteDocuments(CORPUS, [SECRET])
        },
      ],
      [
        'that an earlier model embedded',
        SERVED,
        async (rag) => {
          await reembed(rag, {settings: {model: 'hashed:b'}})
          await world.use(rag)
        },
      ],
      [
        'that a model embedded which is kept',
        SERVED,
        (rag) => reembed(rag, {keepOld: true, settings: {model: 'hashed:b'}}),
      ],
      ['of which a learned model is kept', 'lsa', (rag) => reembed(rag, {keepOld: true})],
      [
        'that was asked about in a conversation, and found by other queries since',
        SERVED,
        async (rag) => {
          await world.use(rag)
          world.write('docs/late.md', '# Late\n\nThe pump was late in winter.\n')
          await world.ingest(rag)
          await world.use(rag)
          await rag.search(CORPUS, {query: 'pilot and dog', mode: 'keyword'})
        },
      ],
    ]
    for (const [what, model, before] of histories)
      it(what, async () => {
        world = new SecretWorld({model})
        await world.using(async (rag) => {
          await world.ingest(rag)
          await before(rag)
        })
        expect(world.remains()).not.to.deep.equal([])
        expectGone(world, await world.using((rag) => world.delete(rag)))
        await world.using(async (rag) => {
          expect((await rag.verify()).findings).to.deep.equal([])
          expect((await rag.search(CORPUS, {query: 'pump valve'})).hits).not.to.deep.equal([])
        })
      })

    it('whose files were damaged and set aside', async () => {
      world = new SecretWorld({model: 'lsa'})
      await world.using((rag) => world.ingest(rag))
      const [model] = filesBelow(world.path('data/models'))
      renameSync(model!, `${model}.corrupt`)
      world.write('cache/cache.db.corrupt', 'Xylographquant treaty of the harbour was signed by nobody')
      expectGone(world, await world.using((rag) => world.delete(rag)))
    })

    it('whose rows of an older version were tidied up long ago: the cache knows whose they were', async () => {
      world = new SecretWorld({model: SERVED})
      await world.using(async (rag) => {
        await world.ingest(rag)
        world.write(`docs/${SECRET}`, '# Now harmless\n\nNothing here any more but pumps.\n')
        await world.ingest(rag)
      })
      const tidy = async (store: Store): Promise<void> => {
        const lease = await store.acquireLease(
          CORPUS,
          {host: 'h', bootId: 'b', pid: 1, startedAt: '0'},
          'test',
        )
        const corpus = (await store.getCorpus(lease.corpus as never))!
        await store.removeDeleted(corpus.id, {minRows: 0, ratio: 0}, lease)
        await store.releaseLease(lease)
      }
      await world.using(
        (rag) => rag.status(),
        (services) => ({
          ...services,
          store: {
            ...services.store,
            read: async () => {
              const store = await services.store.write('write')
              await tidy(store)
              return store
            },
          },
        }),
      )
      expect(world.remains().join()).to.contain('vector 0 in cache')
      const report = await world.using((rag) => world.delete(rag))
      expect(world.remains()).to.deep.equal([])
      expect(report.hard?.finished).to.equal(true)
    })
  })

  it('writes the segments anew that hold its vectors, and finishes that when it was killed before', async () => {
    world = new SecretWorld({model: SERVED, others: 0})
    const lines = Array.from({length: 4600}, (_, i) =>
      JSON.stringify({doc_id: `n${i}`, text: `Note ${i} on pumps and valves of winter ${(i * 7) % 1000}.`}),
    )
    world.write('notes.jsonl', `${lines.join('\n')}\n`)
    await world.using(async (rag) => {
      await world.ingest(rag)
      await rag.ingest({corpus: CORPUS, jsonl: world.path('notes.jsonl')})
    })
    const inIndexes = (): string[] => world.remains().filter((one) => one.includes('in indexes/'))
    expect(inIndexes()).not.to.deep.equal([])
    await world.using(
      (rag) => world.delete(rag).catch(() => undefined),
      (services) => ({
        ...services,
        index: {...services.index, builder: () => Promise.reject(new Error('killed'))},
      }),
    )
    expect(inIndexes()).not.to.deep.equal([])
    await world.using(async (rag) => {
      const report = await world.delete(rag)
      expectGone(world, report)
      expect(report.hard).to.include({resumed: true, vectorsRemoved: 1})
      expect(report.hard!.segmentsRewritten).to.be.greaterThan(0)
      expect((await rag.verify({sample: 1})).findings).to.deep.equal([])
    })
  })

  it('leaves what another corpus says too, and its own vectors', async () => {
    world = new SecretWorld({model: SERVED})
    await world.using(async (rag) => {
      await world.ingest(rag)
      await world.ingest(rag, 'twin')
    })
    const report = await world.using((rag) => world.delete(rag))
    expect(report.hard?.bytes).to.deep.include({absent: true, found: []})
    expect(report.hard?.finished).to.equal(true)
    await world.using(async (rag) => {
      const {hits} = await rag.search('twin', {query: 'Xylographquant treaty'})
      expect(hits[0]?.docId).to.equal(SECRET)
      expect((await rag.showDocument('twin', SECRET)).embedded).to.be.greaterThan(0)
    })
  })

  it('names files that are not rag’s to change, packed ones too, and is finished all the same', async () => {
    world = new SecretWorld({model: 'lsa'})
    await world.using((rag) => world.ingest(rag))
    const text = Buffer.from('so the Xylographquant treaty of the harbour was signed by nobody but the pilot')
    world.write('data/mine/source.txt', text)
    world.write('data/mine/export.msgpack.gz', gzipSync(text))
    world.write('data/mine/export.msgpack.zst', await zstd(text))
    world.write('data/mine/words.txt', 'a Xylographquant')
    world.write(
      'data/mine/result.json',
      JSON.stringify({text: '"It remained", he wrote;\nand so it was that'}),
    )
    const {hard} = await world.using((rag) => world.delete(rag))
    expect(hard?.bytes?.found).to.deep.equal(
      ['export.msgpack.gz', 'export.msgpack.zst', 'result.json', 'source.txt'].map((name) => ({
        file: `mine/${name}`,
        what: 'text',
        ours: false,
      })),
    )
    expect(hard).to.deep.include({finished: true})
    expect(hard?.bytes?.absent).to.equal(false)
    await world.using(async (rag) => expect((await rag.status()).unfinishedDeletes).to.deep.equal([]))
  })

  describe('notices bytes that were left', () => {
    /** Puts the text into pages of the database that are then free, and not overwritten. */
    const soil = (): void => {
      const db = new Database(world.path('data/rag.db'))
      db.pragma('secure_delete = OFF')
      const text = 'signed by nobody but the pilot and his dog, on a wet morning'.repeat(400)
      db.exec(`CREATE TABLE soil (t TEXT); INSERT INTO soil VALUES ('${text}'); DROP TABLE soil`)
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    }
    const soiling = (more: Partial<Store> = {}): ((services: Services) => Services) =>
      withStore((store) => ({
        purgeDocuments: async (...args) => {
          const receipt = await store.purgeDocuments(...args)
          soil()
          return receipt
        },
        ...more,
      }))

    it('in free pages of the database, and writes it anew', async () => {
      world = new SecretWorld({model: SERVED})
      await world.using((rag) => world.ingest(rag))
      expectGone(world, await world.using((rag) => world.delete(rag), soiling()))
    })

    it('in free pages that could not be written anew: the delete is not finished, until they are', async () => {
      world = new SecretWorld({model: SERVED})
      await world.using((rag) => world.ingest(rag))
      const {hard} = await world.using(
        (rag) => world.delete(rag),
        soiling({eraseFreed: () => Promise.resolve(true)}),
      )
      expect(hard).to.include({finished: false})
      expect(hard?.bytes?.found.map(({what, ours}) => [what, ours])).to.deep.include(['text, terms', true])
      expect(hard?.proof.at(-1)).to.deep.equal({place: 'bytes of all files', absent: false})
      await world.using(async (rag) => {
        const [left] = (await rag.status()).unfinishedDeletes
        expect(left).to.deep.include({corpus: CORPUS, documents: 1})
        const {ok, findings} = await rag.verify()
        expect([ok, findings.map(({code}) => code)]).to.deep.equal([false, ['DELETE_UNFINISHED']])
        expectGone(world, await world.delete(rag))
        expect((await rag.verify()).ok).to.equal(true)
      })
    })

    it('of vectors in a cache that knows nothing of documents, and clears it', async () => {
      world = new SecretWorld({model: SERVED})
      await world.using((rag) => world.ingest(rag))
      const deaf = (services: Services): Services => ({
        ...services,
        cache: async (how) => {
          const cache = (await services.cache(how))!
          return Object.create(cache, {
            removeMadeOf: {value: () => Promise.resolve(0)},
            remove: {value: () => Promise.resolve(0)},
            purge: {value: (scope: object) => cache.purge(scope)},
            stats: {value: () => cache.stats()},
          }) as typeof cache
        },
      })
      expectGone(world, await world.using((rag) => world.delete(rag), deaf))
    })

    it('in a log that a reader keeps: it is not finished before', async () => {
      world = new SecretWorld({model: SERVED})
      await world.using((rag) => world.ingest(rag))
      const reader = new Database(world.path('data/rag.db'), {readonly: true})
      reader.exec('BEGIN')
      reader.prepare('SELECT count(*) FROM documents').get()
      const {hard} = await world.using((rag) => world.delete(rag))
      expect(hard?.finished).to.equal(false)
      expect(hard?.bytes?.found.map(({file}) => file)).to.include('rag.db')
      reader.close()
      await world.using(async (rag) => {
        const {repaired} = await rag.verify({repair: true})
        expect(repaired.join()).to.contain('finished and proved')
      })
      expect(world.remains()).to.deep.equal([])
    })
  })

  it('writes down nothing that can be read', async () => {
    world = new SecretWorld({model: SERVED})
    await world.using((rag) => world.ingest(rag))
    await world.using(
      (rag) => world.delete(rag).catch(() => undefined),
      (services) => ({...services, cache: () => Promise.reject(new Error('killed'))}),
    )
    const [purge, ...more] = withDatabase(world.path('data'), (db) =>
      db.prepare('SELECT work, needles FROM purges').all(),
    ) as {work: string; needles: Buffer}[]
    expect(more).to.deep.equal([])
    expect(purge!.needles.length).to.be.greaterThan(500)
    expect(purge!.work).not.to.match(/secret|pilot|xylo/i)
    expect(world.remains().filter((one) => one.includes('rag.db'))).to.deep.equal([])
    rmSync(world.path('docs', SECRET))
    await world.using(async (rag) => {
      const report = await rag.ingest({corpus: CORPUS, dirs: [world.path('docs')]})
      expect(report.notes.join()).to.contain(
        'A hard delete of 1 document of "c", which was cut off, has been finished',
      )
    })
    expect(world.remains()).to.deep.equal([])
  })
})
