import {execFileSync} from 'node:child_process'
import {expect} from 'chai'
import Completion from '../../src/commands/completion.js'
import ConfigShow from '../../src/commands/config.js'
import CorpusDelete from '../../src/commands/corpus/delete.js'
import CorpusList from '../../src/commands/corpus/list.js'
import CorpusShow from '../../src/commands/corpus/show.js'
import Status from '../../src/commands/status.js'
import {corpusMissingSample, runCommand} from './run-command.js'
import {corpusReport, statusReport} from './samples.js'

const CORPUS_KEYS =
  'corpus tenant model embedding_version dimension documents chunks vectors pending dummy segments version fingerprint bytes created_at updated_at settings'

describe('rag corpus', () => {
  it('list: prints the documented JSON, and a table that fits the terminal', async () => {
    const long = corpusReport({corpus: 'a'.repeat(60)})
    const rag = {listCorpora: () => Promise.resolve([corpusReport(), long])}
    const json = JSON.parse((await runCommand(CorpusList, ['--json'], {rag})).stdout) as {corpora: object[]}
    expect(json.corpora[0]).to.include.keys(CORPUS_KEYS.split(' '))
    const ran = await runCommand(CorpusList, [], {rag, tty: true, columns: 100, env: {NO_COLOR: '1'}})
    const lines = ran.stdout.trimEnd().split('\n')
    expect(lines).to.have.length(3)
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100)
    expect(lines[2]).to.contain('…')
    expect(lines[0]).to.match(/ INDEX +UPDATED$/)
  })

  it('show: takes the name as argument or from --corpus', async () => {
    const names: string[] = []
    const rag = {
      showCorpus: (name: string) => {
        names.push(name)
        return Promise.resolve(corpusReport())
      },
    }
    await runCommand(CorpusShow, ['notes'], {rag})
    await runCommand(CorpusShow, ['--corpus', 'acme/docs'], {rag})
    await runCommand(CorpusShow, [], {rag, env: {RAG_CORPUS: 'env'}})
    expect(names).to.deep.equal(['notes', 'acme/docs', 'env'])
  })

  it('refuses a bad name with exit 2, and passes a missing one on as exit 4', async () => {
    expect((await runCommand(CorpusShow, ['Not A Name'])).exit).to.equal(2)
    expect((await runCommand(CorpusShow, ['--corpus', '../etc'])).exit).to.equal(2)
    const rag = {showCorpus: () => Promise.reject(corpusMissingSample)}
    expect((await runCommand(CorpusShow, ['gone'], {rag})).exit).to.equal(4)
  })

  describe('delete', () => {
    const rag = {
      deleteCorpus: (corpus: string) => Promise.resolve({corpus, documents: 2, chunks: 3, bytesFreed: 2048}),
    }

    it('needs --yes where there is no terminal', async () => {
      expect((await runCommand(CorpusDelete, ['old'], {rag})).exit).to.equal(2)
      expect(
        (await runCommand(CorpusDelete, ['old', '--json'], {rag, tty: true, answer: 'old'})).exit,
      ).to.equal(2)
      const ran = await runCommand(CorpusDelete, ['old', '--yes'], {rag})
      expect([ran.exit, ran.stdout]).to.deep.equal([
        0,
        'Deleted corpus old: 2 documents, 3 chunks, 2.0 KB of index and model files.\n',
      ])
    })

    it('asks on a terminal for the name', async () => {
      expect((await runCommand(CorpusDelete, ['old'], {rag, tty: true, answer: 'y'})).exit).to.equal(2)
      expect((await runCommand(CorpusDelete, ['old'], {rag, tty: true, answer: 'old\n'})).exit).to.equal(0)
    })
  })
})

