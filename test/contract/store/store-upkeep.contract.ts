import {expect} from 'chai'
import {
  documentPut,
  denseVectors,
  eachOpens,
  openCorpus,
  snapshot,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

/** What every `StoreUpkeep` promises, and the hard delete that it proves. */
export function storeUpkeepContract(name: string, open: OpenStore): void {
  describe(`${name}: StoreUpkeep`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    beforeEach(async () => {
      books = await openCorpus(tested().store)
    })
    it('answers a ping and tells its size', async () => {
      expect(await books.store.ping()).to.equal(true)
      const size = await books.store.sizeBytes()
      expect(Number.isInteger(size) && size >= 0).to.equal(true)
    })
    removing(() => books)
    purging(() => books)
  })
}

function removing(books: () => WrittenCorpus): void {
  const remove = (minRows: number, ratio: number): Promise<number> =>
    books().store.removeDeleted(books().id, {minRows, ratio}, books().lease)

  it('removes soft-deleted rows for good, only beyond both limits', async () => {
    const {store, id} = books()
    const version = await books().liveVersion()
    const sketch = {id: 'a', texts: ['red', 'green', 'blue', 'grey']}
    await books().put(sketch, {id: 'b', texts: ['b1', 'b2']})
    const {seqs} = await books().embedAll(version.id)
    await books().put({id: 'a', texts: ['red']})
    await books().remove('b')
    const before = await snapshot(books())
    expect(await remove(1000, 0)).to.equal(0)
    expect(await remove(0, 1000)).to.equal(0)
    expect(await snapshot(books())).to.deep.equal(before)
    const corpusVersion = await books().version()
    expect(await remove(2, 0.5)).to.be.at.least(5)
    expect(await store.countCorpus(id)).to.include({documents: 1, chunks: 1, deletedChunks: 0, vectors: 1})
    expect(await books().version()).to.equal(corpusVersion)
    expect(await remove(0, 0)).to.equal(0)
    expect((await denseVectors(store, version.id)).map(([seq]) => seq)).to.deep.equal([[...seqs][0]])
    expect((await store.purgeDocuments(id, ['b'], books().lease)).documents).to.equal(0)
    const {chunks} = documentPut(sketch)
    const found = await store.findVectors(
      version.id,
      chunks.map((it) => it.inputHash),
    )
    expect([...found.keys()]).to.deep.equal([chunks[0]!.inputHash])
    expect(await books().put({id: 'b', texts: ['b1']})).to.include({added: 1, chunksAdded: 1, chunksKept: 0})
    expect(await books().search('b1')).to.deep.equal(await books().chunkIds('b'))
  })
  it('leaves the deleted rows of other corpora', async () => {
    const other = await openCorpus(books().store, 'others', 2)
    for (const corpus of [books(), other]) {
      await corpus.put({id: 'a', texts: ['red', 'blue']}, {id: 'b', texts: ['grey']})
      await corpus.remove('a')
    }
    await remove(0, 0)
    expect((await other.store.countCorpus(other.id)).deletedChunks).to.equal(2)
    expect(await books().search('grey')).to.deep.equal(await books().chunkIds('b'))
  })
}

function purging(books: () => WrittenCorpus): void {
  it('purges documents for good, older versions included, and proves it', async () => {
    const {store, id, lease} = books()
    const live = await books().liveVersion()
    const building = await books().addVersion()
    await books().put(
      {id: 'a', texts: ['red', 'green']},
      {id: 'twin', texts: ['red']},
      {id: 'gone', texts: ['blue']},
    )
    const first = [...(await books().embedAll(live.id)).seqs]
    const second = [...(await books().embedAll(building.id)).seqs]
    await books().put({id: 'a', texts: ['red', 'grey']})
    await books().remove('gone')
    const doomed = [first[0]!, first[1]!, first[3]!, second[0]!, second[1]!, second[3]!]
    const version = await books().version()
    const receipt = await store.purgeDocuments(id, ['a', 'gone', 'nobody'], lease)
    expect(receipt).to.include({documents: 2, chunks: 4, vectors: 6, version: version + 1})
    expect([...receipt.seqs].sort((x, y) => x - y)).to.deep.equal(doomed)
    expect(receipt.proof.map(({place}) => place)).to.include.members([
      'documents',
      'chunks',
      'vectors',
      'conversations',
      'keyword index',
    ])
    expect(receipt.proof.filter((it) => !it.absent)).to.deep.equal([])
    expect(await store.purgeDocuments(id, ['a', 'gone', 'nobody'], lease)).to.deep.include({
      documents: 0,
      chunks: 0,
      vectors: 0,
      seqs: [],
      version: version + 1,
    })
    expect(await store.countCorpus(id)).to.include({documents: 1, chunks: 1, deletedChunks: 0, vectors: 1})
    expect(await books().search('red', 'green', 'blue', 'grey')).to.deep.equal(await books().chunkIds('twin'))
    expect((await denseVectors(store, live.id)).map(([seq]) => seq)).to.deep.equal([first[2]])
    expect(await books().put({id: 'a', texts: ['red']})).to.include({added: 1, chunksAdded: 1, chunksKept: 0})
    expect(await store.countPending(id, live.id)).to.equal(1)
  })
  it('changes nothing when there is nothing to purge', async () => {
    const {store, id, lease} = books()
    const other = await openCorpus(store, 'others', 2)
    await books().put({id: 'a', texts: ['red']})
    await other.put({id: 'theirs', texts: ['red']})
    const before = [await snapshot(books()), await snapshot(other)]
    const receipt = await store.purgeDocuments(id, ['nobody', 'theirs', '%', "'"], lease)
    expect(receipt).to.deep.include({documents: 0, chunks: 0, vectors: 0, seqs: []})
    expect([await snapshot(books()), await snapshot(other)]).to.deep.equal(before)
  })
}
