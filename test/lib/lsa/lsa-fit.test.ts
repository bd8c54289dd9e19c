import {expect} from 'chai'
import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import type {EmbedInput} from '../../../src/lib/model/embedding.js'
import type {RagError} from '../../../src/lib/model/errors.js'
import {cosine} from '../../../src/lib/model/vector.js'
import {failureOf} from '../../contract/embedder.contract.js'
import {FaultyFiles} from '../../support/faulty-files.js'
import {fakeLsa, identityOf, inBatches, syntheticInputs, withFolder} from './lsa-fixture.js'

async function* once(inputs: readonly EmbedInput[]): AsyncGenerator<readonly EmbedInput[]> {
  yield inputs
}

/** Fits, embeds the same inputs as passages. */
async function fitAndEmbed(
  inputs: readonly EmbedInput[],
  dimension = 16,
): Promise<{dimension: number; vectors: readonly (Float32Array | undefined)[]}> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'model')
    const lsa = fakeLsa(1)
    const fit = await lsa.fit(once(inputs), {dimension, path: file})
    const embedder = await lsa.openForPassages(file, identityOf(fit.dimension))
    try {
      return {...fit, vectors: await embedder.embed(inputs, {kind: 'passage'})}
    } finally {
      await embedder.close()
    }
  })
}

const texts = (...all: string[]): EmbedInput[] => all.map((text) => ({text, language: 'en'}))

