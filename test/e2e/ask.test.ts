import {chmodSync, readFileSync, writeFileSync} from 'node:fs'
import {expect} from 'chai'
import {FakeChatServer, ollamaStream, openaiStream} from '../support/fake-chat-server.js'
import {filesHolding, TempHome} from '../support/temp-home.js'

interface AskJson {
  readonly answer: string
  readonly found: boolean
  readonly standalone_query: string
  readonly citations: readonly {readonly n: number; readonly doc_id: string}[]
  readonly model: string
  readonly conversation: {readonly id: string; readonly turn: number; readonly kept: boolean} | null
  readonly notes: readonly string[]
}

describe('rag ask', function () {
  this.timeout(60_000)
  let home: TempHome
  const server = new FakeChatServer()
  let base = ''
  before(async () => void (base = await server.start()))
  after(() => server.stop())
  beforeEach(async () => {
    home = new TempHome('ask')
    home.writeAll({
      'kb/leave.md': '# Leave\n\nEvery employee has thirty days of sick leave a year.\n',
      'kb/plans.md':
        '# Plans\n\nThe Sprout plan is best for 200 agents. The Forest plan is best for 500 agents.\n',
    })
    await home.ok('ingest', '--dir', 'kb')
  })
  afterEach(() => home.remove())
  const sick = 'how many days of sick leave are there?'

  it('prints the answer with its sources, plainly on a pipe', async () => {
    const {stdout, stderr} = await home.ok('ask', sick)
    expect(stdout).to.equal(
      'Every employee has thirty days of sick leave a year. [1]\n\n[1] leave.md › Leave  (line 3)\n\nSentences of the documents, put together by no model · number\n',
    )
    expect(stderr).to.equal('')
    const {answer, found} = await home.json<AskJson>('ask', 'what is the capital of Mongolia?')
    expect([answer.startsWith('Not in the documents'), found]).to.deep.equal([true, false])
    expect((await home.run(['ask', '-'], {stdin: sick})).stdout).to.equal(stdout)
  })
  it('goes on with a conversation, exports it, and deletes it to the last byte', async () => {
    await home.ok('ask', 'Which plan is best for 200 agents?', '--conversation', 'c1', '--user', 'ann')
    const second = await home.json<AskJson>('ask', 'and for 500?', '--conversation', 'c1', '--user', 'ann')
    expect(second.standalone_query).to.equal('Which plan is best for 500 agents?')
    expect(second.answer).to.contain('Forest')
    await home.ok(
      'ask',
      'does the xylophonequestion stay?',
      '--conversation',
      'c1',
      '--user',
      'ann',
      '--profile-update',
      'team=people',
    )
    const lines = (await home.ok('sessions', 'export', 'c1')).stdout.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as {role: string}).role)).to.deep.equal([
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
      'assistant',
    ])
    await home.ok('sessions', 'export', '--out', 'all.jsonl')
    expect(readFileSync(home.path('all.jsonl'), 'utf8').trim().split('\n')).to.deep.equal(lines)
    expect((await home.run(['sessions', 'export', '--out', 'all.jsonl'])).code).to.equal(1)
    expect(await home.json<object>('sessions', 'show', '--user', 'ann')).to.deep.include({
      questions: 3,
      traits: {team: 'people'},
    })
    expect((await home.ok('sessions', 'list')).stdout).to.contain('c1')
    expect(filesHolding(home.data, 'xylophonequestion')).to.not.deep.equal([])
    await home.ok('sessions', 'delete', '--user', 'ann')
    expect(filesHolding(home.data, 'xylophonequestion')).to.deep.equal([])
    expect((await home.run(['sessions', 'show', 'c1'])).code).to.equal(4)
    expect((await home.run(['sessions', 'delete', 'c1'])).code).to.equal(4)
    expect((await home.run(['sessions', 'delete'])).code).to.equal(2)
  })
  it('leaves no quoted text of a document that is deleted for good', async () => {
    await home.ok('ask', sick, '--conversation', 'c1')
    await home.ok('docs', 'delete', 'leave.md', '--hard')
    expect(filesHolding(home.data, 'thirty days of sick')).to.deep.equal([])
    expect((await home.ok('sessions', 'show', 'c1')).stdout).to.contain('removed')
  })
  it('asks a chat model of the environment, streamed or as one document', async () => {
    server.reply = (response) =>
      void response
        .writeHead(200, {'content-type': 'text/event-stream'})
        .end(openaiStream(['Thirty', ' [1]', ' [77].']))
    const env = {RAG_CHAT_MODEL: 'openai:m', OPENAI_BASE_URL: `${base}/v1`, OPENAI_API_KEY: 'sk-secret'}
    const streamed = await home.run(['ask', sick, '--stream'], {env})
    expect(streamed.stdout.startsWith('Thirty [1].\n\n[1] leave.md')).to.equal(true)
    expect(streamed.stderr).to.contain('77')
    const whole = JSON.parse((await home.run(['ask', sick, '--json'], {env})).stdout) as AskJson
    expect(whole).to.include({answer: 'Thirty [1].', model: 'openai:m'})
    expect(server.asked.at(-1)!.authorization).to.equal('Bearer sk-secret')
    expect(filesHolding(home.data, 'sk-secret')).to.deep.equal([])
    expect((await home.run(['config', '--json'], {env})).stdout).to.not.contain('sk-secret')
  })
  it('ends with exit 7 when the model breaks off or is not there, and says what to do', async () => {
    server.reply = (response) => void response.writeHead(200).end(ollamaStream(['Thir'], {done: false}))
    const env = {OLLAMA_HOST: base}
    const cut = await home.run(['ask', sick, '--chat-model', 'ollama:m', '--conversation', 'c1', '--json'], {
      env,
    })
    expect(cut.code).to.equal(7)
    const {error} = JSON.parse(cut.stdout) as {error: {code: string; hint: string}}
    expect(error.code).to.equal('CHAT_UNREACHABLE')
    expect(error.hint).to.contain('--extractive')
    expect((await home.json<{sessions: unknown[]}>('sessions', 'list')).sessions).to.deep.equal([])
    const gone = await home.run(['ask', sick, '--chat-model', 'ollama:m'], {
      env: {OLLAMA_HOST: '127.0.0.1:3'},
    })
    expect([gone.code, gone.stdout]).to.deep.equal([7, ''])
    server.reply = () => undefined
    const slow = await home.run(['ask', sick, '--chat-model', 'ollama:m', '--timeout', '0.3'], {env})
    expect(slow.code).to.equal(7)
    expect(slow.stderr).to.contain('within 0.3 s')
    expect((await home.run(['ask', sick, '--chat-model', 'gpt', '--json'])).code).to.equal(2)
    expect((await home.run(['ask', sick, '--chat-model', 'ollama:m', '--extractive'])).code).to.equal(2)
    expect((await home.run(['ask'])).code).to.equal(2)
  })
  it('asks a store that may only be read, without memory, and says so', async function () {
    const under = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    const able = await home.run(['--version'], {under}).catch(() => undefined)
    if (able?.code !== 0) {
      console.log("        skipped: can't run as nobody")
      this.skip()
    }
    chmodSync(home.folder, 0o755)
    const ran = await home.run(['ask', sick, '--conversation', 'c1', '--user', 'ann', '--json'], {under})
    expect(ran.code, ran.stderr + ran.stdout).to.equal(0)
    const report = JSON.parse(ran.stdout) as AskJson
    expect(report.answer).to.contain('thirty days')
    expect(report.conversation).to.deep.equal({id: 'c1', turn: 0, kept: false})
    expect(report.notes.join()).to.contain('not written down')
  })
  it('copies with a backup of one corpus only the conversations about it, and no profiles', async () => {
    await home.ok('ingest', '--dir', 'kb', '--corpus', 'other')
    await home.ok('ask', sick, '--conversation', 'mine')
    await home.ok('ask', sick, '--corpus', 'other', '--conversation', 'theirs', '--user', 'ann')
    await home.ok('backup', 'copy', '--corpus', 'default')
    const at = {dataDir: home.path('restored')}
    expect((await home.run(['restore', 'copy'], at)).code).to.equal(0)
    const {stdout} = await home.run(['sessions', 'list', '--json'], at)
    const {sessions} = JSON.parse(stdout) as {sessions: {conversation: string}[]}
    expect(sessions.map((it) => it.conversation)).to.deep.equal(['mine'])
    expect((await home.run(['sessions', 'show', '--user', 'ann'], at)).code).to.equal(4)
  })
  it('keeps control characters of a document away from the terminal', async () => {
    writeFileSync(
      home.path('kb/evil.txt'),
      'The zebra rule is \u001b]0;owned\u0007 that zebras sleep standing.\n',
    )
    await home.ok('ingest', '--dir', 'kb')
    expect((await home.ok('ask', 'what is the zebra rule?')).stdout).to.not.match(/[\u001b\u0007]/)
  })
})
