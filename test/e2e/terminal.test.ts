import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {EmbeddingServer} from '../support/embedding-server.js'
import {TempHome} from '../support/temp-home.js'

/** Runs a command on a terminal of its own, and copies what it shows there to standard output. */
const ON_A_TERMINAL = [
  'python3',
  '-c',
  'import pty, sys, os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))',
]

/** Sets a title, clears the screen, writes to the clipboard, hides a file's end, moves the cursor. */
const EVIL = '\u001b]0;PWNED\u0007\u001b[2J\u001b]52;c;cHduZWQ=\u0007\u009b31m\u202etxt.exe\u202c\r\b\u200b'

/** What rag itself draws: bold, dim, and the sequences of the bar. */
const OURS =
  /\u001b[78]|\u001b\[(?:1|2|4|22|24)m|\u001b\[\?(?:25|7)[hl]|\u001b\[\d*[GKJA]|\u001b\[[\d;]*m(?=[█░ ])/g
const RAW =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/

describe('rag on a terminal', function () {
  this.timeout(180_000)
  let home: TempHome
  let service: EmbeddingServer
  before(async function () {
    if (spawnSync(ON_A_TERMINAL[0]!, [...ON_A_TERMINAL.slice(1), 'true']).status !== 0) {
      console.log('      skipped: there is no python3 to make a terminal with')
      return this.skip()
    }
    home = new TempHome('terminal')
    service = await EmbeddingServer.start()
    home.write(`in/a${EVIL.replaceAll('/', '')}.md`, `# Head ${EVIL}\n\nThe zebra ${EVIL} walks.\n`)
    home.write('in/b\nnewline.md', '# NL\n\nzebra newline name document\n')
    home.write('in/=cmd|calc.md', '# =HYPERLINK("http://evil")\n\n=1+1 zebra formula\n')
    home.write('in/-rf.md', '# x\n\nzebra dash name\n')
    home.write(
      'l.jsonl',
      JSON.stringify({
        doc_id: `j${EVIL}`,
        title: `t${EVIL}`,
        text: `zebra ${EVIL} text`,
        metadata: {[`k${EVIL}`]: `v${EVIL}`},
      }),
    )
    await home.ok('ingest', '--dir', 'in')
    await home.ok('ingest', '--jsonl', 'l.jsonl')
  })
  after(async () => {
    home?.remove()
    await service?.stop()
  })

  async function shown(...argv: string[]): Promise<string> {
    const {stdout} = await home.run(argv, {under: ON_A_TERMINAL, env: {TERM: 'xterm', COLUMNS: '80'}})
    return stdout.replaceAll('\r\n', '\n')
  }

  const ids = async (): Promise<string[]> =>
    (await home.json<{documents: {doc_id: string}[]}>('docs', 'list')).documents.map((d) => d.doc_id)

  it('shows nothing raw of what documents, names and arguments hold, in any format', async () => {
    const [evilId = ''] = (await ids()).filter((id) => id.startsWith('j'))
    const runs = [
      ['search', 'zebra', '--explain', '--context', '1'],
      ...['json', 'jsonl', 'csv', 'md', 'files'].map((format) => ['search', 'zebra', '--format', format]),
      ['search', 'zebra', '-0'],
      ['search', `zebra ${EVIL}`],
      ['search', 'zebra', '--filter', `x${EVIL}=1`],
      ['ask', 'where does the zebra walk?'],
      ...['text', 'json', 'jsonl', 'csv', 'files'].map((format) => ['docs', 'list', '--format', format]),
      ['docs', 'show', evilId, '--chunks'],
      ['docs', 'show', `none${EVIL}`],
      ['docs', 'delete', `none${EVIL}`],
      ['search', 'zebra', '--corpus', `x${EVIL}`],
      ['search', 'zebra', '--mode', `x${EVIL}`],
      ['search', 'zebra', `--${EVIL}`],
      [`none${EVIL}`],
      ['help', `none${EVIL}`],
      ['replay', '--glob', `none${EVIL}/*.msgpack`],
      ['ingest', '--dir', 'in', '--dry-run'],
      ['ingest', `none${EVIL}`],
      ['ingest', '--dir', `none${EVIL}`, '--debug'],
      ['config', '--data-dir', `none${EVIL}`],
      ['status', '--data-dir', `none${EVIL}`],
      ['corpus', 'delete', `x${EVIL}`],
      ['models', 'show', `x${EVIL}`],
      ['examples', 'build', '--out', '-'],
      ['sessions', 'show', `x${EVIL}`],
      ['search', '--help'],
    ]
    const show = async (argv: readonly string[]): Promise<void> => {
      const text = await shown(...argv)
      expect(text.length, argv.join(' ')).to.be.greaterThan(0)
      expect(text.replaceAll(OURS, ''), `${argv.join(' ')}: ${JSON.stringify(text)}`).not.to.match(RAW)
    }
    while (runs.length > 0) await Promise.all(runs.splice(-4).map(show))
  })

  it('shows them all the same: as JSON writes them', async () => {
    expect(await shown('search', 'walks')).to.contain(String.raw`\u001b]0;PWNED\u0007`)
    expect(await shown('docs', 'show', `none${EVIL}`)).to.contain(String.raw`\u202etxt.exe`)
    const {documents} = JSON.parse(await shown('docs', 'list', '--json')) as {documents: {doc_id: string}[]}
    expect(documents.map((d) => d.doc_id)).to.deep.equal(await ids())
  })

  it('shows nothing raw of what a service answers', async () => {
    for (const status of [401, 200, 500]) {
      service.answer = (_, response) => {
        response.statusCode = status
        response.end(status === 200 ? `no JSON ${EVIL}` : JSON.stringify({error: {message: `no ${EVIL}`}}))
      }
      const text = await shown('ingest', '--dir', 'in', '--corpus', `s${status}`, '--model', service.url)
      expect(text).to.match(/rag: (error|warning)/)
      expect(text.replaceAll(OURS, ''), JSON.stringify(text)).not.to.match(RAW)
    }
  })

  it('has no raw control character in what it says on a pipe either, and one line for an error', async () => {
    for (const argv of [
      ['docs', 'show', `a\nrag: error: forged${EVIL}`],
      ['ingest', `none\n${EVIL}`],
      ['search', 'x', '--mode', EVIL],
    ]) {
      const {stderr} = await home.run(argv)
      expect(stderr).not.to.match(RAW)
      expect(stderr.split('\n').filter((line) => line.startsWith('rag:'))).to.have.lengthOf(1)
    }
  })

  it('gives data to a pipe as it is, and paths that xargs -0 takes', async () => {
    const csv = (await home.ok('docs', 'list', '--format', 'csv')).stdout
    expect(csv).to.contain('\u001b]0;PWNED')
    const {stdout} = await home.ok('search', 'zebra', '-0', '--mode', 'keyword')
    const paths = stdout.split('\0').slice(0, -1)
    expect(paths).to.include.members(['in/b\nnewline.md', 'in/=cmd|calc.md', 'in/-rf.md'])
    for (const path of paths.filter((one) => one.startsWith('in/'))) readFileSync(home.path(path))
    const listed = (await home.ok('docs', 'list', '-0')).stdout.split('\0').slice(0, -1)
    expect(listed).to.have.members(paths)
    expect((await home.run(['docs', 'list', '-0', '--format', 'csv'])).code).to.equal(2)
    expect((await home.run(['search', 'x', '--csv-raw'])).code).to.equal(2)
    const fromThere = await home.run(['search', 'dash', '--format', 'files'], {cwd: home.path('in')})
    expect(fromThere.stdout).to.match(/^\.\/-rf\.md:\d+$/m)
  })

  it('defuses cells that a spreadsheet would run, but for --csv-raw', async () => {
    const csv = (await home.ok('search', 'formula', '--format', 'csv')).stdout
    expect(csv).to.contain(`"'=HYPERLINK(""http://evil"")"`)
    expect((await home.ok('search', 'formula', '--format', 'csv', '--csv-raw')).stdout).to.contain(
      `,"=HYPERLINK(""http://evil"")"`,
    )
    expect((await home.ok('docs', 'list', '--format', 'csv')).stdout).to.contain("'=cmd|calc.md")
  })
})
