import {expect} from 'chai'
import Ingest from '../../src/commands/ingest.js'
import {RagError, type CallOptions, type IngestRequest} from '../../src/lib/index.js'
import {runCommand} from './run-command.js'
import {ingestReport} from './samples.js'

function ingesting(report = ingestReport()) {
  const asked: IngestRequest[] = []
  return {
    asked,
    rag: {
      ingest: (request: IngestRequest) => {
        asked.push(request)
        return Promise.resolve(report)
      },
    },
  }
}

describe('rag ingest', () => {
  it('passes every flag on', async () => {
    const {asked, rag} = ingesting()
    const argv =
      'a.md b.md --dir one --dir two --jsonl c.jsonl --corpus acme/docs --model lsa --types md,txt --include *.md --exclude drafts/** ' +
      '--no-ignore --max-file-size 2MB --chunk-size 100 --chunk-overlap 10 --batch-size 7 --embed-batch-size 8 --force ' +
      '--checksum --prune --wait 1.5 --id-prefix hb/ --text-only --no-refit --language de --weight 0.25 --msgpack-out out'
    const ran = await runCommand(Ingest, argv.split(' '), {rag})
    expect(ran.exit, ran.stderr).to.equal(0)
    expect(ran.opened[0]).to.include({waitMs: 1500})
    expect(asked).to.deep.equal([
      {
        corpus: 'acme/docs',
        dirs: ['one', 'two'],
        files: ['a.md', 'b.md'],
        jsonl: 'c.jsonl',
        settings: {model: 'lsa', chunkSize: 100, chunkOverlap: 10, vectorWeight: 0.25, language: 'de'},
        types: ['md', 'txt'],
        include: ['*.md'],
        exclude: ['drafts/**'],
        maxFileBytes: 2 * 1024 ** 2,
        batchSize: 7,
        embedBatchSize: 8,
        idPrefix: 'hb/',
        msgpackOut: 'out',
        ignoreFiles: false,
        force: true,
        checksum: true,
        prune: true,
        textOnly: true,
        noRefit: true,
        noCache: undefined,
      },
    ])
  })

  it('says what left as batches, and what waits', async () => {
    const left = {
      dir: '/srv/out',
      run: 3,
      files: [{file: 'c-run000003-00001-3fa94c21.msgpack', records: 40, sizeBytes: 61440}],
      ...{documents: 4, records: 40, vectors: 39, deleted: 1, bytes: 61440, waiting: 2},
    }
    const {rag} = ingesting(ingestReport({left}))
    const {stdout} = await runCommand(Ingest, ['--dir', 'one', '--msgpack-out', 'out', '--json'], {rag})
    const {files, ...rest} = left
    expect((JSON.parse(stdout) as {msgpack_out: unknown}).msgpack_out).to.deep.equal({
      ...rest,
      files: files.map(({file, records}) => ({file, records, size_bytes: 61440})),
    })
    const said = await runCommand(Ingest, ['--dir', 'one', '--msgpack-out', 'out'], {rag})
    expect(said.stdout).to.match(
      /^Left +4 documents, 1 deleted in 40 records: 1 file, 60 KB; 2 documents without all vectors, later; \/srv\/out$/m,
    )
    const none = {...left, files: [], waiting: 0}
    const idle = ingesting(ingestReport({left: none}))
    const quiet = await runCommand(Ingest, ['--dir', 'one', '--msgpack-out', 'out'], {rag: idle.rag})
    expect(quiet.stdout).to.match(/^Left +nothing new; \/srv\/out$/m)
  })

  it('sends only what was said: the settings of an existing corpus stay as they are', async () => {
    const {asked, rag} = ingesting()
    await runCommand(Ingest, ['--dir', 'one'], {rag})
    expect(asked[0]).to.include({
      corpus: 'default',
      maxFileBytes: 64 * 1024 ** 2,
      batchSize: 100,
      ignoreFiles: true,
    })
    expect(asked[0]?.settings).to.deep.equal({})
  })

  it('takes a folder among the files as a folder, and - as standard input', async () => {
    const {asked, rag} = ingesting()
    await runCommand(Ingest, ['src', '-', '--doc-id', 'notes'], {rag})
    expect(asked[0]).to.deep.include({dirs: ['src'], stdin: {docId: 'notes'}})
    expect(asked[0]).not.to.have.property('files')
  })

  it('ends with a summary', async () => {
    const ran = await runCommand(Ingest, ['--dir', 'one'], ingesting())
    expect(ran.stdout).to.contain('3 added, 1 updated, 1,200 unchanged, 0 deleted, 0 failed')
    expect(ran.stdout).to.match(/^Embedding +30 made, 10 reused \(25\.0 % from cache\)$/m)
    expect(ran.stdout).to.match(/^Speed +96 documents a second/m)
    expect(ran.stdout).to.contain('/store/indexes/default/1')
    expect(ran.stdout).to.contain('3 .png')
  })

  it('leaves out of the summary what says nothing', async () => {
    const report = ingestReport({
      dimension: 0,
      documents: {added: 0, updated: 0, unchanged: 7, deleted: 0, failed: 0},
      cache: {embedHits: 0, embedMisses: 0, hitRate: 0},
      checkpoints: 0,
      indexDir: '/nowhere/at/all/indexes',
    })
    const {stdout} = await runCommand(Ingest, ['--dir', 'one'], ingesting(report))
    expect(stdout)
      .to.match(/^Model +lsa, not learned yet$/m)
      .and.to.match(/^Embedding +0 made, 0 reused$/m)
    expect(stdout).not.to.match(/^(Speed|Index)/m)
    const one = await runCommand(Ingest, ['--dir', 'one'], ingesting(ingestReport({dimension: 1})))
    expect(one.stdout).to.match(/^Model +lsa, 1 dimension$/m)
  })

  it('prints the documented JSON', async () => {
    const ran = await runCommand(Ingest, ['--dir', 'one', '--json'], ingesting())
    const json = JSON.parse(ran.stdout) as Record<string, unknown>
    const documented =
      'corpus model dimension documents chunks cache checkpoints seconds documents_per_second chunks_per_second index_dir failed'
    expect(json).to.include.keys(documented.split(' '))
    expect(json['cache']).to.deep.equal({embed_hits: 10, embed_misses: 30, hit_rate: 0.25})
    expect(json['chunks']).to.have.all.keys('added', 'kept', 'deleted', 'total', 'pending')
  })

  it('warns of what was read only as far as it goes, and exits with 0', async () => {
    const faults = [
      {source: '/srv/people.csv', line: 12, message: 'a quote is never closed'},
      {source: '/srv/a.xml', message: 'it ends in the midst of an element'},
    ]
    const ran = await runCommand(Ingest, ['--dir', 'one', '--json'], ingesting(ingestReport({faults})))
    expect([ran.exit, ran.stderr]).to.deep.equal([
      0,
      'rag: warning: /srv/people.csv:12: a quote is never closed\nrag: warning: /srv/a.xml: it ends in the midst of an element\n',
    ])
    expect((JSON.parse(ran.stdout) as {faults: unknown}).faults).to.deep.equal([
      faults[0],
      {...faults[1], line: null},
    ])
  })

  it('names each input that failed, and exits with 3', async () => {
    const failed = [{source: 'locked.pdf', code: 'INPUT_UNREADABLE' as const, message: 'it is encrypted'}]
    const ran = await runCommand(Ingest, ['--dir', 'one', '--json'], ingesting(ingestReport({failed})))
    expect([ran.exit, ran.stderr]).to.deep.equal([
      3,
      'rag: failed: locked.pdf: it is encrypted (INPUT_UNREADABLE)\n',
    ])
    expect(JSON.parse(ran.stdout)).to.have.property('failed').that.deep.equals(failed)
  })

  it('finishes the batch in hand at the first signal, and leaves at the second', async () => {
    let signal = (): void => undefined
    const rag = {
      ingest: (_request: IngestRequest, options: CallOptions = {}) => {
        signal()
        expect(options.signal?.aborted).to.equal(true)
        return Promise.resolve(ingestReport({interrupted: true}))
      },
    }
    const ran = await runCommand(Ingest, ['--dir', 'one'], {
      rag,
      onListening: (deliver) => (signal = deliver),
    })
    expect(ran.exit).to.equal(130)
    expect(ran.stderr).to.match(/^rag: interrupted: finishing the batch in hand.*\n$/)
    expect(ran.stdout).to.contain('Run the same command again')
    expect(ran.closed).to.equal(1)
  })

  it('says how to go on after an interrupt on stderr when stdout is JSON', async () => {
    const interrupted = ingesting(ingestReport({interrupted: true}))
    const ran = await runCommand(Ingest, ['--dir', 'one', '--json'], interrupted)
    expect(ran.exit).to.equal(130)
    expect(JSON.parse(ran.stdout)).to.have.property('interrupted', true)
    expect(ran.stderr).to.contain('run the same command again')
    expect((await runCommand(Ingest, ['--dir', 'one', '--json', '-q'], interrupted)).stderr).to.equal('')
  })

  it('plans with --dry-run', async () => {
    const plan = {
      corpus: 'default',
      add: ['a.md'],
      update: [],
      unchanged: 4,
      remove: ['b.md'],
      failed: [],
      ignored: {},
    }
    const rag = {planIngest: () => Promise.resolve(plan)}
    const ran = await runCommand(Ingest, ['--dir', 'one', '--dry-run'], {rag})
    expect(ran.stdout)
      .to.contain('add     a.md\n')
      .and.to.contain('delete  b.md\n')
      .and.to.contain('Nothing was changed.')
    const json = await runCommand(Ingest, ['--dir', 'one', '-n', '--json'], {rag})
    expect(JSON.parse(json.stdout)).to.deep.include({dry_run: true, add: ['a.md'], delete: ['b.md']})
  })

  for (const argv of [
    [],
    ['-'],
    ['--doc-id', 'x', 'a.md'],
    ['-', '--doc-id', 'x', '--jsonl', '-'],
    ['--dir', 'x', '--max-file-size', 'huge'],
  ]) {
    it(`refuses ${JSON.stringify(argv)} with exit 2 and opens nothing`, async () => {
      const ran = await runCommand(Ingest, argv)
      expect([ran.exit, ran.opened.length]).to.deep.equal([2, 0])
    })
  }

  it('closes the library and reports when the call fails', async () => {
    const rag = {ingest: () => Promise.reject(new RagError('LEASE_HELD', 'busy', {hint: 'wait'}))}
    const ran = await runCommand(Ingest, ['--dir', 'one', '--json'], {rag})
    expect([ran.exit, ran.closed]).to.deep.equal([6, 1])
    expect(JSON.parse(ran.stdout)).to.deep.equal({error: {code: 'LEASE_HELD', message: 'busy', hint: 'wait'}})
    expect(ran.stderr).to.equal('')
  })
})
