import {expect} from 'chai'
import type {EmbedInput} from '../../src/lib/model/embedding.js'
import {RagError} from '../../src/lib/model/errors.js'
import type {Embedder} from '../../src/lib/ports/embedder.js'

export interface EmbedderCase {
  readonly open: () => Promise<Embedder>
  /** A dozen texts or more that the model knows something of, no two with an equal vector. */
  readonly inputs: readonly EmbedInput[]
  /** A text the model has nothing to say of. */
  readonly unknown: EmbedInput
  /** How far two vectors of one input may be apart in each number. Default 0. */
  readonly tolerance?: number
}

type Vectors = readonly (Float32Array | undefined)[]

/** Of the same length, and in no number further apart than that. */
export function expectSameVectors(found: Vectors, wanted: Vectors, tolerance = 0): void {
  if (tolerance === 0) return void expect(found).to.deep.equal(wanted)
  expect(found).to.have.length(wanted.length)
  for (const [i, vector] of found.entries()) {
    expect(vector?.length).to.equal(wanted[i]?.length)
    for (const [d, value] of (vector ?? []).entries())
      expect(value, `number ${d} of vector ${i}`).to.be.closeTo(wanted[i]![d]!, tolerance)
  }
}

/** The error a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  )
}

/** What every embedder promises, whatever it is made of. `setUp` is called once; its embedder is opened anew for each test. */
export function embedderContract(name: string, setUp: () => Promise<EmbedderCase>): void {
  describe(`Embedder contract: ${name}`, () => {
    let given: EmbedderCase
    let embedder: Embedder

    before(async () => (given = await setUp()))
    beforeEach(async () => (embedder = await given.open()))
    afterEach(() => embedder.close())

    for (const kind of ['query', 'passage'] as const) {
      it(`gives one finite vector of its dimension a ${kind}, in order`, async () => {
        const vectors = await embedder.embed(given.inputs, {kind})
        expect(vectors).to.have.length(given.inputs.length)
        for (const vector of vectors) {
          expect(vector).to.be.instanceOf(Float32Array)
          expect(vector).to.have.length(embedder.identity.dimension)
          expect(vector!.every(Number.isFinite)).to.equal(true)
        }
        const turned = await embedder.embed(given.inputs.toReversed(), {kind})
        expectSameVectors(turned.toReversed(), vectors, given.tolerance)
        expect(new Set(vectors.map(String)).size).to.equal(given.inputs.length)
      })

      it(`gives a ${kind} the same vector alone, in company, and side by side with other calls`, async () => {
        const together = await embedder.embed(given.inputs, {kind})
        const alone = await Promise.all(
          given.inputs.map(async (input) => (await embedder.embed([input], {kind}))[0]),
        )
        expectSameVectors(alone, together, given.tolerance)
      })
    }

    it('answers an empty list with an empty list', async () => {
      expect(await embedder.embed([], {kind: 'passage'})).to.deep.equal([])
    })

    it('has nothing to say of a text without a known word, and goes on with the others', async () => {
      const {unknown, inputs} = given
      const known = inputs[0]!
      const [before, nothing, after] = await embedder.embed([known, unknown, known], {kind: 'passage'})
      expect(nothing).to.equal(undefined)
      expectSameVectors([before], [after], given.tolerance)
      expect(before).to.have.length(embedder.identity.dimension)
    })

    it('gives vectors that are the caller’s own', async () => {
      const [first] = await embedder.embed(given.inputs.slice(0, 1), {kind: 'passage'})
      const copy = first!.slice()
      first!.fill(7)
      const [again] = await embedder.embed(given.inputs.slice(0, 1), {kind: 'passage'})
      expectSameVectors([again], [copy], given.tolerance)
    })

    it('does nothing for a call that was aborted', async () => {
      const error = await failureOf(
        embedder.embed(given.inputs, {kind: 'passage', signal: AbortSignal.abort()}),
      )
      expect(error).to.be.instanceOf(RagError)
      expect((error as RagError).code).to.equal('INTERRUPTED')
    })

    it('says what it can take and what it weighs', () => {
      expect(embedder.limits.batch).to.be.at.least(1)
      expect(embedder.limits.concurrency).to.be.at.least(1)
      expect(embedder.defaultWeight).to.be.within(0, 1)
    })
  })
}
