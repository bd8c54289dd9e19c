import {expect} from 'chai'
import fc from 'fast-check'
import {TITLE_WEIGHT} from '../../../src/lib/ports/keyword-weights.js'
import type {KeywordHit} from '../../../src/lib/ports/store/store.js'
import {
  batch,
  documentPut,
  eachOpens,
  openCorpus,
  rejects,
  type DocumentSketch,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

const CLOSE = 1e-9

/** What every `KeywordIndex` promises. */
export function keywordIndexContract(name: string, open: OpenStore): void {
  describe(`${name}: KeywordIndex`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    beforeEach(async () => {
      books = await openCorpus(tested().store)
    })
    const hits = (terms: string[], corpus = books, limit = 1000): Promise<readonly KeywordHit[]> =>
      corpus.store.searchKeywords(corpus.id, {terms, limit})
    ranking(() => books, hits)
    statistics(() => books, hits)
    removals(() => books)
    terms(() => books, hits)
  })
}

type Books = () => WrittenCorpus
type Hits = (terms: string[], corpus?: WrittenCorpus, limit?: number) => Promise<readonly KeywordHit[]>

/** Documents of one chunk each; the text is the body, what stands before the bar the title. */
const sketches = (...texts: string[]): DocumentSketch[] =>
  texts.map((text, i) => {
    const [body, title] = text.split('|').reverse()
    return {id: `d${i}`, texts: [body!], title: title ?? ''}
  })

const filler = (n: number): DocumentSketch[] =>
  Array.from({length: n}, (_, i) => ({id: `f${i}`, texts: [`filler${i} padding words`]}))

async function docIds(books: WrittenCorpus, hits: readonly KeywordHit[]): Promise<string[]> {
  return (await books.store.readChunks(hits.map((it) => it.chunkId))).map((it) => it.docId)
}

function ranking(books: Books, hits: Hits): void {
  it('ranks a term in the title above one in the body', async () => {
    await books().put(...sketches('plum|apple pear fig', 'apple|plum pear fig'), ...filler(9))
    expect(await docIds(books(), await hits(['plum']))).to.deep.equal(['d0', 'd1'])
    expect(await docIds(books(), await hits(['apple']))).to.deep.equal(['d1', 'd0'])
  })
  it('ranks more matching terms higher, and rare terms above common ones', async () => {
    await books().put(
      ...sketches('plum x y', 'plum fig y', 'apple x y', 'plum x z', 'kiwi x q'),
      ...filler(20),
    )
    expect((await docIds(books(), await hits(['plum', 'fig'])))[0]).to.equal('d1')
    expect(await docIds(books(), await hits(['plum', 'kiwi']))).to.deep.equal(['d4', 'd0', 'd1', 'd3'])
  })
  it('breaks ties by chunk id, gives positive scores and keeps the limit', async () => {
    await books().put(...sketches('plum a', 'plum b', 'plum c', 'plum d'), ...filler(9))
    const all = await hits(['plum'])
    const ids = all.map((it) => it.chunkId)
    expect(ids).to.deep.equal([...ids].sort((a, b) => a - b))
    expect(ids).to.have.length(4)
    expect(all.every((it) => it.score > 0)).to.equal(true)
    expect(await hits(['plum'], books(), 3)).to.deep.equal(all.slice(0, 3))
    expect(await hits(['plum'], books(), 0)).to.deep.equal([])
    expect(await hits([])).to.deep.equal([])
    expect(await hits(['nowhere'])).to.deep.equal([])
  })
  it('gives positive scores even for a term that stands in every chunk', async () => {
    await books().put(...sketches('plum', 'plum plum', 'plum x'))
    const all = await hits(['plum'])
    expect(all).to.have.length(3)
    expect(all.every((it) => it.score > 0)).to.equal(true)
  })
  it('scores given chunks as search does, leaving out those with none of the terms', async () => {
    await books().put(...sketches('plum|plum x', 'plum fig fig', 'fig|x y', 'x y'), ...filler(30))
    const query = ['plum', 'fig', 'absent']
    const found = await hits(query)
    const {documents} = await books().store.listDocuments(books().id, {})
    const ids = (await Promise.all(documents.map((it) => books().chunkIds(it.docId)))).flat()
    const scores = await books().store.scoreKeywords(books().id, query, [...ids, 987_654])
    expect([...scores.keys()]).to.have.members(found.map((it) => it.chunkId))
    for (const {chunkId, score} of found) expect(scores.get(chunkId)).to.be.closeTo(score, CLOSE)
    const [first] = found
    expect([
      ...(await books().store.scoreKeywords(books().id, query, [first!.chunkId])).keys(),
    ]).to.have.length(1)
    expect((await books().store.scoreKeywords(books().id, query, [])).size).to.equal(0)
    expect((await books().store.scoreKeywords(books().id, [], ids)).size).to.equal(0)
  })
  it('computes BM25 with k1 1.2, b 0.75 and the title weight', async () => {
    await books().put(...sketches('plum|plum fig fig', 'plum x y z w', 'x|y'), ...filler(7))
    const lengths = [4, 5, 2, ...Array<number>(7).fill(3)]
    const mean = lengths.reduce((a, b) => a + b) / lengths.length
    const part = (rows: number, frequency: number, length: number): number =>
      (Math.log((10 - rows + 0.5) / (rows + 0.5)) * frequency * 2.2) /
      (frequency + 1.2 * (0.25 + (0.75 * length) / mean))
    const found = await hits(['plum', 'fig'])
    expect(found).to.have.length(2)
    expect(found[0]!.score).to.be.closeTo(part(2, TITLE_WEIGHT + 1, 4) + part(1, 2, 4), CLOSE)
    expect(found[1]!.score).to.be.closeTo(part(2, 1, 5), CLOSE)
  })
}

