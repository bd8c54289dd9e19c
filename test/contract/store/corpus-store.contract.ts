import {expect} from 'chai'
import {corpusName} from '../../../src/lib/model/names.js'
import {
  denseVectors,
  eachOpens,
  holder,
  openCorpus,
  puts,
  settings,
  snapshot,
  type OpenStore,
} from '../../support/store-fixtures.js'

/** What every `CorpusStore` promises. */
export function corpusStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: CorpusStore`, () => {
    const tested = eachOpens(open)
    const books = corpusName('acme/books')

    it('makes a corpus once and leaves the settings of one that is there', async () => {
      const {store, clock} = tested()
      const made = await store.createCorpus(books, settings({vectorWeight: 0.25}))
      expect(made).to.include({name: 'acme/books', createdAtMs: clock.now()})
      expect(await store.createCorpus(books, settings({chunkSize: 9}))).to.deep.equal(made)
      expect(await store.getCorpus(books)).to.deep.equal(made)
      expect(made.settings).to.deep.equal(settings({vectorWeight: 0.25}))
      expect(await store.getCorpus(corpusName('books'))).to.equal(undefined)
    })
    it('gives each state of a corpus a name of its own, and keeps it while nothing that a search sees changes', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      const stateNow = async (): Promise<string> => (await store.getCorpus(corpus.corpus.name))!.state
      const empty = await stateNow()
      expect(empty).to.match(/^[0-9a-f-]{32,36}$/)
      await store.updateSettings(id, settings({vectorWeight: 0.5}), lease)
      expect(await stateNow()).to.equal(empty)
      await store.commit(id, puts({id: 'a', texts: ['one']}), lease)
      const filled = await stateNow()
      await store.commit(id, {put: [], touch: [], remove: ['a']}, lease)
      const other = await store.createCorpus(corpusName('other'), settings())
      expect(new Set([empty, filled, await stateNow(), other.state]).size).to.equal(4)
    })
    it('lists all corpora', async () => {
      const {store} = tested()
      expect(await store.listCorpora()).to.deep.equal([])
      for (const each of ['b', 'a', 'x/a']) await store.createCorpus(corpusName(each), settings())
      expect((await store.listCorpora()).map((it) => it.name)).to.have.members(['a', 'b', 'x/a'])
    })
    it('replaces settings as a whole', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      await store.updateSettings(id, settings({language: 'de', vectorWeight: 0}), lease)
      const changed = await store.updateSettings(id, settings({model: 'external:x'}), lease)
      expect(changed.settings).to.deep.equal(settings({model: 'external:x'}))
      expect((await store.getCorpus(corpus.corpus.name))?.settings).to.deep.equal(changed.settings)
    })
    it('counts live rows, kinds of vectors and languages', async () => {
      const corpus = await openCorpus(tested().store)
      const {store, id, lease} = corpus
      const none = {
        documents: 0,
        chunks: 0,
        vectors: 0,
        pending: 0,
        dummy: 0,
        deletedChunks: 0,
        languages: [],
      }
      expect(await store.countCorpus(id)).to.deep.equal(none)
      await corpus.put(
        {id: 'a', texts: ['1', '2', '3', '4'], language: 'de'},
        {id: 'b', texts: ['5'], language: 'en'},
        {id: 'c', texts: [], language: 'en'},
        {id: 'gone', texts: ['6', '7'], language: 'fr'},
      )
      await corpus.remove('gone')
      const counts = {documents: 3, chunks: 5, deletedChunks: 2}
      expect(await store.countCorpus(id)).to.include({...counts, pending: 5, vectors: 0})
      const retired = await corpus.liveVersion()
      await corpus.embedAll(retired.id)
      const version = await corpus.liveVersion({fingerprint: 'f2'})
      const [one, two, three] = await corpus.chunkIds('a')
      const zeros = new Float32Array(4)
      await corpus.embed(version.id, [one!])
      await store.commitVectors(
        version.id,
        [
          {chunkId: two!, kind: 'dummy', vector: zeros},
          {chunkId: three!, kind: 'empty', vector: new Float32Array(0)},
        ],
        lease,
      )
      expect(await store.countCorpus(id)).to.deep.equal({
        ...counts,
        vectors: 1,
        pending: 2,
        dummy: 1,
        languages: [
          {language: 'en', documents: 2},
          {language: 'de', documents: 1},
        ],
      })
    })
    it('deletes one corpus for good and leaves the others; made again it is empty', async () => {
      const {store} = tested()
      const doomed = await openCorpus(store, 'doomed', 1)
      const other = await openCorpus(store, 'other', 2)
      for (const corpus of [doomed, other]) {
        const version = await corpus.liveVersion()
        await corpus.put({id: 'a', texts: ['red', 'blue']}, {id: 'b', texts: ['green']})
        const {seqs} = await corpus.embedAll(version.id)
        const file = {file: `${corpus.id}.hnsw`, sizeBytes: 1, sha256: 'ab'}
        const range = {firstSeq: seqs[0]!, lastSeq: seqs[2]!, dimension: 4, count: 3, versionId: version.id}
        await store.publishSegments(version.id, {add: [{...range, ...file}], drop: []}, corpus.lease)
        await corpus.remove('b')
      }
      const before = await snapshot(other)
      const [version] = await store.listEmbeddingVersions(doomed.id)
      const chunkIds = await doomed.chunkIds('a')
      const [document] = (await store.listDocuments(doomed.id, {})).documents
      await store.deleteCorpus(doomed.id, doomed.lease)

      expect(await store.getCorpus(doomed.corpus.name)).to.equal(undefined)
      expect(await store.readChunks(chunkIds)).to.deep.equal([])
      expect(await store.documentChunks(document!.id)).to.deep.equal([])
      expect(await store.listSegments(version!.id)).to.deep.equal([])
      expect(await denseVectors(store, version!.id)).to.deep.equal([])
      expect(await snapshot(other)).to.deep.equal(before)

      await store.releaseLease(doomed.lease)
      const again = await openCorpus(store, 'doomed', 1)
      expect(again.lease.token).to.be.greaterThan(doomed.lease.token)
      expect(await store.countCorpus(again.id)).to.include({documents: 0, chunks: 0, deletedChunks: 0})
      expect(await store.listEmbeddingVersions(again.id)).to.deep.equal([])
      expect(await again.search('red', 'blue', 'green')).to.deep.equal([])
      expect(await again.put({id: 'a', texts: ['red']})).to.include({added: 1})
      expect((await again.addVersion()).number).to.equal(1)
      expect(holder(1)).to.deep.equal((await store.listLeases()).find((it) => it.corpus === 'doomed')?.holder)
    })
  })
}
