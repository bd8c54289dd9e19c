import {expect} from 'chai'
import type {PurgeWork, Remains} from '../../../src/lib/ports/store/purge-log.js'
import {
  denseVectors,
  eachOpens,
  openCorpus,
  rejects,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

const WORK: PurgeWork = {documents: ['aa'], cacheKeys: ['bb', 'cc'], needles: new Uint8Array([1, 2, 3])}

/** What every `PurgeLog` promises. */
export function purgeLogContract(name: string, open: OpenStore): void {
  describe(`${name}: PurgeLog`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    beforeEach(async () => {
      books = await openCorpus(tested().store)
    })
    remains(() => books)
    listing(() => books)
    rows(() => books)
    content(() => books)
  })
}

function remains(books: () => WrittenCorpus): void {
  it('reads all that is left of documents: older versions, softly deleted ones, vectors of every version', async () => {
    const live = await books().liveVersion()
    const building = await books().addVersion()
    await books().put(
      {id: 'a', texts: ['red', 'green'], title: 'T', metadata: {k: 1}, chunkMetadata: [{c: 'x'}, undefined]},
      {id: 'gone', texts: ['blue']},
      {id: 'other', texts: ['red']},
    )
    await books().embedAll(live.id)
    await books().embedAll(building.id)
    await books().put({id: 'a', texts: ['red', 'grey'], title: 'T', metadata: {k: 2}})
    await books().remove('gone')
    const found: Remains[] = []
    for await (const page of books().store.readRemains(books().id, ['gone', 'a', 'nobody'])) found.push(page)
    expect(found.map(({docId, title, language}) => [docId, title, language])).to.deep.equal([
      ['a', 'T', 'en'],
      ['gone', '', 'en'],
    ])
    expect(found.map(({metadata}) => metadata)).to.deep.equal([{k: 2}, {}])
    const texts = found.map(({chunks}) => chunks.map(({text, vectors}) => [text, vectors.length]))
    expect(texts).to.deep.equal([
      [
        ['red', 2],
        ['green', 2],
        ['grey', 0],
      ],
      [['blue', 2]],
    ])
    expect(found[0]!.chunks[0]!.heading).to.deep.equal(['Part', 'Section'])
    const stored = (await denseVectors(books().store, live.id)).map(([, ...vector]) => vector)
    expect(stored).to.deep.include([...found[0]!.chunks[0]!.vectors[0]!])
  })
  it('reads a document of many chunks a page at a time, and one without any', async () => {
    await books().put(
      {id: 'long', texts: Array.from({length: 600}, (_, i) => `text ${i}`)},
      {id: 'none', texts: []},
    )
    const found: Remains[] = []
    for await (const page of books().store.readRemains(books().id, ['long', 'none'])) found.push(page)
    expect(found.filter(({docId}) => docId === 'long').flatMap(({chunks}) => chunks)).to.have.length(600)
    expect(found.filter(({docId}) => docId === 'none').map(({chunks}) => chunks)).to.deep.equal([[]])
  })
}

function listing(books: () => WrittenCorpus): void {
  it('lists what a purge left to be done, until it is finished', async () => {
    const {store, id, lease} = books()
    const live = await books().liveVersion()
    const other = await openCorpus(store, 'others', 2)
    await books().put({id: 'a', texts: ['red', 'green']}, {id: 'b', texts: ['blue']})
    const seqs = [...(await books().embedAll(live.id)).seqs]
    await other.put({id: 'theirs', texts: ['pink']})
    await store.purgeDocuments(id, ['b'], lease)
    expect(await store.pendingPurges()).to.deep.equal([])
    const {seqs: gone} = await store.purgeDocuments(id, ['a'], lease, WORK)
    expect([...gone].sort((x, y) => x - y)).to.deep.equal(seqs.slice(0, 2))
    await store.purgeDocuments(other.id, ['theirs'], other.lease, {...WORK, documents: ['dd']})
    const [purge, theirs, ...more] = await store.pendingPurges()
    expect(more).to.deep.equal([])
    expect(purge).to.deep.include({
      corpusId: id,
      documents: ['aa'],
      cacheKeys: ['bb', 'cc'],
      seqs: seqs.slice(0, 2),
      removed: {documents: 1, chunks: 2, vectors: 2},
    })
    expect([...purge!.needles]).to.deep.equal([1, 2, 3])
    expect((await store.pendingPurges(id)).map((it) => it.id)).to.deep.equal([purge!.id])
    await rejects(store.finishPurge(theirs!, lease), 'LEASE_LOST')
    await store.finishPurge({id: theirs!.id, corpusId: id}, lease)
    expect(await store.pendingPurges()).to.have.length(2)
    await store.finishPurge(purge!, lease)
    await store.finishPurge(purge!, lease)
    expect((await store.pendingPurges()).map((it) => it.id)).to.deep.equal([theirs!.id])
    await store.deleteCorpus(other.id, other.lease)
    expect(await store.pendingPurges()).to.deep.equal([])
  })
  it('names the versions whose model was learned while the documents were there', async () => {
    const {store, id, lease} = books()
    await books().liveVersion()
    const learned = await books().addVersion({fittedChunks: 2})
    await store.purgeDocuments(id, ['nobody'], lease, WORK)
    await books().put({id: 'a', texts: ['red']})
    await store.purgeDocuments(id, ['a'], lease, WORK)
    expect((await store.pendingPurges(id)).map((it) => it.learned)).to.deep.equal([[], [learned.id]])
  })
}

