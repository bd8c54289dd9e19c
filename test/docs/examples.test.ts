import {spawnSync, type SpawnSyncReturns} from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {withoutProgress} from './console-blocks.ts'
import {cleanEnvironment, putOnPath} from './on-path.ts'

const CORPUS = path.resolve('examples/corpus')

describe('the examples', function () {
  this.timeout(60_000)
  let home: string
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'rag-examples-'))
  })
  afterEach(() => rmSync(home, {recursive: true, force: true}))

  function run(argv: readonly string[], more: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
    const [program = '', ...args] = argv
    return spawnSync(program, args, {
      cwd: home,
      encoding: 'utf8',
      env: {...cleanEnvironment(home), TMPDIR: home, ...more},
    })
  }

  const realRag = (): void =>
    putOnPath(home, 'rag', `exec '${process.execPath}' '${path.resolve('bin/rag.js')}' "$@"`)

  describe('nightly.sh', () => {
    const script = path.resolve('examples/nightly.sh')
    const nightly = (folder: string): SpawnSyncReturns<string> =>
      run([script], {
        NIGHTLY_DIR: folder,
        RAG_DATA_DIR: path.join(home, 'store'),
        NIGHTLY_MAILTO: 'me@example.org',
      })
    const ragThatEndsWith = (code: number): void =>
      putOnPath(home, 'rag', `echo talk; echo "rag: error: why" >&2; exit ${code}`)
    const mailIs = (): string => {
      putOnPath(home, 'mail', `{ echo "$*"; cat; } > '${home}/mail.txt'`)
      return path.join(home, 'mail.txt')
    }

    it('is silent when all is well, and the documents are found', () => {
      realRag()
      const ran = nightly(CORPUS)
      expect([ran.status, ran.stdout, ran.stderr]).to.deep.equal([0, '', ''])
      expect(
        run(['rag', 'docs', 'list', '--format', 'jsonl'], {RAG_DATA_DIR: path.join(home, 'store')}).stdout,
      ).to.contain('bees/varroa.md')
      expect(readdirSync(home).sort(), 'the log is gone').to.deep.equal(['bin', 'store'])
    })

    it('mails the list of files that were skipped, and ends well', () => {
      realRag()
      const mail = mailIs()
      cpSync(CORPUS, path.join(home, 'folder'), {recursive: true})
      writeFileSync(path.join(home, 'folder/broken.json'), '{"a": [1,')
      const ran = nightly(path.join(home, 'folder'))
      expect([ran.status, ran.stdout, ran.stderr]).to.deep.equal([0, '', ''])
      expect(readFileSync(mail, 'utf8')).to.match(/me@example\.org\n[^]*broken\.json is not valid JSON/)
    })

    it('leaves it to the run that is writing', () => {
      ragThatEndsWith(6)
      const mail = mailIs()
      const ran = nightly(CORPUS)
      expect([ran.status, ran.stdout, ran.stderr, existsSync(mail)]).to.deep.equal([0, '', '', false])
    })

    it('says that it was interrupted', () => {
      ragThatEndsWith(130)
      const ran = nightly(CORPUS)
      expect([ran.status, ran.stderr]).to.deep.equal([
        130,
        'rag: the nightly run was interrupted and will go on next time\n',
      ])
    })

    for (const code of [1, 2, 4, 5, 8]) {
      it(`passes exit code ${code} on, with all that was said`, () => {
        ragThatEndsWith(code)
        const ran = nightly(CORPUS)
        expect([ran.status, ran.stderr]).to.deep.equal([code, 'talk\nrag: error: why\n'])
      })
    }

    it('does not empty the corpus when the folder is not mounted', () => {
      realRag()
      expect(nightly(CORPUS).status).to.equal(0)
      const ran = nightly(path.join(home, 'not-mounted'))
      expect(ran.status).to.equal(4)
      expect(ran.stderr).to.contain('Nothing was changed')
    })
  })

  it('crontab has well-formed lines and names scripts that can be run', () => {
    const lines = readFileSync('examples/crontab', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    const jobs = lines.filter((line) => !/^[A-Z_]+=\S+$/.test(line))
    expect(jobs.length).to.equal(3)
    for (const job of jobs) expect(job).to.match(/^(?:(?:[\d*/,-]+) ){5}\S/)
    for (const [, name] of readFileSync('examples/crontab', 'utf8').matchAll(/\/opt\/rag\/(\S+\.sh)/g))
      expect(statSync(name!).mode & 0o111, name).to.equal(0o111)
  })

  it('library.mjs ingests, searches, finds what shares no word with the query, and cleans up', () => {
    const ran = run([process.execPath, path.resolve('examples/library.mjs')])
    expect([ran.status, ran.stderr]).to.deep.equal([0, ''])
    expect(ran.stdout).to.match(/^42 documents, \d+ chunks, 0 pending\n/)
    expect(ran.stdout).to.match(
      /my insects flew away\n(?:.*\n){0,3}.*bees\/swarm-control\.md {2}\(by meaning alone\)/,
    )
    expect(ran.stdout).to.match(
      /flat dense bread\n(?:.*\n){0,2}.*bakery\/proofing\.md {2}\(by meaning alone\)/,
    )
    expect(ran.stdout).to.contain('DOCUMENT_MISSING: ')
    expect(readdirSync(home)).to.deep.equal([])
  })

  it('demo.sh works in a pipe, shows each command, and keeps its store where it says', () => {
    const ran = run(['bash', path.resolve('scripts/demo.sh')])
    expect([ran.status, withoutProgress(ran.stderr)]).to.deep.equal([0, ''])
    const folder = /^The store is in (\S+)$/m.exec(ran.stdout)?.[1] ?? ''
    expect(existsSync(path.join(folder, 'rag.db'))).to.equal(true)
    for (const shown of [
      'ingest --dir examples/corpus',
      'search TW-4031',
      '--mode vector',
      '--explain',
      '--filter',
      '--format files',
      '--json',
      'status',
    ])
      expect(ran.stdout).to.match(new RegExp(`^\\$ rag .*${shown}`, 'm'))
    expect(ran.stdout).to.contain('0 added, 0 updated, 42 unchanged').and.to.contain('What to try next')
  })

  it('demo.sh ends with an error when a step fails', () => {
    const ran = run(['bash', path.resolve('scripts/demo.sh')], {RAG_MAX_WORKERS: 'many'})
    expect(ran.status).to.equal(2)
    expect(ran.stderr).to.contain('The demo failed (exit 2)')
  })

  it('questions.jsonl: each question finds the document that it names first', () => {
    realRag()
    const questions = path.resolve('examples/questions.jsonl')
    expect(run(['rag', 'ingest', '--dir', CORPUS, '--quiet']).status).to.equal(0)
    const ran = run([
      'rag',
      'search',
      '--queries',
      questions,
      '--format',
      'jsonl',
      '--unit',
      'document',
      '-k',
      '1',
    ])
    const answers = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as {query: string; query_id: string; hits: {doc_id: string}[]})
    expect(answers.length).to.be.greaterThan(20)
    expect(answers.map(({query, hits}) => [query, hits[0]?.doc_id])).to.deep.equal(
      answers.map(({query, query_id}) => [query, query_id]),
    )
  })

  it('the corpus leaves out what .ragignore names', () => {
    expect(readFileSync(path.join(CORPUS, 'handbook/minutes-2026-01.txt'), 'utf8')).to.contain(
      'zinnober-falcon',
    )
    realRag()
    expect(run(['rag', 'ingest', '--dir', CORPUS, '--quiet']).status).to.equal(0)
    expect(
      run(['rag', 'search', 'zinnober-falcon', '--mode', 'keyword', '--format', 'files']).stdout,
    ).to.equal('')
    expect(run(['rag', 'search', 'January', '--mode', 'keyword', '--format', 'files']).stdout).not.to.contain(
      'minutes',
    )
  })
})
