import {expect} from 'chai'
import fc from 'fast-check'
import type {CorpusCounts} from '../../../src/lib/model/corpus.js'
import type {VectorKind} from '../../../src/lib/model/embedding.js'
import {
  batch,
  documentPut,
  openCorpus,
  vectorOf,
  type OpenStore,
  type StoreUnderTest,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

const KINDS = ['dense', 'dummy', 'empty'] as const

const id = fc.constantFrom('a', 'b', 'c', 'd')
const put = fc.record({
  id,
  language: fc.constantFrom('en', 'de', 'ünknown'),
  texts: fc.uniqueArray(fc.constantFrom('red', 'green', 'blue', 'grey', 'pink'), {maxLength: 4}),
  /** Which of its chunks bring a vector, and whose it is. */
  given: fc.array(fc.option(fc.nat(3), {nil: undefined}), {maxLength: 4}),
})
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      fresh: fc.boolean(),
      put: fc.uniqueArray(put, {maxLength: 3, selector: (it) => it.id}),
      remove: fc.uniqueArray(id, {maxLength: 2}),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('vectors' as const),
      picks: fc.array(fc.tuple(fc.nat(12), fc.constantFrom<VectorKind>(...KINDS)), {maxLength: 6}),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({kind: fc.constant('purge' as const), ids: fc.uniqueArray(id, {maxLength: 2})}),
  },
  {weight: 1, arbitrary: fc.constant({kind: 'removeDeleted' as const})},
  {weight: 1, arbitrary: fc.constant({kind: 'newVersion' as const})},
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Counts, however they are kept, are those of the rows, after every step of random histories. */
export function countsContract(name: string, open: OpenStore): void {
  describe(`${name}: counts`, () => {
    let tested: StoreUnderTest
    before(async () => {
      tested = await open()
    })
    after(() => tested.close())

    it('are those of what is stored after every step of random histories', async () => {
      let run = 0
      let steps = 0
      await fc.assert(
        fc.asyncProperty(fc.array(step, {minLength: 1, maxLength: 10}), async (history) => {
          const corpus = await openCorpus(tested.store, `counted-${++run}`)
          let live = await corpus.liveVersion()
          for (const each of history) {
            steps++
            // Not counted at once, so that the write after it must notice what it can't carry on.
            if (each.kind === 'newVersion') live = await corpus.liveVersion()
            else {
              await take(each, corpus, live.id)
              await compare(corpus, live.id)
            }
          }
          await corpus.store.deleteCorpus(corpus.id, corpus.lease)
          await corpus.store.releaseLease(corpus.lease)
        }),
        {numRuns: 100},
      )
      console.log(`      ${steps} steps`)
      expect(steps).to.be.greaterThan(100)
    })
  })
}

async function take(
  step: Exclude<Step, {kind: 'newVersion'}>,
  {store, id, lease}: WrittenCorpus,
  versionId: number,
): Promise<void> {
  switch (step.kind) {
    case 'batch': {
      const documents = step.put.map(({given, ...sketch}) =>
        documentPut({...sketch, vectors: given.map((n) => (n === undefined ? undefined : vectorOf(n)))}),
      )
      await store.commit(id, batch({put: documents, remove: step.remove, fresh: step.fresh}), lease)
      break
    }
    case 'vectors': {
      const all = await store.pendingChunks(id, undefined, {afterId: 0, limit: 1000})
      const vectors = step.picks.flatMap(([at, kind]) => {
        const chunkId = all[at]?.chunkId
        const vector = kind === 'empty' ? new Float32Array(0) : vectorOf(at)
        return chunkId === undefined ? [] : [{chunkId, kind, vector}]
      })
      await store.commitVectors(versionId, vectors, lease)
      break
    }
    case 'purge':
      await store.purgeDocuments(id, step.ids, lease)
      break
    case 'removeDeleted':
      await store.removeDeleted(id, {minRows: 0, ratio: 0}, lease)
  }
}

async function compare({store, id}: WrittenCorpus, versionId: number): Promise<void> {
  const counts: CorpusCounts = await store.countCorpus(id)
  const {documents, total} = await store.listDocuments(id, {})
  const languages = new Map<string, number>()
  for (const {language} of documents) languages.set(language, (languages.get(language) ?? 0) + 1)
  const pending = async (version: number | undefined, dummies = false): Promise<number> => {
    const page = await store.pendingChunks(id, version, {afterId: 0, limit: 1000, dummies})
    return page.length
  }
  const [chunks, none, orDummy] = [
    await pending(undefined),
    await pending(versionId),
    await pending(versionId, true),
  ]
  expect(counts).to.include({documents: total, chunks, pending: none, dummy: orDummy - none})
  expect(counts.vectors).to.equal((await store.vectorSpan(versionId, {from: 1, to: 2 ** 32 - 1})).count)
  expect(Object.fromEntries(counts.languages.map((it) => [it.language, it.documents]))).to.deep.equal(
    Object.fromEntries(languages),
  )
  expect(await store.countPending(id, versionId)).to.equal(none)
  expect(await store.countPending(id, versionId, {dummies: true})).to.equal(orDummy)
  // In its own words: what is kept must be to the letter what would be counted.
  expect(await store.checkRows(id)).to.deep.equal([])
}
