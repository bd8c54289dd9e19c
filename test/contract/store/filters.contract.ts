import {expect} from 'chai'
import type {Filter, Metadata} from '../../../src/lib/model/metadata.js'
import {eachOpens, openCorpus, type OpenStore, type WrittenCorpus} from '../../support/store-fixtures.js'

const DOCUMENTS: readonly {
  id: string
  metadata: Metadata
  language?: string
  title?: string
  source?: string
}[] = [
  {id: 'n5', metadata: {n: 5, at: '2024-01-31', flag: true, deep: {a: {b: 'x'}}, list: ['red', 'blue', 7]}},
  {id: 'n10', metadata: {n: 10, at: '2024-02-01', flag: false, deep: {a: 'y'}, list: []}, language: 'de'},
  {
    id: 'n-2.5',
    metadata: {n: -2.5, at: '2023-12-31T23:59:59Z', flag: 'true', list: 'red'},
    title: 'Plums & figs',
  },
  {id: 'text', metadata: {n: 'ten', zip: '01234', empty: '', title: 'not this'}},
  {id: 'none', metadata: {n: null, "it's": 'quoted', 'a-b c': 'spaced', ü: 'ü'}, source: '/in/none [1].txt'},
  {id: 'proto', metadata: JSON.parse('{"__proto__": "p", "constructor": "c"}') as Metadata},
  {id: 'dir/x.md', metadata: {}, source: '/in/dir/x.md'},
  {id: 'dir/sub/y.md', metadata: {}, source: '/in/dir/sub/y.md'},
]
const ALL = DOCUMENTS.map((it) => it.id)
const but = (...ids: string[]): string[] => ALL.filter((id) => !ids.includes(id))

/** A filter as `[field, op, value]` and the ids of the documents that pass it. */
type Case = readonly [string, Filter['op'], string, readonly string[]]

const NUMBERS: readonly Case[] = [
  ['n', '=', '10', ['n10']],
  ['n', '=', '1e1', ['n10']],
  ['n', '=', '10.0', ['n10']],
  ['n', '!=', '10', but('n10')],
  ['n', '<', '10', ['n5', 'n-2.5']],
  ['n', '<=', '10', ['n5', 'n10', 'n-2.5']],
  ['n', '>', '-3', ['n5', 'n10', 'n-2.5', 'text']],
  ['n', '>=', '5', ['n5', 'n10', 'text']],
  ['n', '=', 'ten', ['text']],
  ['n', '>', 'a', ['text']],
  ['list', '=', '7', ['n5']],
]
const TEXTS: readonly Case[] = [
  ['at', '=', '2024-02-01', ['n10']],
  ['at', '<', '2024-01-01', ['n-2.5']],
  ['at', '>=', '2024-01-31', ['n5', 'n10']],
  ['zip', '=', '01234', ['text']],
  ['zip', '=', '1234', []],
  ['empty', '=', '', ['text']],
  ['empty', '!=', '', but('text')],
  ['flag', '=', 'true', ['n5', 'n-2.5']],
  ['flag', '=', 'false', ['n10']],
  ['flag', '=', '1', []],
  ['title', '=', 'Plums & figs', ['n-2.5']],
  ['title', '=', 'not this', []],
  ['language', '=', 'de', ['n10']],
  ['language', '!=', 'de', but('n10')],
]
const STRUCTURES: readonly Case[] = [
  ['list', '=', 'red', ['n5', 'n-2.5']],
  ['list', '!=', 'blue', but('n5')],
  ['list', '>', 'blue', ['n5', 'n-2.5']],
  ['deep.a.b', '=', 'x', ['n5']],
  ['deep.a', '=', 'y', ['n10']],
  ['deep.a', '=', 'x', []],
  ['deep', '=', 'y', []],
  ['deep', '!=', 'y', ALL],
  ['deep.a.b.c', '=', 'x', []],
  ['missing', '=', 'x', []],
  ['missing', '!=', 'x', ALL],
  ['missing', '<', 'x', []],
  ['missing', '>=', '', []],
]
const HOSTILE: readonly Case[] = [
  ['__proto__', '=', 'p', ['proto']],
  ['__proto__.x', '=', 'p', []],
  ['constructor', '=', 'c', ['proto']],
  ['constructor', '!=', 'c', but('proto')],
  ['toString', '=', 'x', []],
  ['length', '=', '0', []],
  ["it's", '=', 'quoted', ['none']],
  ['a-b c', '=', 'spaced', ['none']],
  ['ü', '=', 'ü', ['none']],
  ['a"b', '=', 'x', []],
  ['a"b', '!=', 'x', ALL],
  ['a\\b', '=', 'x', []],
  ["'; DROP TABLE documents; --", '=', 'x', []],
  ['n', '=', "' OR '1'='1", []],
  ['$.n', '=', '5', []],
  ['list[0]', '=', 'red', []],
  ['', '=', 'x', []],
  ['.', '!=', 'x', ALL],
  ['n\0', '=', '5', []],
  ['id', '=', '1', []],
]
const GLOBS: readonly Case[] = [
  ['doc_id', '=', 'n5', ['n5']],
  ['doc_id', '=', 'dir/*', ['dir/x.md', 'dir/sub/y.md']],
  ['doc_id', '!=', 'dir/*', but('dir/x.md', 'dir/sub/y.md')],
  ['doc_id', '=', '*.md', ['dir/x.md', 'dir/sub/y.md']],
  ['doc_id', '=', 'n?', ['n5']],
  ['doc_id', '=', '????', ['text', 'none']],
  ['doc_id', '=', '[a-d]ir/?.md', ['dir/x.md']],
  ['doc_id', '=', '[^n]*', ['text', 'proto', 'dir/x.md', 'dir/sub/y.md']],
  ['doc_id', '=', 'N5', []],
  ['doc_id', '=', '', []],
  ['doc_id', '=', '*', ALL],
  ['doc_id', '=', '[', []],
  ['doc_id', '=', '%', []],
  ['doc_id', '>=', 'proto', ['text', 'proto']],
  ['source', '=', '/in/*/y.md', ['dir/sub/y.md']],
  ['source', '=', '/in/none [[]1].txt', ['none']],
  ['source', '!=', '/in/*', but('none', 'dir/x.md', 'dir/sub/y.md')],
]
const GROUPS = {numbers: NUMBERS, texts: TEXTS, structures: STRUCTURES, 'hostile keys': HOSTILE, globs: GLOBS}

