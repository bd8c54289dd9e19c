import {expect} from 'chai'
import {
  batch,
  denseVectors,
  documentPut,
  eachOpens,
  openCorpus,
  puts,
  rejects,
  snapshot,
  vectorOf,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

/** What every `DocumentStore` promises of putting, changing and removing documents. */
export function documentStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: DocumentStore`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    beforeEach(async () => {
      books = await openCorpus(tested().store)
    })
    committing(() => books, tested)
    changing(() => books)
    vectorsWithDocuments(() => books)
    reading(() => books, tested)
  })
}

type Books = () => WrittenCorpus
type Tested = ReturnType<typeof eachOpens>

function committing(books: Books, tested: Tested): void {
  it('counts what a commit did and raises the version by one', async () => {
    const before = await books().version()
    const receipt = await books().put({id: 'a', texts: ['red one', 'red two']}, {id: 'b', texts: ['blue']})
    expect(receipt).to.include({added: 2, updated: 0, unchanged: 0, removed: 0})
    expect(receipt).to.include({chunksAdded: 3, chunksKept: 0, chunksDeleted: 0, version: before + 1})
    expect(await books().version()).to.equal(before + 1)
  })
  it('knows documents again by ids of any characters, also when they come together', async () => {
    const ids = ['plain', '"quoted" \\ id', 'über/große 文書', 'with\0zero', 'tab\tand\nline', "it's", '']
    const all = (text: string): {id: string; texts: string[]}[] => ids.map((id) => ({id, texts: [text]}))
    expect(await books().put(...all('one text'))).to.include({added: ids.length})
    expect(await books().put(...all('one text'))).to.include({added: 0, unchanged: ids.length})
    expect(await books().put(...all('another'))).to.include({added: 0, updated: ids.length})
    const twice = ['one', 'two'].map((text) => ({id: 'new', texts: [text]}))
    expect(await books().put(...twice, ...all('another'))).to.include({added: 1, updated: 1})
  })
  it('finds the same batch unchanged and writes nothing', async () => {
    const same = puts(
      {id: 'a', texts: ['red', 'red'], metadata: {k: [1, {x: null}]}, title: 'T'},
      {id: 'empty', texts: []},
    )
    await books().store.commit(books().id, same, books().lease)
    const before = await snapshot(books())
    tested().clock.advance(5000)
    const receipt = await books().store.commit(books().id, same, books().lease)
    expect(receipt).to.include({
      added: 0,
      updated: 0,
      unchanged: 2,
      removed: 0,
      chunksAdded: 0,
      chunksDeleted: 0,
    })
    expect(receipt.version).to.equal(await books().version())
    expect(await snapshot(books())).to.deep.equal(before)
  })
  it('does not raise the version for an empty batch, a touch, or unknown ids', async () => {
    await books().put({id: 'a', texts: ['red']})
    const version = await books().version()
    const source = {
      source: '/moved/a',
      root: '/moved',
      sizeBytes: 3,
      mtimeMs: 9.5,
      sha256: 'ab',
      readAtMs: 11,
    }
    const receipt = await books().store.commit(
      books().id,
      batch({
        touch: [
          {docId: 'a', source},
          {docId: 'nobody', source},
        ],
        remove: ['nothing'],
      }),
      books().lease,
    )
    expect(receipt).to.include({version, added: 0, updated: 0, removed: 0, chunksDeleted: 0})
    expect((await books().store.commit(books().id, batch({}), books().lease)).version).to.equal(version)
    expect(await books().store.listSources(books().id)).to.deep.equal([
      {docId: 'a', docHash: documentPut({id: 'a', texts: ['red']}).docHash, source},
    ])
  })
  it('notes another source of an unchanged document without raising the version', async () => {
    await books().put({id: 'a', texts: ['red'], source: '/old'})
    const version = await books().version()
    expect(await books().put({id: 'a', texts: ['red'], source: '/new'})).to.include({version, unchanged: 1})
    expect((await books().store.getDocument(books().id, 'a'))?.source.source).to.equal('/new')
  })
  it('lets the later of two puts of one id stand, and a remove come last', async () => {
    await books().put({id: 'a', texts: ['red', 'green']}, {id: 'a', texts: ['blue']})
    expect((await books().chunks('a')).map((it) => it.text)).to.deep.equal(['blue'])
    const both = batch({put: [documentPut({id: 'b', texts: ['red']})], remove: ['b']})
    await books().store.commit(books().id, both, books().lease)
    expect(await books().store.getDocument(books().id, 'b')).to.equal(undefined)
    expect(await books().search('red', 'green')).to.deep.equal([])
  })
  it('keeps no hold of what it was given or gave', async () => {
    const put = documentPut({id: 'a', texts: ['red'], metadata: {list: ['x']}})
    await books().store.commit(books().id, batch({put: [put]}), books().lease)
    ;(put.metadata['list'] as string[]).push('y')
    const [chunk] = await books().chunks('a')
    ;(chunk!.metadata['list'] as string[]).push('z')
    expect((await books().store.getDocument(books().id, 'a'))?.metadata).to.deep.equal({list: ['x']})
  })
}

function changing(books: Books): void {
  it('keeps row, keyword entry and vector of chunks with an equal input, wherever they move', async () => {
    const version = await books().liveVersion()
    await books().put({id: 'a', texts: ['red', 'green', 'blue']})
    await books().embedAll(version.id)
    const [red, green, blue] = await books().chunkIds('a')
    const vectors = await books().store.vectorsOfChunks(version.id, [blue!, green!])
    const seqs = await books().store.seqsWhere(version.id, [])
    const receipt = await books().put({id: 'a', texts: ['grey', 'blue', 'green']})
    expect(receipt).to.include({updated: 1, added: 0, chunksAdded: 1, chunksKept: 2, chunksDeleted: 1})
    const chunks = await books().chunks('a')
    expect(chunks.map((it) => [it.ordinal, it.startLine, it.endLine, it.overlap, it.text])).to.deep.equal([
      [1, 1, 10, 0, 'grey'],
      [2, 11, 20, 3, 'blue'],
      [3, 21, 30, 3, 'green'],
    ])
    expect(chunks.map((it) => it.id).slice(1)).to.deep.equal([blue, green])
    expect(await books().search('green')).to.deep.equal([green])
    expect(await books().search('red')).to.deep.equal([])
    expect(await books().store.vectorsOfChunks(version.id, [red!, blue!, green!])).to.deep.equal(vectors)
    expect([...(await books().store.seqsWhere(version.id, []))]).to.deep.equal([seqs[1], seqs[2]])
    expect(await books().store.countPending(books().id, version.id)).to.equal(1)
  })
  it('tells repeated chunks of one document apart', async () => {
    await books().put({id: 'a', texts: ['red', 'red', 'red']})
    const ids = await books().chunkIds('a')
    expect(new Set(ids).size).to.equal(3)
    expect(await books().put({id: 'a', texts: ['red', 'red']})).to.include({chunksKept: 2, chunksDeleted: 1})
    expect(await books().chunkIds('a')).to.deep.equal(ids.slice(0, 2))
  })
  it('replaces all chunks when the title changes, though the text is the same', async () => {
    await books().put({id: 'a', texts: ['red'], title: 'Old'})
    const before = await books().chunkIds('a')
    const receipt = await books().put({id: 'a', texts: ['red'], title: 'New'})
    expect(receipt).to.include({updated: 1, chunksAdded: 1, chunksKept: 0, chunksDeleted: 1})
    expect(await books().chunkIds('a')).to.not.deep.equal(before)
    expect(await books().search('old')).to.deep.equal([])
    expect(await books().search('new')).to.deep.equal(await books().chunkIds('a'))
  })
  it('takes a change of language for a change', async () => {
    await books().put({id: 'a', texts: ['red']})
    expect(await books().put({id: 'a', texts: ['red'], language: 'de'})).to.include({
      updated: 1,
      chunksAdded: 1,
    })
  })
  it('updates metadata alone, keeping the chunks', async () => {
    await books().put({id: 'a', texts: ['red', 'blue'], metadata: {year: 1}, chunkMetadata: [{own: 'x'}]})
    const version = await books().version()
    const ids = await books().chunkIds('a')
    const receipt = await books().put({
      id: 'a',
      texts: ['red', 'blue'],
      metadata: {year: 2},
      chunkMetadata: [{year: 3}],
    })
    expect(receipt).to.include({
      updated: 1,
      chunksAdded: 0,
      chunksKept: 2,
      chunksDeleted: 0,
      version: version + 1,
    })
    expect(await books().chunkIds('a')).to.deep.equal(ids)
    expect((await books().chunks('a')).map((it) => it.metadata)).to.deep.equal([{year: 3}, {year: 2}])
    expect((await books().store.getDocument(books().id, 'a'))?.metadata).to.deep.equal({year: 2})
  })
  it('gives every chunk a new row when asked for a fresh start', async () => {
    await books().put({id: 'a', texts: ['red', 'blue']})
    const before = await books().chunkIds('a')
    const fresh = {...puts({id: 'a', texts: ['red', 'blue']}), fresh: true}
    const receipt = await books().store.commit(books().id, fresh, books().lease)
    expect(receipt).to.include({updated: 1, unchanged: 0, chunksAdded: 2, chunksKept: 0, chunksDeleted: 2})
    const after = await books().chunkIds('a')
    expect(after.filter((id) => before.includes(id))).to.deep.equal([])
    expect((await books().search('red', 'blue')).sort()).to.deep.equal(after.sort())
  })
  it('holds two documents of equal text apart; removing one leaves the other', async () => {
    const receipt = await books().put({id: 'a', texts: ['red']}, {id: 'b', texts: ['red']})
    expect(receipt).to.include({added: 2, chunksAdded: 2})
    const [b] = await books().chunkIds('b')
    expect(await books().remove('a')).to.include({removed: 1, chunksDeleted: 1})
    expect(await books().search('red')).to.deep.equal([b])
    expect(await books().chunks('b')).to.have.length(1)
    expect((await books().remove('a')).removed).to.equal(0)
  })
  it('brings a removed document back to life, chunks and all, once', async () => {
    await books().put({id: 'a', texts: ['red', 'blue'], title: 'T'})
    await books().remove('a')
    expect(await books().store.getDocument(books().id, 'a')).to.equal(undefined)
    const version = await books().version()
    expect(await books().put({id: 'a', texts: ['red', 'blue'], title: 'T'})).to.include({
      added: 1,
      version: version + 1,
    })
    const ids = await books().chunkIds('a')
    expect(ids).to.have.length(2)
    expect((await books().search('red', 'blue')).sort()).to.deep.equal([...ids].sort())
    expect(await books().store.countCorpus(books().id)).to.include({documents: 1, chunks: 2})
    expect((await books().store.listDocuments(books().id, {})).total).to.equal(1)
  })
  it('never shows a soft-deleted chunk', async () => {
    const {store, id} = books()
    const version = await books().liveVersion()
    await books().put({id: 'a', texts: ['red', 'green']}, {id: 'b', texts: ['green']})
    await books().embedAll(version.id)
    const [red, green] = await books().chunkIds('a')
    const [other] = await books().chunkIds('b')
    const seqs = await store.seqsWhere(version.id, [])
    const documentB = (await store.getDocument(id, 'b'))!.id
    await books().remove('b')
    await books().put({id: 'a', texts: ['green', 'grey']})
    const all = [red!, green!, other!]
    expect(await books().search('red', 'green')).to.deep.equal([green])
    expect([...(await store.scoreKeywords(id, ['red', 'green'], all)).keys()]).to.deep.equal([green])
    expect((await store.readChunks(all)).map((it) => it.id)).to.deep.equal([green])
    expect(await store.documentChunks(documentB)).to.deep.equal([])
    const pending = await store.pendingChunks(id, undefined, {afterId: 0, limit: 100})
    expect(pending.map((it) => it.input.text)).to.deep.equal(['green', 'grey'])
    expect(await store.countPending(id, version.id)).to.equal(1)
    expect((await denseVectors(store, version.id)).map(([seq]) => seq)).to.deep.equal([seqs[1]])
    expect([...(await store.seqsWhere(version.id, []))]).to.deep.equal([seqs[1]])
    expect([...(await store.chunksOfSeqs(version.id, [...seqs]))]).to.deep.equal([[seqs[1], green]])
    expect([...(await store.vectorsOfChunks(version.id, all)).keys()]).to.deep.equal([green])
    expect(await store.vectorSpan(version.id, {from: 0, to: 1000})).to.deep.equal({
      count: 1,
      lastSeq: seqs[1],
    })
    expect(await store.countCorpus(id)).to.include({
      documents: 1,
      chunks: 2,
      vectors: 1,
      pending: 1,
      deletedChunks: 2,
    })
    expect((await store.listSources(id)).map((it) => it.docId)).to.deep.equal(['a'])
  })
}

function vectorsWithDocuments(books: Books): void {
  it('stores vectors that come with a document, and finds the same batch unchanged', async () => {
    const version = await books().liveVersion()
    const sketch = {id: 'a', texts: ['red', 'blue'], vectors: [vectorOf(1), vectorOf(2)]}
    await books().put(sketch)
    const before = await snapshot(books())
    expect(await denseVectors(books().store, version.id)).to.have.length(2)
    expect(await books().store.countPending(books().id, version.id)).to.equal(0)
    expect(await books().put(sketch)).to.include({unchanged: 1, updated: 0})
    expect(await snapshot(books())).to.deep.equal(before)
  })
  it('keeps no hold of a vector that came with a document', async () => {
    const version = await books().liveVersion()
    const given = vectorOf(1)
    await books().put({id: 'a', texts: ['red'], vectors: [given]})
    given.fill(9)
    const [id] = await books().chunkIds('a')
    expect((await books().store.vectorsOfChunks(version.id, [id!])).get(id!)).to.deep.equal(vectorOf(1))
  })
  it('adds a vector to a chunk that has none, and puts another in place of the one there', async () => {
    const version = await books().liveVersion()
    await books().put({id: 'a', texts: ['red']})
    const [id] = await books().chunkIds('a')
    const seqs: number[] = []
    for (const n of [1, 2]) {
      const before = await books().version()
      const receipt = await books().put({id: 'a', texts: ['red'], vectors: [vectorOf(n)]})
      expect(receipt).to.include({updated: 1, chunksKept: 1, version: before + 1})
      expect((await books().store.vectorsOfChunks(version.id, [id!])).get(id!)).to.deep.equal(vectorOf(n))
      seqs.push(...(await books().store.seqsWhere(version.id, [])))
    }
    expect(seqs).to.have.length(2)
    expect(seqs[1]).to.be.greaterThan(seqs[0]!)
  })
  it('changes nothing when one vector of the batch has the wrong width', async () => {
    await books().liveVersion()
    await books().put({id: 'a', texts: ['red']})
    const before = await snapshot(books())
    const bad = puts(
      {id: 'a', texts: ['green'], vectors: [vectorOf(1)]},
      {id: 'b', texts: ['blue', 'grey'], vectors: [vectorOf(1), vectorOf(1, 3)]},
    )
    const all = {...bad, remove: ['a'], touch: [{docId: 'a', source: {source: '/x'}}]}
    await rejects(books().store.commit(books().id, all, books().lease), 'DIMENSION_MISMATCH')
    expect(await snapshot(books())).to.deep.equal(before)
    expect(await books().put({id: 'c', texts: ['red']})).to.include({added: 1})
  })
  it('refuses vectors when there is no live version to put them in', async () => {
    await books().addVersion()
    const before = await snapshot(books())
    await rejects(books().put({id: 'a', texts: ['red'], vectors: [vectorOf(1)]}), 'NO_VECTORS')
    expect(await snapshot(books())).to.deep.equal(before)
  })
  it('gives the vectors of a chunk that comes back new seqs', async () => {
    const version = await books().liveVersion()
    await books().put({id: 'a', texts: ['red', 'blue']})
    const {seqs} = await books().embedAll(version.id)
    const before = (await denseVectors(books().store, version.id)).map((row) => row.slice(1))
    await books().remove('a')
    expect(await denseVectors(books().store, version.id)).to.deep.equal([])
    await books().put({id: 'a', texts: ['red', 'blue']})
    const after = await denseVectors(books().store, version.id)
    expect(after.map((row) => row.slice(1))).to.have.deep.members(before)
    expect(Math.min(...after.map(([seq]) => seq!))).to.be.greaterThan(Math.max(...seqs))
    expect(await books().store.countPending(books().id, version.id)).to.equal(0)
    // The same within a document that lives on: a chunk that goes and comes back.
    await books().put({id: 'a', texts: ['red']})
    await books().put({id: 'a', texts: ['red', 'blue']})
    const [first, second] = await denseVectors(books().store, version.id)
    expect(second![0]).to.be.greaterThan(Math.max(first![0]!, ...after.map(([seq]) => seq!)))
  })
}

function reading(books: Books, tested: Tested): void {
  it('tells all of a document', async () => {
    const {store, id} = books()
    const createdAtMs = tested().clock.now()
    const sketch = {
      id: 'dir/ä.md',
      texts: ['red', 'blue'],
      title: 'T',
      language: 'de',
      metadata: {n: 1.5, t: ['x', true, null]},
    }
    await books().put(sketch)
    const put = documentPut(sketch)
    const document = (await store.getDocument(id, 'dir/ä.md'))!
    const {docId, docHash, title, language, source, metadata} = put
    const common = {docId, docHash, title, language, source, metadata, createdAtMs}
    expect(document).to.deep.equal({id: document.id, ...common, chunks: 2, updatedAtMs: createdAtMs})
    tested().clock.advance(1000)
    await books().put({...sketch, metadata: {}})
    const updated = await store.getDocument(id, 'dir/ä.md')
    expect(updated).to.include({id: document.id, createdAtMs, updatedAtMs: createdAtMs + 1000})
    const [chunk] = await books().chunks('dir/ä.md')
    const {vector: _vector, inputHash: _hash, terms: _terms, ...shown} = put.chunks[0]!
    const own = {id: chunk!.id, documentId: document.id, docId, title, language, metadata: {}}
    expect(chunk).to.deep.equal({...shown, ...own})
  })
  it('lists documents by code point, in pages, with the count of all', async () => {
    const ids = ['\u{1F600}', '\uFB00', 'b', 'B', 'a/1', 'a']
    await books().put(...ids.map((id) => ({id, texts: []})))
    const sorted = ['B', 'a', 'a/1', 'b', '\uFB00', '\u{1F600}']
    const page = async (options: object): Promise<unknown> => {
      const {documents, total} = await books().store.listDocuments(books().id, options)
      return [documents.map((it) => it.docId), total]
    }
    expect(await page({})).to.deep.equal([sorted, 6])
    expect(await page({limit: 2, offset: 1})).to.deep.equal([sorted.slice(1, 3), 6])
    expect(await page({offset: 5})).to.deep.equal([sorted.slice(5), 6])
    expect(await page({limit: 0})).to.deep.equal([[], 6])
    expect((await books().store.listSources(books().id)).map((it) => it.docId)).to.deep.equal(sorted)
  })
  it('reads chunks by id in the order asked, and by place in a document', async () => {
    await books().put({id: 'a', texts: ['one', 'two', 'three', 'four']})
    const [one, two, three] = await books().chunkIds('a')
    const read = await books().store.readChunks([three!, 999_999, one!, two!])
    expect(read.map((it) => it.id)).to.deep.equal([three, one, two])
    const {id} = (await books().store.getDocument(books().id, 'a'))!
    const middle = await books().store.documentChunks(id, {from: 2, to: 3})
    expect(middle.map((it) => it.text)).to.deep.equal(['two', 'three'])
  })
  it('keeps corpora apart', async () => {
    const other = await openCorpus(books().store, 'others', 2)
    await books().put({id: 'a', texts: ['red']})
    await other.put({id: 'a', texts: ['blue']})
    expect((await books().chunks('a')).map((it) => it.text)).to.deep.equal(['red'])
    await other.remove('a')
    expect(await books().search('red', 'blue')).to.deep.equal(await books().chunkIds('a'))
    const [mine] = await books().chunkIds('a')
    expect(await other.store.scoreKeywords(other.id, ['red'], [mine!])).to.deep.equal(new Map())
  })
}