/** Makes the keyword index anew of the same terms (in these tests a text is its own terms). */
async function makeAnew(books: WrittenCorpus): Promise<void> {
  const {store, id, lease} = books
  await store.beginKeywords(id, lease)
  const live = await store.pendingChunks(id, undefined, {afterId: 0, limit: 1000})
  const entries = live.map(({chunkId, input}) => ({chunkId, title: input.title ?? '', body: input.text}))
  await store.addKeywords(id, entries, lease)
  const settings = {model: 'lsa', chunkSize: 200, chunkOverlap: 20, dimension: 4, analyser: 'anew'}
  const published = await store.publishKeywords(id, settings, lease)
  expect(published.settings).to.deep.equal(settings)
  expect(await store.keywordsRemoved(id)).to.equal(0)
}

function statistics(books: Books, hits: Hits): void {
  it('leaves other corpora and, made anew, deleted and replaced chunks out of the statistics', async () => {
    const kept = sketches('plum x', 'plum fig y', 'z w')
    const other = await openCorpus(books().store, 'others', 2)
    await other.put(...kept, ...filler(5))
    await books().put(
      ...kept,
      ...filler(5),
      {id: 'gone', texts: ['plum fig fig fig', 'plum']},
      {id: 'purged', texts: ['fig']},
    )
    await books().put({id: 'f0', texts: ['plum fig plum fig']})
    await books().put(...filler(5))
    await books().remove('gone')
    await books().store.purgeDocuments(books().id, ['purged'], books().lease)
    await makeAnew(books())
    const mine = await hits(['plum', 'fig'])
    const theirs = await hits(['plum', 'fig'], other)
    expect(await docIds(books(), mine)).to.deep.equal(await docIds(other, theirs))
    mine.forEach(({score}, i) => expect(score).to.be.closeTo(theirs[i]!.score, CLOSE))
  })
  it('filters before it cuts to the limit', async () => {
    const many = Array.from({length: 30}, (_, i) => ({
      id: `m${i}`,
      texts: ['plum plum'],
      metadata: {keep: i >= 28},
    }))
    await books().put(...many, ...filler(3))
    const filters = [{field: 'keep', op: '=' as const, value: 'true'}]
    const found = await books().store.searchKeywords(books().id, {terms: ['plum'], limit: 5, filters})
    expect(await docIds(books(), found)).to.deep.equal(['m28', 'm29'])
  })
}

const WORDS = ['plum', 'fig', 'kiwi', 'pear']
const IDS = ['a', 'b', 'c', 'd', 'e']

type Change =
  | {readonly put: readonly DocumentSketch[]; readonly remove: readonly string[]}
  | {readonly purge: readonly string[]}

const text = fc.array(fc.constantFrom(...WORDS), {maxLength: 200}).map((words) => words.join(' '))
const sketch: fc.Arbitrary<DocumentSketch> = fc.record({
  id: fc.constantFrom(...IDS),
  title: fc.constantFrom('', 'plum', 'fig kiwi'),
  texts: fc.array(text, {minLength: 1, maxLength: 3}),
})
const ids = fc.uniqueArray(fc.constantFrom(...IDS), {maxLength: 3})
const history: fc.Arbitrary<Change[]> = fc.array(
  fc.oneof(
    {weight: 4, arbitrary: fc.record({put: fc.array(sketch, {maxLength: 4}), remove: ids})},
    {weight: 1, arbitrary: fc.record({purge: ids})},
  ),
  {minLength: 1, maxLength: 8},
)