describe('rag status', () => {
  it('prints the documented JSON', async () => {
    const ran = await runCommand(Status, ['--json'], {rag: {status: () => Promise.resolve(statusReport())}})
    const json = JSON.parse(ran.stdout) as {indices: object[]}
    expect(json).to.include.keys('ok db_ok index_store_ok jobqueue_ok build_info indices queue'.split(' '))
    expect(json)
      .to.have.property('queue')
      .that.has.all.keys('total', 'pending', 'running', 'completed', 'failed')
    expect(json.indices[0]).to.deep.include({
      tenant_id: 'acme',
      namespace: 'docs',
      embedding_version: 2,
      ntotal: 15_300,
      dimension: 256,
      dirty: true,
      updated_at: '2026-02-02T03:04:05.000Z',
    })
  })

  it('shows the size of the database', async () => {
    const {stdout} = await runCommand(Status, [], {rag: {status: () => Promise.resolve(statusReport())}})
    expect(stdout).to.match(/^Database +ok, 4\.0 KB$/m)
  })

  it('says nothing of a job queue, as there is none', async () => {
    const {stdout} = await runCommand(Status, [], {rag: {status: () => Promise.resolve(statusReport())}})
    expect(stdout).not.to.match(/jobs|queue/i)
  })

  it('exits with 5 when something is damaged', async () => {
    const status = () =>
      Promise.resolve(statusReport({ok: false, indexStoreOk: false, notes: ['run rag rebuild']}))
    const ran = await runCommand(Status, [], {rag: {status}})
    expect(ran.exit).to.equal(5)
    expect(ran.stdout).to.contain('NOT OK').and.to.contain('run rag rebuild')
  })
})

describe('rag config', () => {
  it('prints each value with where it came from, and no secret', async () => {
    const env = {RAG_MODEL: 'lsa', DATABASE_URL: 'postgres://me:hunter2@db/x'}
    const ran = await runCommand(ConfigShow, ['--data-dir', '/srv/store', '--json'], {env})
    const json = JSON.parse(ran.stdout) as {settings: Record<string, unknown>}
    expect(json.settings['data_dir']).to.deep.equal({value: '/srv/store', origin: 'flag', from: '--data-dir'})
    expect(json.settings['model']).to.deep.equal({value: 'lsa', origin: 'env', from: 'RAG_MODEL'})
    const text = await runCommand(ConfigShow, [], {env})
    expect(text.stdout).to.match(/^model +lsa +RAG_MODEL/m)
    expect(ran.stdout + text.stdout).not.to.contain('hunter2')
  })

  it('does not list a setting that changes nothing', async () => {
    for (const name of ['DATABASE_URL', 'SUPABASE_DB_URL']) {
      const env = {[name]: 'postgres://me:hunter2@db/x'}
      const text = await runCommand(ConfigShow, [], {env})
      const json = await runCommand(ConfigShow, ['--json'], {env})
      expect([text.exit, text.stderr, json.exit, json.stderr]).to.deep.equal([0, '', 0, ''])
      expect(text.stdout + json.stdout)
        .to.match(/log_format/)
        .and.not.to.match(/database|PostgreSQL/i)
    }
  })
})

describe('rag completion', () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    it(`knows every command and its flags in ${shell}`, async () => {
      const script = (await runCommand(Completion, [shell])).stdout
      for (const word of ['ingest', 'upsert', 'corpus', 'max-file-size', 'weighted'])
        expect(script).to.contain(word)
    })
  }

  it('completes in a real bash', async () => {
    const script = (await runCommand(Completion, ['bash'])).stdout
    const complete = (...words: string[]): string =>
      execFileSync(
        'bash',
        [
          '-c',
          `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rag; echo "\${COMPREPLY[*]}"`,
          'x',
          ...words,
        ],
        {
          encoding: 'utf8',
        },
      ).trim()
    expect(complete('rag', 'ing')).to.equal('ingest')
    expect(complete('rag', 'docs', 'u')).to.equal('upsert')
    expect(complete('rag', 'search', '--fusion', '')).to.equal('weighted rrf')
    expect(complete('rag', 'docs', 'delete', '--ha')).to.equal('--hard')
  })
})
