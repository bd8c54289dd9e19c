import {appendFileSync, cpSync, mkdirSync} from 'node:fs'
import {expect} from 'chai'
import {watchEventJson, watchReportJson} from '../../src/cli/json/watch.js'
import {COMMANDS, type CommandContract, type CommandName} from '../../src/contract/index.js'
import {writeBatchFile} from '../support/batch-file.js'
import {FakeChatServer, openaiStream} from '../support/fake-chat-server.js'
import {HubServer} from '../support/hub-server.js'
import {canMakeModels, modelFolder} from '../support/model-folder.js'
import type {RagRun} from '../support/run-rag.js'
import {filesBelow, TempHome} from '../support/temp-home.js'
import {PrintedJson} from './printed-json.js'

/**
 * Every command by the real binary against one small store, in the order of its life: what it prints has the shape that the contract says, no
 * field more and none less, also where it fails.
 */
describe('what commands print with --json', function () {
  this.timeout(120_000)
  const printed = new PrintedJson()
  const server = new FakeChatServer()
  let home: TempHome
  let chat: Readonly<Record<string, string>>

  before(async () => {
    home = new TempHome('schemas')
    home.writeAll({
      'kb/leave.md':
        '# Leave\n\n## Sick leave\n\nYou have thirty days of sick leave.\n\n## Holidays\n\nTwenty-five days a year.\n',
      'kb/plans.md':
        '---\nyear: 2024\ntags: [a, b]\n---\n# Plans\n\nThe Forest plan is best for 500 agents.\n',
      'kb/bees.md': '# Bees\n\nBees swarm in May. A swarm is a group of bees that leaves its hive.\n',
      'kb/broken.json': '{"title": "Broken", "text": "cut o',
      'kb/picture.png': 'no picture',
      'queries.txt': 'sick leave\n\nbees\n',
      'good.txt': 'sick leave\nbees\n',
    })
    chat = {OPENAI_BASE_URL: await server.start(), OPENAI_API_KEY: 'key'}
    server.reply = (response) => void response.end(openaiStream(['Thirty days. [1]']))
  })
  after(async () => {
    await server.stop()
    home.remove()
  })

  interface Case {
    /** Exit code; 0 unless another one is said. */
    readonly code?: number
    readonly env?: RagRun['env']
    /** The way that is asked for, where it is not the command itself. */
    readonly way?: string
  }

  async function prints(
    command: CommandName,
    args: readonly string[],
    {code = 0, env, way}: Case = {},
  ): Promise<void> {
    const ran = await home.run([...command.split(' '), ...args, '--json'], env === undefined ? {} : {env})
    expect(ran.code, ran.stderr + ran.stdout).to.equal(code)
    printed.result(command, way ?? command, ran.stdout)
  }

  async function fails(
    command: CommandName,
    args: readonly string[],
    error: string,
    env: RagRun['env'] = {},
  ): Promise<void> {
    const ran = await home.run([...command.split(' '), ...args, '--json'], {env})
    expect(ran.code).to.be.greaterThan(0)
    expect(printed.failure(command, ran.stdout)).to.equal(error)
  }

  async function printsLines(command: CommandName, way: string, args: readonly string[]): Promise<void> {
    const {stdout} = await home.run([...command.split(' '), ...args])
    printed.lines(command, way, stdout)
  }

  it('ingest', async () => {
    await prints('ingest', ['--dir', 'kb', '--msgpack-out', 'batches'], {code: 3})
    await prints('ingest', ['--dir', 'kb', '--dry-run'], {code: 3, way: 'ingest --dry-run'})
    await prints('ingest', ['--dir', 'kb', '--corpus', 'served', '--model', 'http://127.0.0.1:9/embed'], {
      code: 7,
    })
    await fails('ingest', ['--dir', 'nowhere'], 'INPUT_MISSING')
  })

  it('search', async () => {
    await prints('search', ['sick leave', '--context', '1', '--explain', '--filter', 'doc_id=*.md'])
    await prints('search', ['sick leave', '--mode', 'keyword'])
    await prints('search', ['--queries', 'queries.txt'], {code: 3, way: 'search --queries'})
    await printsLines('search', 'search --format jsonl', ['bees', '--format', 'jsonl'])
    await printsLines('search', 'search --queries --format jsonl', [
      '--queries',
      'good.txt',
      '--format',
      'jsonl',
    ])
    await fails('search', ['a', '--corpus', 'nowhere'], 'CORPUS_MISSING')
  })

  it('ask and sessions', async () => {
    const about = ['--conversation', 'c1', '--user', 'ann', '--profile-update', 'team=people']
    await prints('ask', ['how many days of sick leave do I have?', ...about])
    await prints('ask', ['and holidays?', '--conversation', 'c1', '--chat-model', 'openai:m'], {env: chat})
    await prints('ask', ['what is a quark?'])
    await fails('ask', ['a', '--corpus', 'nowhere'], 'CORPUS_MISSING')
    await prints('sessions list', [])
    await prints('sessions show', ['c1'])
    await prints('sessions show', ['--user', 'ann'], {way: 'sessions show --user'})
    await prints('sessions export', [])
    await prints('sessions export', ['--out', 'c.jsonl'], {way: 'sessions export --out'})
    await printsLines('sessions export', 'sessions export', ['c1'])
    await prints('sessions delete', ['c1', 'c2'], {code: 3})
    await fails('sessions list', ['--limit', '0'], 'USAGE')
    await fails('sessions show', ['c9'], 'SESSION_MISSING')
    await fails('sessions export', ['c9'], 'SESSION_MISSING')
    await fails('sessions delete', ['c9'], 'SESSION_MISSING')
  })

  it('docs', async () => {
    await prints('docs upsert', [
      '--doc-id',
      'motd',
      '--text',
      'Closed on Friday.',
      '--metadata',
      '{"year":2026,"a":{"b":[1,null]}}',
    ])
    await prints('docs list', ['--limit', '2'])
    await printsLines('docs list', 'docs list --format jsonl', ['--format', 'jsonl'])
    await prints('docs show', ['motd'])
    await prints('docs show', ['leave.md', '--chunks'])
    await prints('docs show', ['leave.md', '--text'])
    await prints('docs delete', ['motd', 'nothing'], {code: 3})
    await prints('docs delete', ['bees.md', '--hard'])
    await fails('docs upsert', ['--doc-id', 'a'], 'USAGE')
    await fails('docs list', ['--corpus', 'nowhere'], 'CORPUS_MISSING')
    await fails('docs show', ['nothing'], 'DOCUMENT_MISSING')
    await fails('docs delete', ['nothing'], 'DOCUMENT_MISSING')
  })

  it('export, replay and watch', async () => {
    await prints('export', ['--out', 'out'])
    await prints('export', ['--out', 'lines', '--format', 'jsonl', '--no-vectors'])
    await fails('export', ['--out', 'kb'], 'USAGE')
    await prints('replay', ['--glob', 'out/*.msgpack', '--corpus', 'copy', '--archive', 'done'])
    writeBatchFile(home.path('in/a.msgpack'), [{text: 'granite', metadata: {}}, {metadata: {}}])
    await prints('replay', ['--glob', 'in/a.msgpack', '--corpus', 'copy', '--dry-run'], {code: 3})
    await fails('replay', ['--glob', 'nowhere/*.msgpack'], 'INPUT_MISSING')
    writeBatchFile(home.path('in/b.msgpack'), [{text: 'slate', metadata: {}}])
    const ran = await home.run([
      'watch',
      '--glob',
      'in/*.msgpack',
      '--corpus',
      'copy',
      '--once',
      '--settle',
      '0',
      '--max-failures',
      '1',
      '--json',
    ])
    const more = await home.run(['watch', '--dir', 'kb', '--once', '--settle', '0', '--json'])
    for (const line of `${ran.stdout}${more.stdout}`.split('\n').filter((it) => it !== ''))
      printed.result('watch', (JSON.parse(line) as {event: string}).event, line)
    await fails('watch', [], 'USAGE')
  })

  it('what rag watch prints when it can do nothing', () => {
    const at = new Date(0).toISOString()
    const event = (it: Parameters<typeof watchEventJson>[0]): void =>
      printed.result('watch', it.kind, JSON.stringify(watchEventJson(it, at)))
    event({kind: 'failed', file: 'a', attempt: 1, retryInMs: 0, message: 'why'})
    event({kind: 'set-aside', file: 'a', as: 'a.failed', message: 'why'})
    event({kind: 'waiting', code: 'LEASE_HELD', message: 'why', retryInMs: 1000})
    event({kind: 'note', message: 'why'})
    const counts = {
      files: 0,
      inserted: 0,
      skipped: 0,
      duplicates: 0,
      failed: 0,
      waiting: 0,
      setAside: 0,
      missing: 0,
      lagMs: 0,
    }
    const blocked = {code: 'DISK_FULL', message: 'why'} as const
    const last = watchReportJson({...counts, rounds: 1, interrupted: false, blocked}, at)
    printed.result('watch', 'stopped', JSON.stringify(last))
  })

  it('caches', async () => {
    const env = {RAG_CACHE: 'on'}
    await prints('cache stats', [], {env})
    await prints('cache warm', ['--queries', 'queries.txt'], {code: 3, env})
    await prints('cache stats', [], {env})
    await prints('cache', ['--stats'], {env, way: 'cache --stats'})
    await prints('cache prune', ['--older-than', '1d'], {env})
    await prints('cache purge', ['all'], {env})
    await prints('cache', ['--purge', 'answers'], {env, way: 'cache --purge'})
    await fails('cache', ['--purge', 'nothing'], 'USAGE')
    await fails('cache prune', [], 'USAGE')
    await fails('cache purge', ['nothing'], 'USAGE')
    await fails('cache stats', ['--nothing'], 'USAGE')
    await fails('cache warm', ['--queries', 'nowhere'], 'INPUT_MISSING', env)
  })

  it('rebuild, verify, status, backup and restore', async () => {
    await prints('rebuild', ['--dry-run'])
    await prints('rebuild', ['--reembed', '--keep-old'])
    await fails('rebuild', ['--reembed', '--compact'], 'USAGE')
    await prints('verify', [])
    await fails('verify', ['--corpus', 'nowhere'], 'CORPUS_MISSING')
    await prints('status', [])
    await fails('status', ['--nothing'], 'USAGE')
    await prints('backup', ['saved'])
    await prints('backup', ['one', '--corpus', 'copy'])
    await fails('backup', ['kb'], 'USAGE')
    await prints('restore', ['saved', '--dry-run'])
    await prints('restore', ['saved', '--keep-old'])
    await fails('restore', ['kb'], 'BACKUP_MISSING')
  })

  it('a damaged store', async () => {
    for (const file of filesBelow(home.path('data/models'))) appendFileSync(file, 'x')
    await prints('verify', [], {code: 5})
    await prints('status', [], {code: 5})
    await prints('backup', ['partial'], {code: 3})
    await prints('verify', ['--repair'])
  })

  it('corpus', async () => {
    await prints('corpus list', [])
    await prints('corpus show', ['copy'])
    await prints('corpus delete', ['copy', '--yes'])
    await fails('corpus list', ['--nothing'], 'USAGE')
    await fails('corpus show', ['nowhere'], 'CORPUS_MISSING')
    await fails('corpus delete', ['nowhere', '--yes'], 'CORPUS_MISSING')
  })

  it('examples, config and completion', async () => {
    await prints('examples build', ['--out', 'train.jsonl', '--msgpack-out', 'train.msgpack'])
    await fails('examples build', ['--out', 'x', '--corpus', 'nowhere'], 'CORPUS_MISSING')
    await prints('config', [], {env: {DATABASE_URL: 'postgres://secret', RAG_MAX_WORKERS: '2'}})
    await fails('config', [], 'CONFIG_INVALID', {RAG_MAX_WORKERS: 'many'})
    await prints('completion', ['bash'])
    await fails('completion', ['tcsh'], 'USAGE')
  })

  it('models', async () => {
    const env = {RAG_MODEL_DIR: home.path('models')}
    mkdirSync(home.path('models/owner/broken'), {recursive: true})
    home.write('models/owner/broken/config.json', '{')
    await prints('models list', [], {env})
    await fails('models list', ['--nothing'], 'USAGE')
    await fails('models show', ['nothing'], 'MODEL_MISSING', env)
    await fails('models pull', ['Xenova/tiny'], 'MODEL_MISSING', env)
  })

  it('models that are there', async function () {
    if (!canMakeModels) {
      console.log('      skipped: there is no tool to make a model by')
      this.skip()
    }
    const hub = await HubServer.start()
    try {
      hub.offer('Xenova/tiny', modelFolder())
      const env = {RAG_MODEL_DIR: home.path('models'), HF_ENDPOINT: hub.url, RAG_OFFLINE: '0'}
      await prints('models pull', ['Xenova/tiny'], {env})
      cpSync(modelFolder(), home.path('models/owner/tiny'), {recursive: true})
      await prints('models list', [], {env})
      await prints('models show', ['Xenova/tiny'], {env})
      await prints('models show', ['owner/tiny'], {env})
      appendFileSync(home.path('models/Xenova/tiny/config.json'), ' ')
      await prints('models show', ['Xenova/tiny'], {code: 5, env})
    } finally {
      await hub.stop()
    }
  })

  it('every shape was printed, and every command has failed', () => {
    const commands = Object.entries<CommandContract>(COMMANDS)
    const ways = commands.flatMap(([command, {results, lines = {}}]) => [
      ...Object.keys(results).map((way) => (command === 'watch' ? `watch ${way}` : way)),
      ...Object.keys(lines).map((way) => `lines of ${way}`),
    ])
    const withoutModels = canMakeModels ? [] : ['models pull', 'models show']
    expect(ways.filter((way) => !printed.seen.has(way) && !withoutModels.includes(way))).to.deep.equal([])
    expect(commands.map(([command]) => command).filter((it) => !printed.failed.has(it))).to.deep.equal([])
  })
})