function rows(books: () => WrittenCorpus): void {
  it('counts vectors that have a row, softly deleted ones too', async () => {
    const {store} = books()
    const live = await books().liveVersion()
    await books().put({id: 'a', texts: ['red', 'green']}, {id: 'b', texts: ['blue']})
    const seqs = [...(await books().embedAll(live.id)).seqs]
    await books().remove('b')
    const count = (from: number, to: number): Promise<number> => store.countVectorRows(live.id, {from, to})
    expect(await count(seqs[0]!, seqs[2]!)).to.equal(3)
    expect(await count(seqs[1]!, seqs[2]!)).to.equal(2)
    await store.removeDeleted(books().id, {minRows: 0, ratio: 0}, books().lease)
    expect(await count(seqs[0]!, seqs[2]!)).to.equal(2)
  })
}

function content(books: () => WrittenCorpus): void {
  const texts = async (which: 'rows' | 'answers'): Promise<string> => {
    const found: string[] = []
    for await (const page of books().store.readStoredTexts(which))
      found.push(...page.flatMap((row) => row.texts))
    return found.join('\n')
  }
  const ask = (text: string, docId: string): Promise<number> => {
    const common = {corpus: books().corpus.name}
    const source = {n: 1, ...common, docId, chunkId: `${docId}#c0001`, lines: [1, 2] as const}
    return books().store.appendTurn(
      {id: 'talk'},
      {
        question: {...common, role: 'user', text: `who asks of ${text}?`, sources: []},
        answer: {...common, role: 'assistant', text: `answer about ${text}`, sources: [source]},
      },
    )
  }
  it('reads what rows still say, of softly deleted documents and of questions too, but nothing that was purged', async () => {
    await books().put(
      {id: 'a', texts: ['scarlet'], title: 'Titled', metadata: {k: 'valued'}, chunkMetadata: [{c: 'owned'}]},
      {id: 'soft', texts: ['emerald']},
      {id: 'hard', texts: ['turquoise'], title: 'Vanished', metadata: {k: 'absent'}},
    )
    await ask('crimson', 'a')
    await books().remove('soft')
    await books().store.purgeDocuments(books().id, ['hard'], books().lease, WORK)
    const rows = await texts('rows')
    for (const word of ['scarlet', 'Titled', 'valued', 'owned', 'emerald', 'who asks of crimson'])
      expect(rows, word).to.contain(word)
    for (const word of ['turquoise', 'Vanished', 'absent', 'answer about']) expect(rows).not.to.contain(word)
    expect(await texts('answers')).to.equal('answer about crimson')
  })
  it('reads every row, however many there are', async () => {
    const words = Array.from({length: 1201}, (_, i) => `word${i}x`)
    for (let from = 0; from < words.length; from += 400)
      await books().put({id: `d${from}`, texts: words.slice(from, from + 400)})
    const rows = await texts('rows')
    expect(words.filter((word) => !rows.includes(word))).to.deep.equal([])
  })
  it('takes the text from answers, and from nothing else', async () => {
    await books().put({id: 'a', texts: ['scarlet']})
    for (const word of ['one', 'two']) await ask(word, 'a')
    const ids: number[] = []
    for await (const page of books().store.readStoredTexts('answers'))
      ids.push(...page.filter((row) => row.texts.join().includes('one')).map(({id}) => id))
    await books().store.redactAnswers([...ids, -5, 1e12])
    const log = (await books().store.readSession('talk'))!.log
    expect(log.map(({text, redacted, sources}) => [text, redacted, sources.length])).to.deep.equal([
      ['who asks of one?', false, 0],
      ['', true, 0],
      ['who asks of two?', false, 0],
      ['answer about two', false, 1],
    ])
  })
  it('reads the terms of every keyword index, and the vectors of every row', async () => {
    const live = await books().liveVersion()
    const other = await openCorpus(books().store, 'others', 2)
    await books().put({id: 'a', texts: ['scarlet red']}, {id: 'soft', texts: ['emerald']})
    await other.put({id: 'b', texts: ['violet']})
    await books().embedAll(live.id)
    await books().remove('soft')
    const terms = new Map<number, string[]>()
    for await (const {corpusId, terms: page} of books().store.readIndexedTerms())
      terms.set(corpusId, [...(terms.get(corpusId) ?? []), ...page])
    expect(terms.get(books().id)).to.include.members(['scarlet', 'red'])
    expect(terms.get(other.id)).to.include('violet').and.not.to.include('red')
    const vectors: Float32Array[] = []
    for await (const page of books().store.readStoredVectors()) vectors.push(...page)
    expect(vectors).to.have.length(2)
    expect(vectors[0]).to.have.length(4)
  })
  it('empties its log and frees its room, and goes on', async () => {
    await books().put({id: 'a', texts: ['scarlet']})
    expect(await books().store.eraseFreed('log')).to.equal(true)
    expect(await books().store.eraseFreed('all')).to.equal(true)
    await books().put({id: 'b', texts: ['emerald']})
    expect(await books().search('emerald', 'scarlet')).to.have.length(2)
  })
}
