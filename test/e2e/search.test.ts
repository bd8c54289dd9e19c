import {spawn} from 'node:child_process'
import path from 'node:path'
import {expect} from 'chai'
import {TempHome, bytesOf, filesBelow} from '../support/temp-home.js'

interface Hit {
  readonly rank: number
  readonly score: number
  readonly doc_id: string
  readonly chunk_id: string
  readonly text: string
  readonly snippet?: {readonly text: string; readonly marks: readonly (readonly [number, number])[]}
}

interface Report {
  readonly query: string
  readonly mode: string
  readonly hits: readonly Hit[]
  readonly total_found: number
  readonly degraded: boolean
  readonly notes?: readonly string[]
}

const MODES = ['hybrid', 'keyword', 'vector']

describe('rag search, by the real binary', function () {
  this.timeout(30_000)
  let home: TempHome
  before(async () => {
    home = new TempHome('search')
    for (let i = 0; i < 12; i++) {
      const fruit = ['apples', 'pears', 'plums'][i % 3]!
      home.write(
        `kb/${fruit}/n${i}.md`,
        `---\nyear: ${2015 + i}\ndraft: ${i % 2 === 0}\n---\n# Note ${i}\n\nOrchards grow ${fruit}, and ${fruit} are sold at the market on day${i}.\n\n## Storage\n\nCold cellars keep ${fruit} fresh until spring.\n`,
      )
    }
    await home.ok('ingest', '--dir', 'kb', '--chunk-size', '24', '--chunk-overlap', '0')
  })
  after(() => home.remove())

  it('answers in each mode, best first, at most --top-k', async () => {
    for (const mode of MODES) {
      const report = await home.json<Report>(
        'search',
        'pears in cold cellars',
        '--mode',
        mode,
        '--top-k',
        '4',
      )
      expect(report, mode).to.include({query: 'pears in cold cellars', mode, degraded: false})
      expect(report.hits.map((hit) => hit.rank)).to.deep.equal([1, 2, 3, 4])
      expect(report.hits[0]!.text, mode).to.contain('pears')
      const scores = report.hits.map((hit) => hit.score)
      expect(scores).to.deep.equal([...scores].sort((a, b) => b - a))
    }
  })

  it('writes every format to stdout, and nothing else there', async () => {
    const argv = ['search', 'plums', '--top-k', '3']
    const shape: Readonly<Record<string, RegExp>> = {
      text: /^1\. \d\.\d+ {2}plums\//,
      json: /^\{\n/,
      jsonl: /^\{"/,
      csv: /^[a-z_]+(,[a-z_]+)+\r?\n/,
      md: /plums/,
      files: /^kb\/plums\/n\d+\.md:\d+\n/,
    }
    for (const [format, pattern] of Object.entries(shape)) {
      const ran = await home.run([...argv, '--format', format])
      expect([ran.code, ran.stderr], format).to.deep.equal([0, ''])
      expect(ran.stdout, format).to.match(pattern)
      expect(ran.stdout.endsWith('\n'), format).to.equal(true)
    }
    const files = (await home.ok('search', 'plums', '--format', 'files')).stdout.trim().split('\n')
    expect(new Set(files).size, 'each file once').to.equal(files.length)
  })

  it('marks words of the text', async () => {
    const {hits} = await home.json<Report>('search', 'fresh plums')
    for (const {snippet} of hits)
      for (const [start, end] of snippet?.marks ?? [])
        expect(snippet!.text.slice(start, end).toLowerCase()).to.match(/^(fresh|plum)/)
  })

  it('keeps to filters in every mode', async () => {
    const cases: [string[], (i: number) => boolean][] = [
      [['year>=2020'], (i) => i >= 5],
      [['year<2020', 'draft=true'], (i) => i < 5 && i % 2 === 0],
      [['doc_id=plums/*'], (i) => i % 3 === 2],
      [['doc_id!=plums/*'], (i) => i % 3 !== 2],
      [['language=en'], () => true],
      [['nosuch=1'], () => false],
    ]
    for (const mode of MODES)
      for (const [filters, holds] of cases) {
        const argv = filters.flatMap((filter) => ['--filter', filter])
        const found = await home.found('orchards fresh market', '--mode', mode, '--top-k', '100', ...argv)
        const numbers = new Set(found.map((docId) => Number(/n(\d+)/.exec(docId)![1])))
        const expected = Array.from({length: 12}, (_, i) => i).filter(holds)
        expect(
          [...numbers].sort((a, b) => a - b),
          `${mode} ${filters.join(' ')}`,
        ).to.deep.equal(expected)
      }
  })

  it('runs many queries in one process, in order, and names what is no query', async () => {
    home.write('q.jsonl', '{"_id":"7","text":"apples"}\n{"_id":"8","text":"plums"}\n')
    const ran = await home.ok('search', '--queries', 'q.jsonl', '--format', 'jsonl', '--mode', 'keyword')
    const lines = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as {query_id: string; query: string; hits: Hit[]})
    expect(lines.map((it) => [it.query_id, it.query])).to.deep.equal([
      ['7', 'apples'],
      ['8', 'plums'],
    ])
    expect(lines[1]!.hits[0]!.doc_id).to.match(/^plums/)
    const piped = await home.run(['search', '--queries', '-', '--format', 'jsonl'], {
      stdin: 'apples\n\npears\n',
    })
    expect(piped.stdout.trim().split('\n').length).to.equal(2)
    const bad = await home.run(['search', '--queries', '-', '--format', 'jsonl'], {
      stdin: '{"_id":"1","text":"apples"}\n{"_id":"2"}\n{"_id":"3","text":"plums"}\n',
    })
    expect(bad.code, bad.stderr).to.equal(3)
    expect(bad.stderr).to.contain('2')
    expect(bad.stdout.trim().split('\n').length).to.equal(2)
  })

  it('the one query of a process and the same among many are answered alike', async () => {
    const alone = await home.json<Report>('search', 'pears at the market')
    const ran = await home.run(['search', '--queries', '-', '--format', 'jsonl'], {
      stdin: 'cellars\npears at the market\npears at the market\n',
    })
    const lines = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Report)
    for (const line of lines.slice(1))
      expect(line.hits.map((hit) => [hit.chunk_id, hit.score])).to.deep.equal(
        alone.hits.map((hit) => [hit.chunk_id, hit.score]),
      )
  })

  it('ranks documents by their best chunk, each once', async () => {
    const found = await home.found('plums', '--unit', 'document', '--top-k', '12')
    expect(new Set(found).size).to.equal(found.length)
  })

  it('changes nothing, and a command that only reads never makes a store', async () => {
    const before = bytesOf(home.data)
    await home.ok('search', 'plums')
    await home.ok('status')
    await home.ok('docs', 'list')
    await home.ok('corpus', 'show')
    expect(bytesOf(home.data)['rag.db']).to.equal(before['rag.db'])
    const empty = new TempHome('empty')
    try {
      for (const argv of [
        ['search', 'x'],
        ['status'],
        ['docs', 'list'],
        ['docs', 'show', 'x'],
        ['docs', 'delete', 'x'],
        ['corpus', 'list'],
        ['corpus', 'show'],
        ['corpus', 'delete', 'x', '--yes'],
        ['config'],
      ]) {
        const ran = await empty.run(argv, {env: {RAG_DATA_DIR: ''}})
        expect(ran.signal, argv.join(' ')).to.equal(undefined)
        expect(filesBelow(empty.folder), argv.join(' ')).to.deep.equal([])
      }
      const ran = await empty.run(['search', 'x', '--json'])
      expect(ran.code).to.equal(4)
      expect((JSON.parse(ran.stdout) as {error: {code: string}}).error.code).to.equal('STORE_MISSING')
    } finally {
      empty.remove()
    }
  })

  it('prints exactly one JSON document with --json, on success and on failure', async () => {
    const commands: [string[], number][] = [
      [['search', 'plums'], 0],
      [['search', 'plums', '--corpus', 'nosuch'], 4],
      [['search', ''], 2],
      [['search', 'plums', '--corpus', 'Bad Name'], 2],
      [['status'], 0],
      [['config'], 0],
      [['docs', 'list'], 0],
      [['docs', 'show', 'nosuch'], 4],
      [['docs', 'delete', 'nosuch'], 4],
      [['corpus', 'list'], 0],
      [['corpus', 'show', 'nosuch'], 4],
      [['ingest', '--dir', 'nosuch'], 4],
      [['ingest', '--dir', 'kb', '--dry-run'], 0],
      [['ingest', '--dir', 'kb'], 0],
      [['docs', 'upsert', '--doc-id', 'x'], 2],
    ]
    for (const [argv, code] of commands) {
      const ran = await home.run([...argv, '--json'])
      expect(ran.code, `${argv.join(' ')}: ${ran.stderr}`).to.equal(code)
      const json = JSON.parse(ran.stdout) as Record<string, unknown>
      expect('error' in json, argv.join(' ')).to.equal(code !== 0)
      expect(ran.stderr, argv.join(' ')).not.to.contain('at ')
    }
  })

  it('ends quietly when the reader of its output has had enough', async () => {
    const bin = path.resolve('bin/rag.js')
    const script = `for i in $(seq 3000); do echo plums; done | "${process.execPath}" "${bin}" search --queries - --format jsonl --context 5 | head -1`
    const child = spawn('bash', ['-c', `set -o pipefail; ${script}`], {
      cwd: home.folder,
      env: {...process.env, RAG_DATA_DIR: home.data},
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (part) => (stdout += String(part)))
    child.stderr.on('data', (part) => (stderr += String(part)))
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect([code, stderr]).to.deep.equal([0, ''])
    expect(stdout.split('\n').length).to.equal(2)
  })
})
