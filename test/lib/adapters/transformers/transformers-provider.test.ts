import {cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {ModelFolders} from '../../../../src/lib/adapters/transformers/model-folders.js'
import {transformersProvider} from '../../../../src/lib/adapters/transformers/transformers-provider.js'
import {systemClock} from '../../../../src/lib/adapters/system/clock.js'
import {workerUrl} from '../../../../src/lib/engine/worker-url.js'
import type {ModelSpec} from '../../../../src/lib/model/embedding.js'
import {RagError} from '../../../../src/lib/model/errors.js'
import type {Embedder} from '../../../../src/lib/ports/embedder.js'
import {embedderContract, expectSameVectors, failureOf} from '../../../contract/embedder.contract.js'
import {canMakeModels, modelFolder} from '../../../support/model-folder.js'
import {SeededText} from '../../../support/seeded-text.js'

const WORDS = 'station internet information other lantern entering reading stone alert tolerance'.split(' ')
const TEXTS = WORDS.map((word, i) => `the ${word} and ${'ing '.repeat(i * i)}ending`)

describe('transformers.js embedders', function () {
  this.timeout(60_000)
  let dir: string
  const opened: Embedder[] = []
  before(function () {
    if (!canMakeModels) {
      console.log('      skipped: there is no tool to make a model by')
      this.skip()
    }
    dir = mkdtempSync(path.join(tmpdir(), 'rag-models-'))
    cpSync(modelFolder(), path.join(dir, 'Xenova/tiny'), {recursive: true})
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
  })
  after(() => dir && rmSync(dir, {recursive: true, force: true}))

  const provider = (threads = 2): ReturnType<typeof transformersProvider> =>
    transformersProvider({
      library: new ModelFolders({dir, hub: undefined, clock: systemClock}),
      threads,
      workerUrl,
    })
  const open = async (spec: ModelSpec, threads?: number): Promise<Embedder> => {
    const one = await provider(threads).open(spec, {kind: 'passage'})
    opened.push(one)
    return one
  }
  const embed = async (
    spec: ModelSpec,
    texts: readonly string[],
    kind: 'query' | 'passage' = 'passage',
  ): Promise<readonly (Float32Array | undefined)[]> =>
    (await open(spec)).embed(
      texts.map((text) => ({text})),
      {kind},
    )
  const broken = (name: string, breakIt: (folder: string) => void): string => {
    const folder = path.join(dir, 'own', name)
    cpSync(modelFolder(), folder, {recursive: true})
    breakIt(folder)
    return `own/${name}`
  }
  const refused = async (name: string, code: string, said: RegExp): Promise<void> => {
    const error = await failureOf(open({model: name}))
    expect(error).to.be.instanceOf(RagError)
    expect([(error as RagError).code, (error as RagError).message]).to.satisfy(
      ([found, message]: [string, string]) => found === code && said.test(message),
      String(error),
    )
  }

  if (canMakeModels)
    embedderContract('transformers', () =>
      Promise.resolve({
        open: () => provider().open({model: 'tiny'}, {kind: 'passage'}),
        inputs: [...TEXTS, 'a', 'b c', 'd e f'].map((text) => ({text})),
        unknown: {text: ' \n '},
        tolerance: 1e-5,
      }),
    )

  for (const pooling of ['mean', 'cls'] as const)
    it(`give the vectors of transformers.js’s own pipeline, pooled by ${pooling}`, async () => {
      const {pipeline, env} = await import('@xenova/transformers')
      env.allowRemoteModels = false
      env.localModelPath = `${dir}/Xenova/`
      const extract = await pipeline('feature-extraction', 'tiny', {dtype: 'fp32', device: 'cpu'})
      const wanted: Float32Array[] = []
      // One by one: nothing is padded.
      for (const text of TEXTS)
        wanted.push(Float32Array.from((await extract(text, {pooling, normalize: true})).data as Float32Array))
      await extract.dispose()
      expectSameVectors(await embed({model: 'tiny', pooling}, TEXTS), wanted, 1e-5)
    })

  it('give a text the same vector beside a hundred others, of any length and in any order', async () => {
    const words = new SeededText(3, 300)
    const many = Array.from({length: 100}, (_, i) => words.document(i, 1, 1 + ((i * 37) % 200)))
    const one = await open({model: 'tiny'})
    const together = await one.embed(
      many.map((text) => ({text})),
      {kind: 'passage'},
    )
    for (const i of [0, 13, 50, 99])
      expectSameVectors(await one.embed([{text: many[i]!}], {kind: 'passage'}), [together[i]], 1e-5)
  })

  it('embed the beginning of a text that is longer than the model takes', async () => {
    const long = 'station '.repeat(2000)
    const [a, b] = await embed({model: 'tiny'}, [long, `${long} and another end`])
    expectSameVectors([a], [b], 1e-5)
  })

  it('give queries and passages the prefixes that are asked for, or those of the family', async () => {
    cpSync(modelFolder(), path.join(dir, 'own/e5-tiny'), {recursive: true})
    const [plain, prefixed] = await embed({model: 'tiny'}, ['stone', 'query: stone'])
    const [asked] = await embed({model: 'tiny', queryPrefix: 'query: '}, ['stone'], 'query')
    const [family] = await embed({model: 'e5-tiny'}, ['stone'], 'query')
    expectSameVectors([asked, family], [prefixed, prefixed], 1e-5)
    const [none] = await embed({model: 'e5-tiny', queryPrefix: ''}, ['stone'], 'query')
    expectSameVectors([none], [plain], 1e-5)
  })

  it('pool as the maker says, but for what is asked otherwise', async () => {
    const folder = path.join(dir, 'own/cls-tiny')
    cpSync(modelFolder(), folder, {recursive: true})
    mkdirSync(path.join(folder, '1_Pooling'))
    writeFileSync(path.join(folder, '1_Pooling/config.json'), '{"pooling_mode_cls_token": true}')
    const [cls, mean] = [
      await embed({model: 'tiny', pooling: 'cls'}, TEXTS),
      await embed({model: 'tiny', pooling: 'mean'}, TEXTS),
    ]
    expectSameVectors(await embed({model: 'cls-tiny'}, TEXTS), cls, 1e-5)
    expectSameVectors(await embed({model: 'cls-tiny', pooling: 'mean'}, TEXTS), mean, 1e-5)
  })

  it('are the same model wherever its files lie, and another when anything that changes a vector differs', async () => {
    const [named, bare, byPath, cls, other] = [
      await open({model: 'Xenova/tiny'}),
      await open({model: 'tiny'}),
      await open({model: path.join(dir, 'Xenova/tiny')}),
      await open({model: 'tiny', pooling: 'cls'}),
      await open({
        model: broken('tokens', (folder) =>
          writeFileSync(
            path.join(folder, 'tokenizer_config.json'),
            '{"tokenizer_class":"BertTokenizer","model_max_length":64}',
          ),
        ),
      }),
    ].map(({identity}) => identity.fingerprint)
    expect([bare, byPath]).to.deep.equal([named, named])
    expect(new Set([named, cls, other]).size).to.equal(3)
  })

  it('run as many copies as there are cores for, and share the work', async () => {
    const one = await open({model: 'tiny'}, 8)
    expect(one.limits.concurrency).to.equal(2)
    const calls = Array.from({length: 6}, () => one.embed([{text: 'stone'}], {kind: 'passage'}))
    const vectors = (await Promise.all(calls)).map(([vector]) => vector)
    expectSameVectors(
      vectors,
      vectors.map(() => vectors[0]),
      1e-5,
    )
  })

  it('end a call at once when it is interrupted, and go on afterwards', async () => {
    const one = await open({model: 'tiny'})
    const stop = new AbortController()
    const long = Array.from({length: 64}, () => ({text: 'station '.repeat(400)}))
    const call = failureOf(one.embed(long, {kind: 'passage', signal: stop.signal}))
    setTimeout(() => stop.abort(), 20)
    expect(((await call) as RagError).code).to.equal('INTERRUPTED')
    expect(await one.embed([{text: 'stone'}], {kind: 'passage'})).to.have.length(1)
  })

  it('say what a folder lacks, and what in it is no model', async () => {
    await refused(
      broken('no-tokenizer', (folder) => rmSync(path.join(folder, 'tokenizer.json'))),
      'MODEL_UNUSABLE',
      /own\/no-tokenizer.*tokenizer\.json is missing/,
    )
    await refused(
      broken('no-weights', (folder) => rmSync(path.join(folder, 'onnx/model.onnx'))),
      'MODEL_UNUSABLE',
      /model\.onnx is missing/,
    )
    await refused(
      broken('no-json', (folder) => writeFileSync(path.join(folder, 'config.json'), '{"hidden')),
      'MODEL_UNUSABLE',
      /config\.json can't be read as JSON/,
    )
    await refused(
      broken('cut', (folder) => truncateSync(path.join(folder, 'onnx/model.onnx'), 5000)),
      'MODEL_UNUSABLE',
      /own\/cut can't be used/,
    )
    await refused(
      broken('junk', (folder) => writeFileSync(path.join(folder, 'tokenizer.json'), '{"model": 7}')),
      'MODEL_UNUSABLE',
      /own\/junk can't be used/,
    )
    await refused(
      broken('writer', (folder) =>
        writeFileSync(
          path.join(folder, 'config.json'),
          '{"model_type":"gpt2","architectures":["GPT2LMHeadModel"],"hidden_size":32}',
        ),
      ),
      'MODEL_UNUSABLE',
      /it is no encoder/,
    )
    await refused('own/nothing', 'MODEL_MISSING', /own\/nothing.*not fetched/)
    await refused(path.join(dir, 'nowhere'), 'MODEL_MISSING', /nowhere is not there/)
  })

  it('say so when vectors are not as long as the model says', async () => {
    const name = broken('wide', (folder) =>
      writeFileSync(
        path.join(folder, 'config.json'),
        '{"model_type":"bert","architectures":["BertModel"],"hidden_size":48,"num_hidden_layers":2,"num_attention_heads":4,"max_position_embeddings":512}',
      ),
    )
    const one = await open({model: name})
    const error = (await failureOf(one.embed([{text: 'stone'}], {kind: 'passage'}))) as RagError
    expect([error.code, error.message]).to.satisfy(
      ([code, message]: [string, string]) => code === 'MODEL_UNUSABLE' && /vectors of 48/.test(message),
    )
  })

  it('refuse a precision that there is none of', async () => {
    expect(((await failureOf(open({model: 'tiny', dtype: 'q8'}))) as RagError).code).to.equal(
      'MODEL_UNUSABLE',
    )
    expect(((await failureOf(open({model: 'tiny', dtype: 'q99'}))) as RagError).code).to.equal('USAGE')
  })
})