describe('fitting an LSA model', () => {
  it('gives equal bytes whatever the number of threads and the size of the batches', async () => {
    await withFolder(async (folder) => {
      const inputs = syntheticInputs(600)
      const files: Buffer[] = []
      for (const [threads, size] of [
        [1, 100],
        [2, 37],
      ] as const) {
        const file = path.join(folder, `model-${threads}`)
        const fit = await fakeLsa(threads).fit(inBatches(inputs, size), {dimension: 32, path: file})
        expect(fit.dimension).to.equal(32)
        files.push(await readFile(file))
      }
      expect(files[1]!.equals(files[0]!)).to.equal(true)
    })
  })

  it('brings texts of one matter together, even those that share no word', async () => {
    const filler = Array.from({length: 60}, (_, i) => `cat${i % 3} purr feline stray${i} fur`)
    const other = Array.from({length: 60}, (_, i) => `engine${i % 3} piston motor stray${i + 60} oil`)
    const {vectors} = await fitAndEmbed(texts('feline fur', 'cat1 purr', 'motor oil', ...filler, ...other), 2)
    expect(cosine(vectors[0]!, vectors[1]!)).to.be.above(0.8)
    expect(cosine(vectors[0]!, vectors[2]!)).to.be.below(0.2)
  })

  it('is the cosine of tf-idf weights for a handful of chunks', async () => {
    const inputs = texts('a b b c', 'a d', 'b c e', 'e e f a', 'g')
    const {dimension, vectors} = await fitAndEmbed(inputs)
    expect(dimension).to.equal(5)
    const bags = inputs.map(({text}) => text.split(' '))
    const rows = bags.map((bag) => {
      const weight = (term: string): number => {
        const tf = bag.filter((other) => other === term).length
        const df = bags.filter((other) => other.includes(term)).length
        return tf === 0 ? 0 : (1 + Math.log(tf)) * Math.log(6 / df)
      }
      return Float32Array.from([...'abcdefg'], weight)
    })
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < 5; j++)
        expect(cosine(vectors[i]!, vectors[j]!)).to.be.closeTo(cosine(rows[i]!, rows[j]!), 1e-5)
  })

  for (const count of [1, 2, 5]) {
    it(`learns from ${count} input(s)`, async () => {
      const inputs = syntheticInputs(count)
      const {dimension, vectors} = await fitAndEmbed(inputs, 256)
      expect(dimension).to.equal(count)
      for (const vector of vectors) expect(cosine(vector!, vector!)).to.be.closeTo(1, 1e-6)
    })
  }

  it('counts equal texts as one direction, and gives them equal vectors', async () => {
    const {dimension, vectors} = await fitAndEmbed(texts('a b', 'a b', 'c d', 'c d'))
    expect(dimension).to.equal(2)
    expect(vectors[0]).to.deep.equal(vectors[1])
    expect(cosine(vectors[0]!, vectors[2]!)).to.be.closeTo(0, 1e-6)
  })

  it('learns from title and heading, each term once, and passes over empty texts', async () => {
    const inputs = [
      {text: 'x', title: 'alpha alpha', heading: ['alpha', 'beta']},
      {text: '', language: 'en'},
      {text: 'x alpha beta', language: 'en'},
    ]
    const {dimension, vectors} = await fitAndEmbed(inputs)
    expect(dimension).to.equal(1)
    expect(vectors[1]).to.equal(undefined)
    expect(cosine(vectors[0]!, vectors[2]!)).to.be.closeTo(1, 1e-6)
  })

  it('learns nothing and writes nothing when there is nothing to learn', async () => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'model')
      const unlike = Array.from({length: 300}, (_, i) => ({text: `only${i}`, language: 'en'}))
      for (const inputs of [[], texts('', ' . '), unlike]) {
        expect(await fakeLsa(1).fit(once(inputs), {dimension: 8, path: file})).to.deep.equal({dimension: 0})
        expect(existsSync(file)).to.equal(false)
      }
    })
  })

  it('leaves out terms of one input once there are many inputs', async () => {
    const many = Array.from({length: 200}, (_, i) => ({text: `shared${i % 5} lone${i}`, language: 'en'}))
    const {dimension, vectors} = await fitAndEmbed(many)
    expect(dimension).to.equal(5)
    expect(cosine(vectors[0]!, vectors[5]!)).to.be.closeTo(1, 1e-6)
  })

  it('counts its steps upwards to the end', async () => {
    await withFolder(async (folder) => {
      const seen: [number, number][] = []
      await fakeLsa(1).fit(inBatches(syntheticInputs(500)), {
        dimension: 16,
        path: path.join(folder, 'model'),
        onProgress: (done, total) => seen.push([done, total]),
      })
      const steps = seen.map(([done]) => done)
      expect(steps).to.deep.equal([...steps].sort((a, b) => a - b))
      expect(seen.at(-1)).to.deep.equal([100, 100])
      expect(new Set(steps).size).to.be.above(5)
    })
  })

  it('stops when asked to, wherever it is, and leaves no file', async () => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'model')
      for (const [step, count] of [
        [0, 300],
        [40, 300],
        [25, 60],
        [80, 60],
      ] as const) {
        const stop = new AbortController()
        const error = await failureOf(
          fakeLsa(1).fit(inBatches(syntheticInputs(count)), {
            dimension: 16,
            path: file,
            signal: stop.signal,
            onProgress: (done) => (done >= step ? stop.abort() : undefined),
          }),
        )
        expect((error as RagError).code).to.equal('INTERRUPTED')
        expect(existsSync(file)).to.equal(false)
      }
    })
  })

  it('says so when the file can’t be written', async () => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'missing', 'model')
      const error = await failureOf(fakeLsa().fit(once(texts('a b')), {dimension: 8, path: file}))
      expect((error as RagError).code).to.equal('STORE_UNUSABLE')
      expect((error as RagError).message).to.contain(file)
    })
  })

  it('says which step a full disk stopped, whichever it is, and leaves no file', async () => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'model')
      const fit = (files: FaultyFiles): Promise<unknown> =>
        fakeLsa(1, undefined, files.operations).fit(once(texts('cat purr', 'motor oil')), {
          dimension: 8,
          path: file,
        })
      const whole = new FaultyFiles()
      await fit(whole)
      expect(whole.calls).to.deep.equal(['create', 'write', 'write', 'close'])
      for (let step = 1; step <= whole.calls.length; step++) {
        const error = (await failureOf(fit(new FaultyFiles({step, fault: 'ENOSPC', once: true})))) as RagError
        expect([error.code, existsSync(file)], `step ${step}`).to.deep.equal(['DISK_FULL', false])
        expect(error.message).to.contain(file)
      }
    })
  })

  it('fails, and does not hang, when a worker ends or throws', async () => {
    await withFolder(async (folder) => {
      for (const [word, reason] of [
        ['crashworker', 'ended with code 3'],
        ['throwinworker', 'thrown on purpose'],
      ]) {
        const inputs = [...syntheticInputs(300), {text: `x ${word}`, language: 'en'}, ...syntheticInputs(300)]
        const error = await failureOf(
          fakeLsa(1).fit(inBatches(inputs), {dimension: 8, path: path.join(folder, 'model')}),
        )
        expect((error as RagError).code).to.equal('EMBEDDER_UNREACHABLE')
        expect((error as RagError).message).to.contain(reason)
      }
    })
  })

  it('passes on the error of the source of its inputs', async () => {
    await withFolder(async (folder) => {
      async function* broken(): AsyncGenerator<readonly EmbedInput[]> {
        yield syntheticInputs(300)
        throw new Error('the source broke')
      }
      const error = await failureOf(
        fakeLsa(1).fit(broken(), {dimension: 8, path: path.join(folder, 'model')}),
      )
      expect((error as Error).message).to.equal('the source broke')
    })
  })
})
