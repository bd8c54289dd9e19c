import {expect} from 'chai'
import fc from 'fast-check'
import {
  batch,
  documentPut,
  openCorpus,
  vectorOf,
  type OpenStore,
  type StoreUnderTest,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

/** A document in the model: its live texts in order, and for every text it ever held whether it has a vector. */
interface ModelDocument {
  live: string[] | undefined
  readonly done: Map<string, boolean>
}

type Model = Map<string, ModelDocument>
type Counts = {added: number; updated: number; unchanged: number; removed: number}
type Step =
  | {
      readonly kind: 'batch'
      readonly put: readonly {id: string; texts: string[]}[]
      readonly remove: readonly string[]
    }
  | {readonly kind: 'vectors'; readonly picks: readonly number[]}
  | {readonly kind: 'purge'; readonly ids: readonly string[]}
  | {readonly kind: 'removeDeleted'}

const WORDS = ['red', 'green', 'blue', 'grey', 'pink']
const id = fc.constantFrom('a', 'b', 'c', 'd')
const text = fc
  .uniqueArray(fc.constantFrom(...WORDS), {minLength: 1, maxLength: 3})
  .map((words) => words.join(' '))
const put = fc.record({id, texts: fc.uniqueArray(text, {maxLength: 4})})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      put: fc.uniqueArray(put, {maxLength: 3, selector: (it) => it.id}),
      remove: fc.uniqueArray(id, {maxLength: 2}),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('vectors' as const),
      picks: fc.array(fc.nat(20), {maxLength: 6}),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({kind: fc.constant('purge' as const), ids: fc.uniqueArray(id, {maxLength: 2})}),
  },
  {weight: 1, arbitrary: fc.constant({kind: 'removeDeleted' as const})},
)

/** Random histories leave a store and a trivial model of it in the same state, after every step. */
export function modelContract(name: string, open: OpenStore): void {
  describe(`${name}: model`, () => {
    let tested: StoreUnderTest
    before(async () => {
      tested = await open()
    })
    after(() => tested.close())

    it('agrees with a map after every step of random histories', async () => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(fc.array(step, {minLength: 1, maxLength: 8}), async (steps) => {
          const corpus = await openCorpus(tested.store, `run-${++run}`)
          const version = await corpus.liveVersion()
          const model: Model = new Map()
          for (const each of steps) {
            await take(each, {corpus, versionId: version.id, model})
            await compare(corpus, version.id, model)
          }
          await corpus.store.deleteCorpus(corpus.id, corpus.lease)
          await corpus.store.releaseLease(corpus.lease)
        }),
        {numRuns: 100},
      )
    })
  })
}

interface On {
  readonly corpus: WrittenCorpus
  readonly versionId: number
  readonly model: Model
}

async function take(step: Step, {corpus, versionId, model}: On): Promise<void> {
  switch (step.kind) {
    case 'batch': {
      const request = batch({put: step.put.map((it) => documentPut(it)), remove: step.remove})
      const receipt = await corpus.store.commit(corpus.id, request, corpus.lease)
      expect(receipt).to.include(applyBatch(model, step))
      break
    }
    case 'vectors':
      await applyVectors(step.picks, {corpus, versionId, model})
      break
    case 'purge':
      await corpus.store.purgeDocuments(corpus.id, step.ids, corpus.lease)
      for (const each of step.ids) model.delete(each)
      break
    case 'removeDeleted':
      await corpus.store.removeDeleted(corpus.id, {minRows: 0, ratio: 0}, corpus.lease)
      for (const {live, done} of model.values())
        for (const each of [...done.keys()]) if (!live?.includes(each)) done.delete(each)
  }
}

function applyBatch(
  model: Model,
  {put, remove}: {put: readonly {id: string; texts: string[]}[]; remove: readonly string[]},
): Counts {
  const counts = {added: 0, updated: 0, unchanged: 0, removed: 0}
  for (const {id, texts} of put) {
    const known = model.get(id) ?? {live: undefined, done: new Map<string, boolean>()}
    const isSame = known.live && JSON.stringify(known.live) === JSON.stringify(texts)
    counts[!known.live ? 'added' : isSame ? 'unchanged' : 'updated']++
    for (const each of texts) if (!known.done.has(each)) known.done.set(each, false)
    model.set(id, {live: texts, done: known.done})
  }
  for (const id of remove) {
    const known = model.get(id)
    if (!known?.live) continue
    known.live = undefined
    counts.removed++
  }
  return counts
}

async function applyVectors(picks: readonly number[], {corpus, versionId, model}: On): Promise<void> {
  const all = await corpus.store.pendingChunks(corpus.id, undefined, {afterId: 0, limit: 1000})
  const chunks = await corpus.store.readChunks(all.map((it) => it.chunkId))
  const picked = picks.flatMap((pick) => chunks[pick] ?? [])
  const vectors = picked.map(({id: chunkId}) => {
    const kind = (['dense', 'dummy', 'empty'] as const)[chunkId % 3]!
    return {chunkId, kind, vector: kind === 'empty' ? new Float32Array(0) : vectorOf(chunkId)}
  })
  await corpus.store.commitVectors(versionId, vectors, corpus.lease)
  for (const {docId, text} of picked) model.get(docId)!.done.set(text, true)
}

async function compare(corpus: WrittenCorpus, versionId: number, model: Model): Promise<void> {
  const {store} = corpus
  const live = [...model]
    .flatMap(([id, {live, done}]) => (live ? [{id, texts: live, done}] : []))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const {documents} = await store.listDocuments(corpus.id, {})
  expect(documents.map((it) => it.docId)).to.deep.equal(live.map((it) => it.id))
  for (const [i, {texts}] of live.entries()) {
    const chunks = await store.documentChunks(documents[i]!.id)
    expect(chunks.map((it) => it.text)).to.deep.equal(texts)
  }
  const pending = live.flatMap(({texts, done}) => texts.filter((each) => !done.get(each)))
  expect(await store.countPending(corpus.id, versionId)).to.equal(pending.length)
  const page = await store.pendingChunks(corpus.id, versionId, {afterId: 0, limit: 1000})
  expect(page.map((it) => it.input.text)).to.have.members(pending)
  const found = await store.readChunks(await corpus.search('red', 'blue'))
  const expected = live.flatMap(({texts}) => texts.filter((each) => /red|blue/.test(each)))
  expect(found.map((it) => it.text)).to.have.members(expected)
}
