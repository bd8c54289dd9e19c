import {rmSync} from 'node:fs'
import {expect} from 'chai'
import {inspectStore, rowsOf, withDatabase} from '../support/corpus-snapshot.js'
import {filesBelow, filesHolding, TempHome} from '../support/temp-home.js'

const MODES = ['keyword', 'vector', 'hybrid']

interface HardJson {
  readonly deleted: boolean
  readonly hard?: {readonly proof: readonly {readonly place: string; readonly absent: boolean}[]}
}

interface StatusJson {
  readonly unfinished_deletes: readonly unknown[]
}

describe('rag docs and rag corpus, by the real binary', function () {
  this.timeout(30_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('documents')
  })
  afterEach(() => {
    expect(inspectStore(home.data).faults).to.deep.equal([])
    home.remove()
  })

  /** Documents that share words, so that a model can be learned, and each has one of its own. */
  async function stock(...names: string[]): Promise<void> {
    for (const name of names)
      home.write(
        `kb/${name}.md`,
        `# Card of ${name}\n\nThe customer ${name} ordered apples and pears; the secret of ${name} is xyzzy${name} and must go.\n`,
      )
    await home.ok('ingest', '--dir', 'kb')
  }

  it('upserts one document; the same again is skipped; another text replaces it', async () => {
    const upsert = (text: string): Promise<Record<string, unknown>> =>
      home.json('docs', 'upsert', '--doc-id', 'motd', '--text', text, '--metadata', '{"year":2026}')
    expect(await upsert('The office is closed on Friday.')).to.include({
      accepted: true,
      upserted_docs: 1,
      skipped_docs: 0,
      chunks_created: 1,
      job_id: null,
    })
    expect(await upsert('The office is closed on Friday.')).to.include({
      upserted_docs: 0,
      skipped_docs: 1,
      chunks_created: 0,
    })
    expect(await upsert('The office is open again.')).to.include({upserted_docs: 1, chunks_created: 1})
    expect(await home.found('office', '--filter', 'year=2026')).to.deep.equal(['motd'])
    expect(await home.found('Friday', '--mode', 'keyword')).to.deep.equal([])
  })

  it('a soft-deleted document is gone from every mode at once, and comes back with the next ingest', async () => {
    await stock('anna', 'bert', 'cora', 'dora')
    const rows = rowsOf(home.data, 'bert.md')
    await home.ok('docs', 'delete', 'bert.md')
    for (const mode of MODES)
      expect(await home.found('xyzzybert customer', '--mode', mode), mode).not.to.include('bert.md')
    expect((await home.json<{total: number}>('docs', 'list')).total).to.equal(3)
    expect((await home.run(['docs', 'show', 'bert.md'])).code).to.equal(4)
    const report = await home.json('ingest', '--dir', 'kb')
    expect(report.documents).to.include({added: 1, unchanged: 3})
    expect(report.cache.embed_misses).to.equal(0)
    expect(rowsOf(home.data, 'bert.md').map((row) => row.chunk)).to.deep.equal(rows.map((row) => row.chunk))
    for (const mode of MODES)
      expect(await home.found('xyzzybert customer', '--mode', mode), mode).to.include('bert.md')
  })

  it('a hard-deleted document leaves no byte of its words anywhere', async () => {
    await stock('anna', 'bert', 'cora', 'dora')
    home.write(
      'kb/bert.md',
      '# Card of bert\n\nThe customer bert ordered plums; the older secret is xyzzybert again, plugh.\n',
    )
    await home.ok('ingest', '--dir', 'kb')
    expect(filesHolding(home.data, 'xyzzybert')).not.to.deep.equal([])
    const report = await home.json<HardJson>('docs', 'delete', 'bert.md', '--hard')
    expect(report.deleted).to.equal(true)
    expect(report.hard!.proof.filter((it) => !it.absent)).to.deep.equal([])
    for (const word of ['xyzzybert', 'plugh', 'Card of bert'])
      expect(filesHolding(home.data, word), word).to.deep.equal([])
    for (const mode of MODES)
      expect(await home.found('customer anna', '--mode', mode), mode).to.include('anna.md')
  })

  it('hard-deleting all documents, one by one, leaves nothing of any, not even in the learned model', async () => {
    const names = ['anna', 'bert', 'cora', 'dora']
    await stock(...names)
    for (const name of names) {
      const report = await home.json<HardJson>('docs', 'delete', `${name}.md`, '--hard')
      expect(
        report.hard!.proof.filter((it) => !it.absent),
        name,
      ).to.deep.equal([])
      expect(filesHolding(home.data, `xyzzy${name}`), name).to.deep.equal([])
    }
    expect(filesHolding(home.data, 'customer')).to.deep.equal([])
    expect((await home.run(['search', 'customer'])).code).to.equal(0)
    await stock(...names)
    expect(await home.found('customer anna', '--mode', 'vector')).to.include('anna.md')
  })

  it('a document that was softly deleted before can be hard-deleted afterwards', async () => {
    await stock('anna', 'bert', 'cora')
    await home.ok('docs', 'delete', 'bert.md')
    expect(filesHolding(home.data, 'xyzzybert')).not.to.deep.equal([])
    const report = await home.json<HardJson>('docs', 'delete', 'bert.md', '--hard')
    expect(report.deleted).to.equal(true)
    expect(filesHolding(home.data, 'xyzzybert')).to.deep.equal([])
    expect((await home.run(['docs', 'delete', 'bert.md', '--hard'])).code).to.equal(4)
  })

  it('a hard delete that was killed half-way is made whole by the next command that writes', async () => {
    await stock('anna', 'bert', 'cora', 'dora')
    // The rows are gone within the first transaction; what comes after it is the learned model.
    const ran = await home.run(['docs', 'delete', 'bert.md', '--hard'], {
      onStart: (child) => {
        const poll = setInterval(() => {
          const left = withDatabase(home.data, (db) =>
            db.prepare("SELECT count(*) FROM documents WHERE doc_id = 'bert.md'").pluck().get(),
          )
          if (left !== 0) return
          clearInterval(poll)
          child.kill('SIGKILL')
        }, 1)
        child.on('close', () => clearInterval(poll))
      },
    })
    console.log(
      `      ${ran.signal === 'SIGKILL' ? 'killed after the first transaction' : 'was done before the kill'}`,
    )
    expect(inspectStore(home.data).faults).to.deep.equal([])
    await home.ok('ingest', '--dir', 'kb', '--include', 'anna.md')
    expect(filesHolding(home.data, 'xyzzybert')).to.deep.equal([])
    expect((await home.json<StatusJson>('status')).unfinished_deletes).to.deep.equal([])
  })

  it('of several ids, unknown ones are named (exit 3); none known is exit 4', async () => {
    await stock('anna', 'bert')
    const some = await home.run(['docs', 'delete', 'anna.md', 'nosuch', '--json'])
    expect(some.code).to.equal(3)
    expect(JSON.parse(some.stdout)).to.deep.include({
      documents: [
        {doc_id: 'anna.md', deleted: true},
        {doc_id: 'nosuch', deleted: false},
      ],
    })
    expect((await home.run(['docs', 'delete', 'anna.md'])).code).to.equal(4)
  })

  it('lists and shows, also by filter', async () => {
    await stock('anna', 'bert', 'cora')
    const list = await home.json<{documents: {doc_id: string}[]; total: number}>(
      'docs',
      'list',
      '--filter',
      'doc_id=*a.md',
      '--limit',
      '1',
    )
    expect(list.total).to.equal(2)
    expect(list.documents.map((it) => it.doc_id)).to.deep.equal(['anna.md'])
    const shown = await home.json<{chunk_list: {chunk_id: string; text: string}[]; embedded: number}>(
      'docs',
      'show',
      'anna.md',
      '--chunks',
    )
    expect(shown.chunk_list[0]!.chunk_id).to.equal('anna.md#c0001')
    expect(shown.embedded).to.equal(1)
  })

  it('corpora of one tenant and of that name live side by side; deleting one leaves the other', async () => {
    home.write('kb/x.md', '# X\n\nApples and pears and apples.\n')
    home.write('kb/y.md', '# Y\n\nPears and plums and pears.\n')
    for (const corpus of ['a', 'a/b', 'a/c', 'a.b'])
      await home.ok('ingest', '--dir', 'kb', '--corpus', corpus)
    const list = async (): Promise<string[]> =>
      (await home.json<{corpora: {corpus: string}[]}>('corpus', 'list')).corpora.map((it) => it.corpus)
    expect(await list()).to.have.members(['a', 'a/b', 'a/c', 'a.b'])
    await home.ok('corpus', 'delete', 'a', '--yes')
    expect(await list()).to.have.members(['a/b', 'a/c', 'a.b'])
    for (const corpus of ['a/b', 'a/c', 'a.b'])
      expect(await home.found('plums', '--corpus', corpus, '--mode', 'vector'), corpus).to.include('y.md')
    await home.ok('corpus', 'delete', 'a/b', '--yes')
    await home.ok('corpus', 'delete', 'a.b', '--yes')
    expect(await home.json<object>('corpus', 'show', 'a/c')).to.include({
      corpus: 'a/c',
      tenant: 'a',
      documents: 2,
    })
    await home.ok('corpus', 'delete', 'a/c', '--yes')
    expect(filesBelow(home.data).filter((file) => /\.(lsa|hnsw)/.test(file))).to.deep.equal([])
    expect(filesHolding(home.data, 'plums')).to.deep.equal([])
  })

  it('corpus delete asks, and without an answer or --yes deletes nothing', async () => {
    home.write('kb/x.md', '# X\n\nApples and pears and apples.\n')
    await home.ok('ingest', '--dir', 'kb')
    const ran = await home.run(['corpus', 'delete', 'default'])
    expect(ran.code, ran.stderr).not.to.equal(0)
    expect((await home.json<{corpora: unknown[]}>('corpus', 'list')).corpora.length).to.equal(1)
  })

  it('status shows what is there and what is missing; config shows where values come from', async () => {
    await stock('anna', 'bert')
    expect(await home.json<object>('status')).to.deep.include({
      ok: true,
      db_ok: true,
      index_store_ok: true,
      notes: [],
    })
    for (const model of filesBelow(`${home.data}/models`)) rmSync(model)
    const ran = await home.run(['status', '--json'])
    expect(ran.code).to.equal(5)
    const status = JSON.parse(ran.stdout) as {ok: boolean; notes: string[]}
    expect(status.ok).to.equal(false)
    expect(status.notes.join()).to.match(/model file/i)
    await home.ok('ingest', '--dir', 'kb')
    expect(await home.json<object>('status')).to.deep.include({ok: true, notes: []})
    const config = (await home.ok('config')).stdout
    expect(config).to.contain(home.data).and.contain('RAG_DATA_DIR')
  })
})
