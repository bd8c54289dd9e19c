import {expect} from 'chai'
import type {EmbedInput, EmbeddingVersion, VectorKind, VectorPut} from '../../../src/lib/model/embedding.js'
import {
  collect,
  denseVectors,
  documentPut,
  eachOpens,
  identity,
  openCorpus,
  rejects,
  snapshot,
  vectorOf,
  WHOLE,
  type DocumentSketch,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

/** What every `VectorStore` promises. */
export function vectorStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: VectorStore`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    beforeEach(async () => {
      books = await openCorpus(tested().store)
    })
    versions(() => books)
    pending(() => books)
    samples(() => books)
    describe('commitVectors', () => committing(() => books))
    reading(() => books)
  })
}

type Books = () => WrittenCorpus
const put = (chunkId: number, kind: VectorKind, vector: Float32Array): VectorPut => ({chunkId, kind, vector})

function versions(books: Books): void {
  it('numbers versions from 1 within a corpus and keeps all that it was told', async () => {
    const {store, id, lease} = books()
    const other = await openCorpus(store, 'others', 2)
    await other.addVersion()
    const modelFile = {file: 'm', sizeBytes: 3, sha256: 'ab'}
    const first = await store.addEmbeddingVersion(id, identity({modelFile, fittedChunks: 7}), lease)
    const second = await books().addVersion({fingerprint: 'f2'})
    expect(first).to.deep.include({
      ...identity(),
      modelFile,
      fittedChunks: 7,
      number: 1,
      state: 'building',
      corpusId: id,
    })
    expect(second).to.include({number: 2, state: 'building', fingerprint: 'f2'})
    expect(second).to.not.have.any.keys('modelFile', 'fittedChunks')
    expect(await store.listEmbeddingVersions(id)).to.deep.equal([first, second])
  })
  it('makes one version live at a time, retires the one before, and can go back', async () => {
    const {store, id, lease} = books()
    const states = async (): Promise<string[]> =>
      (await store.listEmbeddingVersions(id)).map((it) => it.state)
    const first = await books().addVersion()
    const second = await books().addVersion()
    const version = await books().version()
    await store.setLiveVersion(first.id, lease)
    expect(await states()).to.deep.equal(['live', 'building'])
    expect(await books().version()).to.be.greaterThan(version)
    await store.setLiveVersion(second.id, lease)
    expect(await states()).to.deep.equal(['retired', 'live'])
    await store.setLiveVersion(first.id, lease)
    expect(await states()).to.deep.equal(['live', 'retired'])
  })
  it('keeps the version before when that was asked, then or when the new one was made', async () => {
    const {store, id, lease, corpus} = books()
    const marks = async (): Promise<unknown[]> =>
      (await store.listEmbeddingVersions(id)).map(({state, kept, keepsOld}) => [state, kept, keepsOld])
    const first = await books().liveVersion()
    const second = await books().addVersion({keepsOld: true})
    expect(second.keepsOld).to.equal(true)
    await store.setLiveVersion(second.id, lease)
    expect(await marks()).to.deep.equal([
      ['retired', true, undefined],
      ['live', undefined, undefined],
    ])
    const settings = {...corpus.settings, model: 'external:other'}
    await store.setLiveVersion(first.id, lease, {keepOld: true, settings})
    expect(await marks()).to.deep.equal([
      ['live', undefined, undefined],
      ['retired', true, undefined],
    ])
    expect((await store.getCorpus(corpus.name))!.settings).to.deep.equal(settings)
    await books().liveVersion()
    expect((await marks())[0]).to.deep.equal(['retired', undefined, undefined])
  })
  it('does not make a version live that lacks vectors, unless that is allowed', async () => {
    const {store, id, lease} = books()
    await books().put({id: 'a', texts: ['red', 'blue']})
    const version = await books().addVersion()
    const [red, blue] = await books().chunkIds('a')
    await books().embed(version.id, [red!])
    const before = await snapshot(books())
    await rejects(store.setLiveVersion(version.id, lease), 'INTERNAL')
    expect(await snapshot(books())).to.deep.equal(before)
    await store.setLiveVersion(version.id, lease, {allowPending: true})
    expect((await store.listEmbeddingVersions(id))[0]?.state).to.equal('live')
    const next = await books().addVersion()
    await store.commitVectors(next.id, [put(red!, 'empty', new Float32Array(0))], lease)
    await store.commitVectors(next.id, [put(blue!, 'dummy', new Float32Array(4))], lease)
    await store.setLiveVersion(next.id, lease)
  })
  it('drops a version with its vectors and segments, but never the live one', async () => {
    const {store, id, lease} = books()
    await books().put({id: 'a', texts: ['red', 'blue']})
    const old = await books().liveVersion()
    const {seqs} = await books().embedAll(old.id)
    const range = {firstSeq: seqs[0]!, lastSeq: seqs[1]!, dimension: 4, count: 2}
    const segment = {...range, versionId: old.id, file: 's', sizeBytes: 1, sha256: 'ab'}
    await store.publishSegments(old.id, {add: [segment], drop: []}, lease)
    await rejects(store.dropEmbeddingVersion(old.id, lease), 'INTERNAL')
    expect(await denseVectors(store, old.id)).to.have.length(2)
    const next = await books().liveVersion()
    await books().embedAll(next.id)
    await store.dropEmbeddingVersion(old.id, lease)
    expect((await store.listEmbeddingVersions(id)).map((it) => it.id)).to.deep.equal([next.id])
    expect(await denseVectors(store, old.id)).to.deep.equal([])
    expect(await store.listSegments(old.id)).to.deep.equal([])
    expect(await denseVectors(store, next.id)).to.have.length(2)
    expect(await store.countCorpus(id)).to.include({chunks: 2, vectors: 2, pending: 0})
  })
}

function pending(books: Books): void {
  it('pages through pending chunks by id, with all that an embedder sees', async () => {
    const {store, id} = books()
    const sketch = {id: 'a', texts: ['1', '2', '3', '4', '5'], title: 'T', language: 'de'}
    await books().put(sketch)
    const version = await books().addVersion()
    const ids = await books().chunkIds('a')
    await books().embed(version.id, [ids[1]!])
    const page = async (afterId: number, versionId?: number): Promise<number[]> =>
      (await store.pendingChunks(id, versionId, {afterId, limit: 2})).map((it) => it.chunkId)
    expect(await page(0, version.id)).to.deep.equal([ids[0], ids[2]])
    expect(await page(ids[2]!, version.id)).to.deep.equal([ids[3], ids[4]])
    expect(await page(ids[4]!, version.id)).to.deep.equal([])
    expect(await page(ids[0]!)).to.deep.equal([ids[1], ids[2]])
    expect(await store.countPending(id, version.id)).to.equal(4)
    const [first] = await store.pendingChunks(id, version.id, {afterId: 0, limit: 1})
    const {inputHash} = documentPut(sketch).chunks[0]!
    const input = {text: '1', title: 'T', heading: ['Part', 'Section'], language: 'de', docId: 'a'}
    expect(first).to.deep.equal({chunkId: ids[0], inputHash, input})
  })
  it('lists and replaces placeholders when asked, under new seqs; nothing else is replaced', async () => {
    const {store, id, lease} = books()
    await books().put({id: 'a', texts: ['1', '2', '3', '4']})
    const version = await books().liveVersion()
    const [one, two, three, four] = await books().chunkIds('a')
    const dummy = (chunkId: number): VectorPut => put(chunkId, 'dummy', new Float32Array(4))
    const stored = await store.commitVectors(
      version.id,
      [put(one!, 'dense', vectorOf(1)), dummy(two!), dummy(three!)],
      lease,
    )
    const missing = async (dummies: boolean): Promise<number[]> =>
      (await store.pendingChunks(id, version.id, {afterId: 0, limit: 9, dummies})).map((it) => it.chunkId)
    expect([await missing(false), await missing(true)]).to.deep.equal([[four], [two, three, four]])
    expect(await store.countPending(id, version.id, {dummies: true})).to.equal(3)
    expect(await store.countCorpus(id)).to.include({vectors: 1, dummy: 2, pending: 1})
    const before = await books().version()
    const block = await store.commitVectors(
      version.id,
      [
        dummy(two!),
        put(one!, 'dense', vectorOf(9)),
        put(two!, 'dense', vectorOf(2)),
        put(three!, 'empty', new Float32Array(0)),
      ],
      lease,
    )
    expect([...block.vectors]).to.deep.equal([...vectorOf(2)])
    expect(block.seqs[0]).to.be.greaterThan(stored.seqs[0]!)
    expect(await books().version()).to.be.greaterThan(before)
    expect(await store.countCorpus(id)).to.include({vectors: 2, dummy: 0, pending: 1})
    expect((await store.vectorsOfChunks(version.id, [one!])).get(one!)).to.deep.equal(vectorOf(1))
    expect(await missing(true)).to.deep.equal([four])
  })
  it('counts every kind of vector as done, in its own version only', async () => {
    const {store, id, lease} = books()
    await books().put({id: 'a', texts: ['1', '2', '3']})
    const version = await books().liveVersion()
    const next = await books().addVersion()
    const [one, two, three] = await books().chunkIds('a')
    const block = await store.commitVectors(
      version.id,
      [
        put(one!, 'empty', new Float32Array(0)),
        put(two!, 'dense', vectorOf(2)),
        put(three!, 'dummy', new Float32Array(4)),
      ],
      lease,
    )
    expect(await store.countPending(id, version.id)).to.equal(0)
    expect(await store.countPending(id, next.id)).to.equal(3)
    expect([block.seqs.length, [...block.vectors]]).to.deep.equal([1, [...vectorOf(2)]])
    expect(await denseVectors(store, version.id)).to.deep.equal([[block.seqs[0], ...vectorOf(2)]])
    expect(await store.seqsWhere(version.id, [])).to.deep.equal(block.seqs)
    expect([...(await store.vectorsOfChunks(version.id, [one!, two!, three!])).keys()]).to.deep.equal([two])
    expect((await store.vectorSpan(version.id, WHOLE)).count).to.equal(1)
    const {chunks} = documentPut({id: 'a', texts: ['1', '2', '3']})
    const hashes = chunks.map((it) => it.inputHash)
    expect([...(await store.findVectors(version.id, hashes)).keys()]).to.deep.equal([hashes[1]])
  })
}

function samples(books: Books): void {
  it('samples inputs by content alone, whatever the order, batches and ids they came by', async () => {
    const texts = Array.from({length: 40}, (_, i) => `text ${i * 7} of ${i % 5}`)
    const sketches = texts.map((text, i): DocumentSketch => ({
      id: `d${i}`,
      texts: [text, 'repeated'],
      title: `t${i % 3}`,
    }))
    await books().put(...sketches)
    const other = await openCorpus(books().store, 'others', 2)
    await other.put({id: 'gone', texts: ['gone']}, {id: 'd7', texts: ['other', 'text']})
    await other.remove('gone', 'd7')
    const shuffled = sketches.map((_, i) => sketches[(i * 17) % sketches.length]!)
    for (const sketch of shuffled) await other.put({...sketch, id: `x/${sketch.id}`})
    const sample = async (corpus: WrittenCorpus, limit: number): Promise<EmbedInput[]> =>
      (await collect(corpus.store.sampleInputs(corpus.id, limit))).flat()
    const all = await sample(books(), 1000)
    expect(all).to.have.length(80)
    expect(await sample(other, 1000)).to.deep.equal(all)
    const some = await sample(books(), 13)
    expect(some).to.have.length(13)
    expect(await sample(other, 13)).to.deep.equal(some)
    expect(await sample(books(), 0)).to.deep.equal([])
  })
}

function committing(books: Books): void {
  let version: EmbeddingVersion
  beforeEach(async () => {
    await books().put({id: 'a', texts: ['1', '2', '3']}, {id: 'b', texts: ['4', '5', '6']})
    version = await books().liveVersion()
  })

  it('refuses a batch whole when one vector has the wrong width', async () => {
    const [one, two] = await books().chunkIds('a')
    const before = await snapshot(books())
    for (const bad of [
      put(two!, 'dense', vectorOf(2, 5)),
      put(two!, 'dummy', vectorOf(2, 3)),
      put(two!, 'dense', vectorOf(2, 0)),
    ]) {
      const both = [put(one!, 'dense', vectorOf(1)), bad]
      await rejects(books().store.commitVectors(version.id, both, books().lease), 'DIMENSION_MISMATCH')
    }
    expect(await snapshot(books())).to.deep.equal(before)
  })
  it('passes over chunks that have a vector, are gone, or are of another corpus', async () => {
    const {store, lease} = books()
    const other = await openCorpus(store, 'others', 2)
    await other.put({id: 'a', texts: ['red']})
    const [foreign] = await other.chunkIds('a')
    const [one, two] = await books().chunkIds('a')
    const [gone] = await books().chunkIds('b')
    await books().remove('b')
    await books().embed(version.id, [one!])
    const wanted = [one!, gone!, 123_456, foreign!, two!, two!]
    const vectors = wanted.map((chunkId, i) => put(chunkId, 'dense', vectorOf(100 + i)))
    const block = await store.commitVectors(version.id, vectors, lease)
    expect([...block.vectors]).to.deep.equal([...vectorOf(104)])
    const stored = await store.vectorsOfChunks(version.id, wanted)
    expect(stored).to.deep.equal(
      new Map([
        [one, vectorOf(one!)],
        [two, vectorOf(104)],
      ]),
    )
    expect(await store.countPending(other.id, version.id)).to.equal(1)
  })
  it('raises the corpus version when it stores into the live version, and only then', async () => {
    const [one, two] = await books().chunkIds('a')
    const before = await books().version()
    await books().embed(version.id, [one!])
    const after = await books().version()
    expect(after).to.be.greaterThan(before)
    const block = await books().embed(version.id, [one!])
    expect([block.seqs.length, block.vectors.length]).to.deep.equal([0, 0])
    await books().embed(version.id, [])
    const building = await books().addVersion()
    await books().embed(building.id, [two!])
    expect(await books().version()).to.equal(after)
  })
  it('hands out seqs in ascending order and never again, whatever was deleted', async () => {
    const {store, lease, id} = books()
    const [one, two, three] = await books().chunkIds('a')
    const first = [...(await books().embed(version.id, [three!, one!])).seqs]
    expect(first[1]).to.be.greaterThan(first[0]!)
    expect([...(await store.chunksOfSeqs(version.id, first))]).to.have.deep.members([
      [first[0], three],
      [first[1], one],
    ])
    await store.purgeDocuments(id, ['a'], lease)
    const [four, five] = await books().chunkIds('b')
    const [second] = (await books().embed(version.id, [four!])).seqs
    expect(second).to.be.greaterThan(first[1]!)
    const next = await books().liveVersion()
    await store.dropEmbeddingVersion(version.id, lease)
    const [third] = (await books().embed(next.id, [five!, two!])).seqs
    expect(third).to.be.greaterThan(second!)
    await store.deleteCorpus(id, lease)
    const other = await openCorpus(store, 'others', 2)
    await other.put({id: 'a', texts: ['red']})
    const [fourth] = (await other.embedAll((await other.liveVersion()).id)).seqs
    expect(fourth).to.be.greaterThan(third!)
  })
  it('keeps no hold of the buffers it was given or gave, and takes views of larger ones', async () => {
    const {store, lease} = books()
    const [one] = await books().chunkIds('a')
    const large = Float32Array.from({length: 16}, (_, i) => i)
    const view = large.subarray(5, 9)
    const block = await store.commitVectors(version.id, [put(one!, 'dense', view)], lease)
    expect([...block.vectors]).to.deep.equal([5, 6, 7, 8])
    large.fill(-1)
    block.vectors.fill(-2)
    for (let i = 0; i < 2; i++) {
      const {inputHash} = documentPut({id: 'a', texts: ['1']}).chunks[0]!
      const vectors = [
        (await store.vectorsOfChunks(version.id, [one!])).get(one!)!,
        (await store.findVectors(version.id, [inputHash])).get(inputHash)!,
        (await collect(store.readVectors(version.id, WHOLE, 10)))[0]!.vectors,
      ]
      for (const vector of vectors) {
        expect(vector).to.deep.equal(Float32Array.of(5, 6, 7, 8))
        vector.fill(9)
      }
    }
  })
}

function reading(books: Books): void {
  it('reads a range of seqs in blocks, and spans it', async () => {
    const {store} = books()
    await books().put({id: 'a', texts: ['1', '2', '3', '4', '5', '6', '7']}, {id: 'b', texts: ['8']})
    const version = await books().liveVersion()
    const ids = await books().chunkIds('a')
    const seqs = [...(await books().embed(version.id, ids)).seqs]
    await books().put({id: 'a', texts: ['1', '2', '4', '5', '6', '7']})
    const range = {from: seqs[1]!, to: seqs[5]!}
    const blocks = await collect(store.readVectors(version.id, range, 2))
    expect(blocks.map((it) => [...it.seqs])).to.deep.equal([
      [seqs[1], seqs[3]],
      [seqs[4], seqs[5]],
    ])
    expect([...blocks[1]!.vectors]).to.deep.equal([...vectorOf(ids[4]!), ...vectorOf(ids[5]!)])
    expect(await store.vectorSpan(version.id, range)).to.deep.equal({count: 4, lastSeq: seqs[5]})
    const beyond = {from: seqs[6]! + 1, to: WHOLE.to}
    expect(await store.vectorSpan(version.id, beyond)).to.deep.equal({count: 0, lastSeq: 0})
    expect(await collect(store.readVectors(version.id, beyond, 2))).to.deep.equal([])
    expect((await store.chunksOfSeqs(version.id, [...seqs, 9999])).size).to.equal(6)
    expect((await store.chunksOfSeqs(version.id, [])).size).to.equal(0)
  })
  it('finds vectors by input hash, of live chunks and of deleted ones, in the version asked', async () => {
    const {store} = books()
    const sketch = {id: 'a', texts: ['1', '2', '3']}
    await books().put(sketch, {id: 'b', texts: ['1']})
    const version = await books().liveVersion()
    const other = await books().addVersion()
    const ids = await books().chunkIds('a')
    await books().embed(version.id, ids.slice(0, 2))
    await books().put({id: 'a', texts: ['1']})
    const [one, two, three] = documentPut(sketch).chunks.map((it) => it.inputHash)
    const found = await store.findVectors(version.id, [three!, two!, one!, 'f'.repeat(64)])
    expect(found).to.have.all.keys(one!, two!)
    expect(found.get(two!)).to.deep.equal(vectorOf(ids[1]!))
    expect((await store.findVectors(other.id, [one!])).size).to.equal(0)
    expect((await store.findVectors(version.id, [])).size).to.equal(0)
  })
}