const byNumber = (a: number, b: number): number => a - b

/** What every store promises of filters: the same answer wherever one can be given. */
export function filtersContract(name: string, open: OpenStore): void {
  describe(`${name}: filters`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    let versionId: number
    beforeEach(async () => {
      books = await openCorpus(tested().store)
      versionId = (await books.liveVersion()).id
      await books.put(...DOCUMENTS.map((it) => ({...it, texts: ['plum']})))
      await books.embedAll(versionId)
    })

    for (const [group, cases] of Object.entries(GROUPS))
      it(`agree on ${group} in documents, keywords and vectors`, async () => {
        for (const [field, op, value, expected] of cases)
          await agree(books, versionId, [[{field, op, value}], expected])
      })
    it('must all hold', async () => {
      const filters: Filter[] = [
        {field: 'n', op: '>', value: '0'},
        {field: 'n', op: '<', value: '10'},
        {field: 'doc_id', op: '!=', value: 'x*'},
      ]
      await agree(books, versionId, [filters, ['n5']])
      await agree(books, versionId, [[], ALL])
    })
    it("see a chunk's own metadata laid over its document's", async () => {
      const {store, id} = books
      await books.put({
        id: 'two',
        texts: ['plum a', 'plum b'],
        metadata: {row: 1, k: 'doc'},
        chunkMetadata: [{row: 2}],
      })
      await books.embedAll(versionId)
      const [first, second] = await books.chunkIds('two')
      const found = async (field: string, value: string): Promise<unknown> => {
        const filters: Filter[] = [{field, op: '=', value}]
        const hits = await store.searchKeywords(id, {terms: ['plum'], limit: 99, filters})
        const chunks = await store.chunksOfSeqs(versionId, [...(await store.seqsWhere(versionId, filters))])
        const {total} = await store.listDocuments(id, {filters})
        return {
          hits: hits.map((it) => it.chunkId).sort(byNumber),
          vectors: [...chunks.values()].sort(byNumber),
          total,
        }
      }
      expect(await found('row', '2')).to.deep.equal({hits: [first], vectors: [first], total: 0})
      expect(await found('row', '1')).to.deep.equal({hits: [second], vectors: [second], total: 1})
      expect(await found('k', 'doc')).to.deep.equal({
        hits: [first, second],
        vectors: [first, second],
        total: 1,
      })
    })
    it('take a hostile glob in good time', async () => {
      const text = 'a'.repeat(2000)
      await books.put({id: text, texts: ['plum']})
      const filters: Filter[] = [{field: 'doc_id', op: '=', value: 'a*a*b'}]
      expect((await books.store.listDocuments(books.id, {filters})).total).to.equal(0)
    })
  })
}

async function agree(
  books: WrittenCorpus,
  versionId: number,
  [filters, expected]: readonly [Filter[], readonly string[]],
): Promise<void> {
  const {store, id} = books
  const shown = JSON.stringify(filters)
  const {documents, total} = await store.listDocuments(id, {filters})
  expect(
    documents.map((it) => it.docId),
    `listDocuments ${shown}`,
  ).to.have.members([...expected])
  expect(total).to.equal(expected.length)
  const hits = await store.searchKeywords(id, {terms: ['plum'], limit: 99, filters})
  const ofHits = await store.readChunks(hits.map((it) => it.chunkId))
  expect(
    ofHits.map((it) => it.docId),
    `searchKeywords ${shown}`,
  ).to.have.members([...expected])
  const seqs = [...(await store.seqsWhere(versionId, filters))]
  expect(seqs).to.deep.equal([...seqs].sort((a, b) => a - b))
  const chunks = await store.chunksOfSeqs(versionId, seqs)
  const ofSeqs = await store.readChunks([...chunks.values()])
  expect(
    ofSeqs.map((it) => it.docId),
    `seqsWhere ${shown}`,
  ).to.have.members([...expected])
}
