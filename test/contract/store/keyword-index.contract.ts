import {expect} from 'chai'
import {TITLE_WEIGHT} from '../../../src/lib/ports/keyword-weights.js'
import type {KeywordHit} from '../../../src/lib/ports/store.js'
import {
  eachOpens,
  openCorpus,
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
