import {expect} from 'chai'
import {createMemoryStore} from '../../support/memory/memory-store.js'
import {embedPending, type EmbedOutcome} from '../../../src/lib/embedding/embed-pending.js'
import type {EmbedInput, EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import {RagError} from '../../../src/lib/model/errors.js'
import type {Embedder} from '../../../src/lib/ports/embedder.js'
import {FixedClock} from '../../support/fixed-clock.js'
import {
  DIMENSION,
  denseVectors,
  FakeProcessTable,
  identity,
  openCorpus,
  rejects,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

type Answer = (inputs: readonly EmbedInput[]) => (Float32Array | undefined)[]

const vectorFor = ({text}: EmbedInput): Float32Array => new Float32Array(DIMENSION).fill(text.length)

function embedder(answer: Answer, calls: string[][] = []): Embedder {
  return {
    identity: identity(),
    limits: {batch: 4, concurrency: 2},
    defaultWeight: 0.5,
    embed: async (inputs) => {
      calls.push(inputs.map((input) => input.text))
      await Promise.resolve()
      return answer(inputs)
    },
    close: () => Promise.resolve(),
  }
}

describe('embedPending', () => {
  let corpus: WrittenCorpus
  let version: EmbeddingVersion
  beforeEach(async () => {
    corpus = await openCorpus(createMemoryStore({clock: new FixedClock(), processes: new FakeProcessTable()}))
    await corpus.put({id: 'a', texts: Array.from({length: 10}, (_, i) => `text ${'x'.repeat(i)}`)})
    version = await corpus.liveVersion()
  })

  const run = (by: Embedder, more: {signal?: AbortSignal; stored?: number[]} = {}): Promise<EmbedOutcome> =>
    embedPending(
      {store: corpus.store, embedder: by, clock: new FixedClock()},
      {
        version,
        lease: corpus.lease,
        onStored: async ({seqs}) => void more.stored?.push(...seqs),
        ...(more.signal ? {signal: more.signal} : {}),
      },
    )
  const pending = (): Promise<number> => corpus.store.countPending(corpus.id, version.id)

  it('gives every pending chunk a vector, in batches of the embedder’s size, and tells of each', async () => {
    const calls: string[][] = []
    const stored: number[] = []
    const outcome = await run(
      embedder((inputs) => inputs.map(vectorFor), calls),
      {stored},
    )
    expect(outcome).to.deep.equal({hits: 0, misses: 10, empty: 0, interrupted: false})
    expect(calls.map((call) => call.length)).to.deep.equal([4, 4, 2])
    expect(await pending()).to.equal(0)
    expect(stored).to.deep.equal((await denseVectors(corpus.store, version.id)).map(([seq]) => seq))
  })

  it('asks for nothing twice: what was committed stays, equal inputs are found', async () => {
    await run(embedder((inputs) => inputs.map(vectorFor)))
    await corpus.put({id: 'b', texts: ['text ', 'text new']})
    const calls: string[][] = []
    const outcome = await run(embedder((inputs) => inputs.map(vectorFor), calls))
    expect(outcome).to.include({hits: 1, misses: 1})
    expect(calls).to.deep.equal([['text new']])
  })

  it('keeps texts of which the model has nothing to say as embedded and empty', async () => {
    const outcome = await run(embedder((inputs) => inputs.map(() => undefined)))
    expect(outcome).to.include({misses: 10, empty: 10})
    expect(await pending()).to.equal(0)
    expect(await denseVectors(corpus.store, version.id)).to.deep.equal([])
  })

  it('an embedder that gives too few vectors is a fault, and none of that batch is stored', async () => {
    await rejects(run(embedder((inputs) => inputs.slice(1).map(vectorFor))), 'INTERNAL')
    expect(await pending()).to.equal(10)
  })

  it('an embedder that is down, then up: all is embedded in the end', async () => {
    let failures = 1
    const flaky = embedder((inputs) => {
      if (failures-- > 0) throw new RagError('EMBEDDER_UNREACHABLE', 'It is down.')
      return inputs.map(vectorFor)
    })
    const outcome = await run(flaky)
    expect(outcome.failure?.code).to.equal('EMBEDDER_UNREACHABLE')
    expect(await pending()).to.be.greaterThan(0)
    expect(10 - (await pending())).to.equal(outcome.misses)
    await run(flaky)
    expect(await pending()).to.equal(0)
  })

  it('stops when it is told to, after committing what it has', async () => {
    const controller = new AbortController()
    const outcome = await run(
      embedder((inputs) => {
        controller.abort()
        return inputs.map(vectorFor)
      }),
      {signal: controller.signal},
    )
    expect(outcome.interrupted).to.equal(true)
    expect(await pending()).to.be.within(1, 6)
    expect(10 - (await pending())).to.equal(outcome.misses)
  })
})
