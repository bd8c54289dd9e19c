import {expect} from 'chai'
import {inspectStore, rowsOf, snapshotCorpus} from '../support/corpus-snapshot.js'
import {TempHome} from '../support/temp-home.js'

const lines = (...documents: unknown[]): string => documents.map((it) => `${JSON.stringify(it)}\n`).join('')

const PRE_EMBEDDED = lines(
  {
    doc_id: 'one',
    title: 'First',
    metadata: {year: 2024},
    chunks: [
      {text: 'red apples', embedding: [1, 0, 0], metadata: {part: 1}},
      {text: 'green pears', embedding: [0, 1, 0], metadata: {part: 2}},
    ],
  },
  {doc_id: 'two', chunks: [{text: 'blue plums', embedding: [0, 0, 1]}]},
)

describe('rag ingest --jsonl, by the real binary', function () {
  this.timeout(20_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('jsonl')
  })
  afterEach(() => {
    expect(inspectStore(home.data).faults).to.deep.equal([])
    home.remove()
  })

  it('takes documents under doc_id, _id and id, and skips them the second time', async () => {
    home.write(
      'in.jsonl',
      lines({doc_id: 'a', text: 'alpha'}, {_id: 'b', text: 'beta'}, {id: 3, text: 'gamma'}),
    )
    expect((await home.json('ingest', '--jsonl', 'in.jsonl')).documents).to.include({added: 3})
    expect((await home.json('ingest', '--jsonl', 'in.jsonl')).documents).to.include({added: 0, unchanged: 3})
    expect(await home.found('gamma', '--mode', 'keyword')).to.deep.equal(['3'])
  })

  it('of an id that comes twice, the last line wins, however often the file is ingested', async () => {
    home.write('in.jsonl', lines({doc_id: 'a', text: 'first alpha'}, {doc_id: 'a', text: 'second beta'}))
    for (const batchSize of ['100', '100', '1', '1']) {
      await home.ok('ingest', '--jsonl', 'in.jsonl', '--batch-size', batchSize)
      expect(await home.found('beta', '--mode', 'keyword')).to.deep.equal(['a'])
      expect(await home.found('alpha', '--mode', 'keyword')).to.deep.equal([])
    }
  })

  it('takes chunks as they were cut and vectors as they were made', async () => {
    home.write('in.jsonl', PRE_EMBEDDED)
    const report = await home.json('ingest', '--jsonl', 'in.jsonl', '--model', 'external:mine')
    expect(report).to.include({model: 'mine', dimension: 3})
    expect(report.chunks).to.include({added: 3, total: 3, pending: 0})
    const {vectors, chunks} = snapshotCorpus(home.data, 'default')
    expect(chunks['one#2']!.at(-1)).to.equal('green pears')
    expect(vectors['one#2']).to.equal(`dense ${Buffer.from(Float32Array.of(0, 1, 0).buffer).toString('hex')}`)
    const again = await home.json('ingest', '--jsonl', 'in.jsonl', '--force')
    expect(again.chunks).to.include({total: 3, pending: 0})
    expect(await home.found('pears', '--filter', 'part=2')).to.deep.equal(['one'])
    expect(await home.found('pears', '--filter', 'part=1')).to.deep.equal([])
  })

  it('a changed vector replaces the old one', async () => {
    home.write('in.jsonl', PRE_EMBEDDED)
    await home.ok('ingest', '--jsonl', 'in.jsonl')
    const before = rowsOf(home.data, 'one')
    home.write('in.jsonl', PRE_EMBEDDED.replace('[0,1,0]', '[0,0.5,0]'))
    expect((await home.json('ingest', '--jsonl', 'in.jsonl')).documents).to.include({
      updated: 1,
      unchanged: 1,
    })
    const after = rowsOf(home.data, 'one')
    expect(after[0]).to.deep.equal(before[0])
    expect(after[1]!.chunk).to.equal(before[1]!.chunk)
    expect(after[1]!.seq).not.to.equal(before[1]!.seq)
  })

  it('vectors of two models never meet', async () => {
    home.write('in.jsonl', PRE_EMBEDDED)
    home.write('kb/a.md', '# A\n\nSome text about apples and some about pears.\n')
    await home.ok('ingest', '--dir', 'kb')
    const before = snapshotCorpus(home.data, 'default')
    const ran = await home.run(['ingest', '--jsonl', 'in.jsonl', '--json'])
    expect(ran.code).to.equal(3)
    const {failed} = JSON.parse(ran.stdout) as {failed: {code: string; source: string}[]}
    expect(failed.map((it) => [it.source, it.code])).to.deep.equal([
      ['in.jsonl:1', 'MODEL_MISMATCH'],
      ['in.jsonl:2', 'MODEL_MISMATCH'],
    ])
    expect(snapshotCorpus(home.data, 'default')).to.deep.equal(before)
  })

  it('names each bad line and takes the rest, exit 3', async () => {
    const bad: [string, string][] = [
      ['{"doc_id":"x","text":', 'BAD_INPUT'],
      ['[1,2]', 'BAD_INPUT'],
      ['{"text":"no id"}', 'BAD_INPUT'],
      ['{"doc_id":"x"}', 'BAD_INPUT'],
      ['{"doc_id":"x","text":7}', 'BAD_INPUT'],
      ['{"doc_id":"x","text":"t","metadata":[1]}', 'BAD_INPUT'],
      ['{"doc_id":"x","chunks":[{"text":"t","embedding":[1,1e999,3]}]}', 'BAD_VECTOR'],
      ['{"doc_id":"x","chunks":[{"text":"t","embedding":["1",2,3]}]}', 'BAD_VECTOR'],
      ['{"doc_id":"x","chunks":[{"text":"t","embedding":[null,2,3]}]}', 'BAD_VECTOR'],
      ['{"doc_id":"x","chunks":[{"text":"t","embedding":[NaN,2,3]}]}', 'BAD_INPUT'],
      ['{"doc_id":"x","chunks":[{"text":"t","embedding":[0,0,0]}]}', 'BAD_VECTOR'],
      ['{"doc_id":"x","chunks":[{"text":"t","embedding":[]}]}', 'BAD_VECTOR'],
      ['{"doc_id":"x","chunks":[{"text":"t","embedding":[1,2]}]}', 'DIMENSION_MISMATCH'],
      [
        '{"doc_id":"x","chunks":[{"text":"t","embedding":[1,2]},{"text":"u","embedding":[1,2,3]}]}',
        'DIMENSION_MISMATCH',
      ],
      [`{"doc_id":"x","text":"t","metadata":{"k":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`, 'BAD_INPUT'],
      [`{"doc_id":"${'x'.repeat(2000)}","text":"t"}`, 'BAD_INPUT'],
    ]
    const good = JSON.stringify({doc_id: 'good', chunks: [{text: 'good apples', embedding: [1, 2, 3]}]})
    const last = JSON.stringify({doc_id: 'last', chunks: [{text: 'last pears', embedding: [3, 2, 1]}]})
    home.write('in.jsonl', `${good}\n${bad.map(([line]) => `${line}\n`).join('')}\n${last}`)
    const ran = await home.run(['ingest', '--jsonl', 'in.jsonl', '--json'])
    expect(ran.code, ran.stderr).to.equal(3)
    const {documents, failed} = JSON.parse(ran.stdout) as {
      documents: object
      failed: {source: string; code: string; message: string}[]
    }
    expect(documents).to.include({added: 2, failed: bad.length})
    expect(failed.map((it) => [it.source, it.code])).to.deep.equal(
      bad.map(([, code], i) => [`in.jsonl:${i + 2}`, code]),
    )
    for (const {message} of failed) expect(message.length, message).to.be.lessThan(400)
    expect(await home.found('apples pears', '--mode', 'keyword')).to.have.members(['good', 'last'])
  })

  it('a bad line is not able to change what the corpus is embedded by', async () => {
    home.write(
      'in.jsonl',
      '{"doc_id":"x","chunks":[{"text":"t","embedding":[1,2]},{"text":"u","embedding":[1,2,3]}]}\n',
    )
    expect((await home.run(['ingest', '--jsonl', 'in.jsonl'])).code).to.equal(3)
    expect(await home.json<object>('corpus', 'show')).to.include({model: 'lsa', embedding_version: 0})
  })

  it('metadata of any depth that is taken leaves filters usable', async () => {
    const deep = `${'{"a":'.repeat(90)}1${'}'.repeat(90)}`
    home.write(
      'in.jsonl',
      `{"doc_id":"deep","text":"apples","metadata":{"k":${deep}}}\n{"doc_id":"proto","text":"apples","metadata":{"__proto__":{"x":1},"year":2024}}\n`,
    )
    await home.ok('ingest', '--jsonl', 'in.jsonl')
    expect(await home.found('apples', '--filter', 'year=2024')).to.deep.equal(['proto'])
    expect(await home.found('apples', '--filter', 'year!=2024')).to.deep.equal(['deep'])
  })
})