/** Makes the changes, a transaction each, and tells what lives afterwards. */
async function live(corpus: WrittenCorpus, changes: readonly Change[]): Promise<DocumentSketch[]> {
  const {store, id, lease} = corpus
  const living = new Map<string, DocumentSketch>()
  for (const change of changes) {
    if ('purge' in change) await store.purgeDocuments(id, [...change.purge], lease)
    else await store.commit(id, batch({put: change.put.map(documentPut), remove: [...change.remove]}), lease)
    if ('put' in change) for (const put of change.put) living.set(put.id, put)
    for (const gone of 'purge' in change ? change.purge : change.remove) living.delete(gone)
  }
  return [...living.values()]
}

/** Scores of a search and of given chunks, by document and place. */
async function scoresOf(corpus: WrittenCorpus): Promise<unknown> {
  const {store, id} = corpus
  const found = await store.searchKeywords(id, {terms: WORDS, limit: 1000})
  const chunks = await store.readChunks(found.map((hit) => hit.chunkId))
  const scored = await store.scoreKeywords(
    id,
    WORDS,
    chunks.map((chunk) => chunk.id),
  )
  return new Map(
    chunks
      .map((chunk, i) => [`${chunk.docId}#${chunk.ordinal}`, found[i]!.score, scored.get(chunk.id)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, ...scores]) => [name, scores]),
  )
}

function removals(books: Books): void {
  let made = 0
  const expectFresh = async (changes: readonly Change[]): Promise<void> => {
    const {store} = books()
    const [lived, fresh] = [
      await openCorpus(store, `lived${made}`),
      await openCorpus(store, `fresh${made++}`),
    ]
    const living = await live(lived, changes)
    await fresh.put(...living)
    expect(await scoresOf(lived)).to.deep.equal(await scoresOf(fresh))
    expect((await store.checkStructure()).keywords).to.deep.equal([])
    for (const {id} of [lived, fresh]) expect(await store.checkRows(id)).to.deep.equal([])
  }
  it('scores exactly as an index that never held what was replaced, deleted or purged', async () => {
    await fc.assert(fc.asyncProperty(history, expectFresh), {numRuns: 40})
  })
  it('scores so when one transaction replaces what it added, and after an index was empty', async () => {
    const one = (id: string, ...texts: string[]): DocumentSketch => ({id, texts})
    const put = [one('a', 'plum fig'), one('b', 'fig'), one('a', 'plum kiwi pear', 'plum')]
    await expectFresh([{put, remove: ['b']}])
    await expectFresh([
      {put, remove: []},
      {put: [], remove: IDS},
      {put: [one('c', 'plum'), one('d', 'fig fig')], remove: ['d']},
    ])
    await expectFresh([{put, remove: []}, {purge: IDS}, {put: [one('c', 'plum')], remove: []}])
  })
  it('has no statistics to put right, and looks for them only under the lease', async () => {
    await live(books(), [
      {
        put: [
          {id: 'a', texts: ['plum']},
          {id: 'b', texts: ['fig']},
        ],
        remove: [],
      },
    ])
    await books().remove('a')
    const {store, id, lease} = books()
    const version = await books().version()
    expect(await store.recountKeywords(id, lease)).to.equal(false)
    expect(await books().version()).to.equal(version)
    await rejects(store.recountKeywords(id, {...lease, token: lease.token + 1}), 'LEASE_LOST')
  })
}

function terms(books: Books, hits: Hits): void {
  it('takes terms as they are, whatever they are made of', async () => {
    const odd = [
      ...[
        'snake_case',
        'a-b',
        'file.txt',
        'c#',
        'a/b',
        'me@x',
        '$var',
        '.net',
        '-x',
        '#tag',
        '_',
        'a--b',
        '@',
      ],
      ...['and', 'or', 'not', 'near', 'title', 'body', 'rank', 'rowid', 'null', '--', '/', '$1', '1.5', '0'],
      ...[
        'café',
        'cafe',
        'straße',
        'strasse',
        '日本',
        '本語',
        'हिन्दी',
        'ไทย',
        'привет',
        'ёлка',
        'елка',
        'ı',
        'i',
      ],
      ...['😀', '😁', '№', 'l’x', 'a¦b'],
    ]
    await books().put(...odd.map((term, i) => ({id: `t${i}`, texts: [`${term} filler`]})))
    for (const [i, term] of odd.entries())
      expect(await docIds(books(), await hits([term])), term).to.deep.equal([`t${i}`])
    expect(await hits(odd.slice(0, 64))).to.have.length(Math.min(64, odd.length))
  })
  it('matches whole terms only', async () => {
    await books().put(...sketches('plumtree file.txt.bak snake_case_x', 'x'))
    for (const term of ['plum', 'tree', 'file.txt', 'file', 'snake_case', 'snake'])
      expect(await hits([term]), term).to.deep.equal([])
  })
}
