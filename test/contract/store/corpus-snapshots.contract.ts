import {expect} from 'chai'
import {keptPlace, placeOf, type KeptPlace} from '../../../src/lib/model/place.js'
import type {CorpusSnapshot, SnapshotDocument} from '../../../src/lib/ports/store/corpus-snapshot.js'
import {
  batch,
  collect,
  documentPut,
  eachOpens,
  openCorpus,
  puts,
  sha256,
  vectorOf,
  type OpenStore,
} from '../../support/store-fixtures.js'

/** What every `CorpusSnapshots` promises. */
export function corpusSnapshotsContract(name: string, open: OpenStore): void {
  describe(`${name}: CorpusSnapshots`, () => {
    const tested = eachOpens(open)
    const documents = (snapshot: CorpusSnapshot, since?: number): Promise<readonly SnapshotDocument[]> =>
      collect(snapshot.documents(since))
    const withSnapshot = async <T>(work: (snapshot: CorpusSnapshot) => Promise<T>): Promise<T> => {
      const snapshot = (await tested().store.openSnapshot('books'))!
      try {
        return await work(snapshot)
      } finally {
        await snapshot.close()
      }
    }

    it('knows nothing of a corpus that is not there', async () => {
      await openCorpus(tested().store)
      expect(await tested().store.openSnapshot('other')).to.equal(undefined)
    })

    it('gives the place of each chunk as it was put last, also of chunks that are kept', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      const document = documentPut({id: 'a', texts: ['red', 'green', 'blue']})
      const page = keptPlace({kind: 'pages', first: 3, last: 4})
      const line = keptPlace({kind: 'lines', first: 7, last: 9})
      const nowhere = keptPlace(undefined)
      const put = (...places: KeptPlace[]) => {
        const chunks = document.chunks.map((chunk, i) => ({...chunk, ...places[i]!}))
        const docHash = sha256(JSON.stringify(places))
        return store.commit(id, batch({put: [{...document, docHash, chunks}]}), lease)
      }
      await put(page, line, nowhere)
      for (const places of [
        [nowhere, page, line],
        [line, nowhere, page],
      ]) {
        expect(await put(...places)).to.include({chunksKept: 3, chunksAdded: 0})
        const expected = places.map(placeOf)
        expect((await corpus.chunks('a')).map(placeOf)).to.deep.equal(expected)
        const [found] = await withSnapshot((snapshot) => documents(snapshot))
        expect(found!.chunks.map(placeOf)).to.deep.equal(expected)
      }
    })

    it('gives everything of each document, vectors to the bit, in the order of first passages', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      const version = await corpus.liveVersion()
      const vectors = [vectorOf(1), undefined]
      await store.commit(
        id,
        puts(
          {
            id: 'z',
            texts: ['one', 'two'],
            title: 'Zed',
            metadata: {year: 1},
            chunkMetadata: [{page: 1}],
            vectors,
          },
          {id: 'a', texts: ['three'], language: 'de'},
          {id: 'empty', texts: []},
        ),
        lease,
      )
      const pending = await store.pendingChunks(id, version.id, {afterId: 0, limit: 9})
      await store.commitVectors(
        version.id,
        [{chunkId: pending[0]!.chunkId, kind: 'dummy', vector: new Float32Array(4)}],
        lease,
      )
      await withSnapshot(async (snapshot) => {
        expect(snapshot.live?.id).to.equal(version.id)
        expect(await snapshot.count()).to.deep.equal({documents: 3, chunks: 3, empty: 1})
        const found = await documents(snapshot)
        expect(found.map(({docId}) => docId).filter((one) => one !== 'empty')).to.deep.equal(['z', 'a'])
        const z = found.find(({docId}) => docId === 'z')!
        expect(z).to.include({title: 'Zed', language: 'en'})
        expect([z.metadata, z.source.source]).to.deep.equal([{year: 1}, '/files/z'])
        expect(
          z.chunks.map(({ordinal, text, metadata, kind}) => ({ordinal, text, metadata, kind})),
        ).to.deep.equal([
          {ordinal: 1, text: 'one', metadata: {page: 1}, kind: 'dense'},
          {ordinal: 2, text: 'two', metadata: undefined, kind: 'dummy'},
        ])
        expect(z.chunks[0]!.vector).to.deep.equal(vectorOf(1))
        expect(found.find(({docId}) => docId === 'a')!.chunks[0]!.kind).to.equal('none')
      })
    })

    it('reads documents through by id, those that pass the filters, chunks in order and by range', async () => {
      const {store, id, lease} = await openCorpus(tested().store)
      const texts = Array.from({length: 300}, (_, i) => `text ${i + 1}`)
      await store.commit(
        id,
        puts(
          {id: 'z', texts: ['one'], language: 'de'},
          {id: 'B', texts, title: 'Bee', metadata: {year: 1}},
          {id: 'a', texts: []},
          {id: 'gone', texts: ['x']},
        ),
        lease,
      )
      await store.commit(id, batch({remove: ['gone']}), lease)
      await withSnapshot(async (snapshot) => {
        const found = await collect(snapshot.readThrough())
        expect(found.map(({docId, length}) => [docId, length])).to.deep.equal([
          ['B', 300],
          ['a', 0],
          ['z', 1],
        ])
        const [bee, empty] = found
        expect(bee).to.include({title: 'Bee', language: 'en'})
        expect([bee!.metadata, bee!.updatedAtMs > 0]).to.deep.equal([{year: 1}, true])
        const chunks = await collect(bee!.chunks())
        expect(chunks.map(({text}) => text)).to.deep.equal(texts)
        expect(chunks[0]).to.have.all.keys('ordinal', 'text', 'heading', 'overlap')
        const some = await collect(bee!.chunks({from: 129, to: 131}))
        expect(some.map(({ordinal}) => ordinal)).to.deep.equal([129, 130, 131])
        expect(await collect(empty!.chunks())).to.deep.equal([])
        const german = await collect(snapshot.readThrough([{field: 'language', op: '=', value: 'de'}]))
        expect(german.map(({docId}) => docId)).to.deep.equal(['z'])
      })
    })

    it('stays as it was, whatever is written meanwhile', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      await store.commit(id, puts({id: 'a', texts: ['one']}, {id: 'b', texts: ['two']}), lease)
      await withSnapshot(async (snapshot) => {
        const seen: string[] = []
        for await (const document of snapshot.documents()) {
          seen.push(`${document.docId} ${document.chunks.map(({text}) => text).join()}`)
          await store.commit(
            id,
            {...puts({id: 'c', texts: ['three']}, {id: 'b', texts: ['other']}), remove: ['a']},
            lease,
          )
        }
        expect(seen).to.deep.equal(['a one', 'b two'])
        expect(await snapshot.count()).to.include({documents: 2})
      })
    })

    it('tells what changed, and what was deleted, since a version, until that is removed for good', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      await store.commit(
        id,
        puts({id: 'a', texts: ['one']}, {id: 'b', texts: ['two']}, {id: 'c', texts: ['three']}),
        lease,
      )
      const {version} = (await store.getCorpus(corpus.corpus.name))!
      await store.commit(
        id,
        {...puts({id: 'b', texts: ['changed']}, {id: 'a', texts: ['one']}), remove: ['c']},
        lease,
      )
      await withSnapshot(async (snapshot) => {
        expect((await documents(snapshot, version)).map(({docId}) => docId)).to.deep.equal(['b'])
        expect(await snapshot.count(version)).to.deep.equal({documents: 1, chunks: 1, empty: 0})
        expect(await snapshot.deletedSince(version)).to.deep.equal(['c'])
        expect(await snapshot.deletedSince(snapshot.corpus.version)).to.deep.equal([])
      })
      await store.purgeDocuments(id, ['c'], lease)
      await withSnapshot(async (snapshot) => {
        expect(await snapshot.deletedSince(version)).to.equal(undefined)
        expect(await snapshot.deletedSince(snapshot.corpus.version)).to.deep.equal([])
      })
    })

    it('counts as changed what got vectors since, and all when another embedding version went live', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      const first = await corpus.liveVersion()
      await store.commit(id, puts({id: 'a', texts: ['one']}, {id: 'b', texts: ['two', 'three']}), lease)
      const changedSince = (version: number): Promise<readonly string[]> =>
        withSnapshot(async (snapshot) => (await documents(snapshot, version)).map(({docId}) => docId))
      const versionNow = async (): Promise<number> => (await store.getCorpus(corpus.corpus.name))!.version
      const before = await versionNow()
      expect(await changedSince(before)).to.deep.equal([])
      const pending = await store.pendingChunks(id, first.id, {afterId: 0, limit: 9})
      const put = (versionId: number, chunks: typeof pending): Promise<unknown> =>
        store.commitVectors(
          versionId,
          chunks.map(({chunkId}) => ({chunkId, kind: 'dense', vector: vectorOf(chunkId)})),
          lease,
        )
      await put(first.id, pending.slice(1, 2))
      expect(await changedSince(before)).to.deep.equal(['b'])
      const after = await versionNow()
      const {provider, model, dimension} = first
      const next = await store.addEmbeddingVersion(
        id,
        {provider, model, dimension, fingerprint: 'next'},
        lease,
      )
      await put(next.id, pending)
      expect(await changedSince(after), 'not live yet').to.deep.equal([])
      await store.setLiveVersion(next.id, lease)
      expect(await changedSince(after)).to.deep.equal(['a', 'b'])
    })

    it('and the store knows what content is there, by id of a document or by what a passage says', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      await store.commit(id, puts({id: 'a', texts: ['one', 'two']}, {id: 'gone', texts: ['three']}), lease)
      await store.commit(id, batch({remove: ['gone']}), lease)
      const wanted = [
        {docId: 'a', contentHash: sha256('other')},
        {docId: 'x', contentHash: sha256('two')},
        {docId: 'gone', contentHash: sha256('three')},
        {docId: 'y', contentHash: sha256('four')},
      ]
      expect([...(await store.knownContent(id, wanted))].sort()).to.deep.equal(['a', 'x'])
      expect((await store.knownContent(id, [])).size).to.equal(0)
      expect((await store.knownContent(id + 1, wanted)).size).to.equal(0)
    })
  })
}
