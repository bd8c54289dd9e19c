import {expect} from 'chai'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {nodeFileOperations} from '../../../src/lib/adapters/files/file-operations.js'
import {createLsa} from '../../../src/lib/lsa/create-lsa.js'
import type {RagError} from '../../../src/lib/model/errors.js'
import type {Embedder} from '../../../src/lib/ports/embedder.js'
import {embedderContract, failureOf, type EmbedderCase} from '../../contract/embedder.contract.js'
import {fakeAnalyser} from './fake-analyser.js'
import {fakeLsa, fakeWorkerUrl, identityOf, inBatches, syntheticInputs} from './lsa-fixture.js'

const inputs = syntheticInputs(100)
const folder = mkdtempSync(path.join(tmpdir(), 'lsa-test-'))
after(() => rmSync(folder, {recursive: true, force: true}))

async function fitted(open: (file: string, dimension: number) => Promise<Embedder>): Promise<EmbedderCase> {
  const file = path.join(folder, 'model')
  const {dimension} = await fakeLsa(1).fit(inBatches(inputs), {dimension: 24, path: file})
  return {
    open: () => open(file, dimension),
    inputs: inputs.slice(0, 40),
    unknown: {text: 'quux zyzzy', language: 'en'},
  }
}

embedderContract('LSA for queries', () =>
  fitted((file, dimension) => fakeLsa().openForQueries(file, identityOf(dimension))),
)
const openForPassages =
  (threads: number) =>
  (file: string, dimension: number): Promise<Embedder> =>
    fakeLsa(threads).openForPassages(file, identityOf(dimension))
embedderContract('LSA for passages', () => fitted(openForPassages(2)))

describe('LSA for passages', () => {
  let embedder: Embedder
  beforeEach(async () => (embedder = await (await fitted(openForPassages(1))).open()))
  afterEach(() => embedder.close())

  it('rejects all calls, and does not hang, once a worker has ended', async () => {
    const poison = [...inputs, {text: 'crashworker', language: 'en'}]
    for (let call = 0; call < 3; call++) {
      const error = (await failureOf(embedder.embed(poison, {kind: 'passage'}))) as RagError
      expect(error.code).to.equal('EMBEDDER_UNREACHABLE')
      expect(error.message).to.contain('ended with code 3')
    }
  })

  it('rejects what is under way when it is closed', async () => {
    const failure = failureOf(embedder.embed(inputs, {kind: 'passage'}))
    await embedder.close()
    expect(((await failure) as RagError).code).to.equal('EMBEDDER_UNREACHABLE')
  })

  it('does not use a worker that analyses text otherwise', async () => {
    const file = path.join(folder, 'other')
    const lsa = fakeLsa(1, 'fake-9')
    const {dimension} = await lsa.fit(inBatches(inputs.slice(0, 20)), {dimension: 8, path: file})
    const other = await lsa.openForPassages(file, identityOf(dimension))
    const error = (await failureOf(other.embed(inputs, {kind: 'passage'}))) as RagError
    expect(error.code).to.equal('EMBEDDER_UNREACHABLE')
    expect(error.message).to.contain('fake-9')
    await other.close()
  })

  it('gives a handful of texts, before workers are started, the vectors that workers give', async () => {
    const few = await embedder.embed(inputs.slice(0, 10), {kind: 'passage'})
    const many = await embedder.embed(inputs, {kind: 'passage'})
    expect(many.slice(0, 10)).to.deep.equal(few)
  })

  it('takes the languages of a query from its tag, comma-separated', async () => {
    const analysed: (readonly string[])[] = []
    const analyser = fakeAnalyser()
    const lsa = createLsa({
      files: nodeFileOperations,
      analyser: {
        ...analyser,
        queryTerms: (query, languages) => {
          analysed.push(languages)
          return analyser.queryTerms(query, languages)
        },
      },
      threads: 1,
      workerUrl: fakeWorkerUrl,
    })
    const queries = await lsa.openForQueries(path.join(folder, 'model'), identityOf(24))
    await queries.embed([{text: 'm1x1', language: 'de,en'}, {text: 'm1x1'}], {kind: 'query'})
    await queries.close()
    expect(analysed).to.deep.equal([['de', 'en'], ['en']])
  })
})
