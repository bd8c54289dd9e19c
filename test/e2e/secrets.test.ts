import type {ServerResponse} from 'node:http'
import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {changeStore} from '../support/change-store.js'
import {EmbeddingServer} from '../support/embedding-server.js'
import {FakeChatServer, openaiStream} from '../support/fake-chat-server.js'
import {filesBelow, TempHome} from '../support/temp-home.js'

const KEY = 'sk-SECRETKEY-1234567890abcdef'
const PASSWORD = 'Gehe1m-of-ann-99'

/** Eight characters of a secret in a row, also in base64. */
function told(text: string, secret: string): string | undefined {
  const forms = [
    secret,
    ...[0, 1, 2].map((n) =>
      Buffer.from(' '.repeat(n) + secret)
        .toString('base64')
        .slice(4, -4),
    ),
  ]
  for (const form of forms)
    for (let i = 0; i + 8 <= form.length; i++)
      if (text.includes(form.slice(i, i + 8))) return form.slice(i, i + 8)
  return undefined
}

describe('secrets, by the real binary', function () {
  this.timeout(120_000)
  let home: TempHome
  let service: EmbeddingServer
  const chat = new FakeChatServer()
  let chatUrl = ''
  before(async () => {
    home = new TempHome('secrets')
    service = await EmbeddingServer.start()
    chatUrl = await chat.start()
    home.write('kb/a.md', '# Leave\n\nEvery employee has thirty days of sick leave a year.\n')
    await home.ok('ingest', '--dir', 'kb')
  })
  after(async () => {
    await service.stop()
    await chat.stop()
    home.remove()
  })

  const run = async (...argv: string[]): Promise<{code: number | undefined; text: string}> => {
    const env = {EMBED_API_KEY: KEY, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${chatUrl}/v1`, RAG_CACHE: 'on'}
    const {code, stdout, stderr} = await home.run(argv, {env})
    return {code, text: stdout + stderr}
  }
  const answers = (status: number, text: string) => (_: unknown, response: ServerResponse) => {
    response.writeHead(status, {'content-type': 'application/json'})
    response.end(text)
  }
  const nowhere = (secret: string): void => {
    for (const file of filesBelow(home.folder))
      expect(told(readFileSync(file, 'latin1'), secret), file).to.equal(undefined)
  }

  it('do not come back from an embedding service that repeats them, whole, cut, in JSON, URL-encoded or in base64', async () => {
    const basic = Buffer.from(`Bearer ${KEY}`).toString('base64')
    const said = [
      [200, `your Bearer ${KEY} is fine`],
      [200, `${'x'.repeat(45)}${KEY}`],
      [200, JSON.stringify([[KEY, 1, 2]])],
      [401, JSON.stringify({error: {message: `${'x'.repeat(185)} Bearer ${KEY}`}})],
      [401, JSON.stringify({error: {message: `key ${encodeURIComponent(`Bearer ${KEY}`)} ${basic}`}})],
      [401, `no JSON: ${'y'.repeat(105)}${KEY}`],
      [400, JSON.stringify({detail: KEY})],
    ] as const
    for (const [status, text] of said) {
      service.answer = answers(status, text)
      const ran = await run(
        'ingest',
        '--dir',
        'kb',
        '--corpus',
        'c',
        '--model',
        service.url,
        '--debug',
        '--metrics',
        'm.prom',
        '--json',
      )
      expect(ran.code, ran.text).to.be.oneOf([7, 8])
      expect(told(ran.text, KEY), ran.text).to.equal(undefined)
      expect(ran.text).to.contain('***')
    }
    nowhere(KEY)
  })

  it('do not come back from a chat model, in errors, in its answer, in what is kept', async () => {
    const ask = (...more: string[]): Promise<{code: number | undefined; text: string}> =>
      run('ask', 'how many days of sick leave?', '--chat-model', 'openai:m', '--conversation', 'k', ...more)
    chat.reply = (response) =>
      void response.writeHead(401).end(JSON.stringify({error: {message: `${'z'.repeat(480)} ${KEY}`}}))
    expect(told((await ask()).text, KEY)).to.equal(undefined)
    chat.reply = (response) =>
      void response
        .writeHead(200, {'content-type': 'text/event-stream'})
        .end(`data: ${JSON.stringify({error: {message: `bad key ${KEY}`}})}\n\n`)
    expect(told((await ask('--json')).text, KEY)).to.equal(undefined)
    const pieces = `Thirty days [1]. Your key is ${KEY}, is it?`.match(/.{1,3}/g)!
    chat.reply = (response) =>
      void response.writeHead(200, {'content-type': 'text/event-stream'}).end(openaiStream(pieces))
    for (const more of [['--stream'], ['--json', '--refresh']]) {
      const {text, code} = await ask(...more)
      expect(code, text).to.equal(0)
      expect(text).to.contain('Your key is ***, is it?')
      expect(told(text, KEY)).to.equal(undefined)
    }
    nowhere(KEY)
  })

  it('are refused in an address, with the way to do it, and nothing of them is kept or shown', async () => {
    const address = service.url.replace('//', `//ann:${PASSWORD}@`)
    for (const argv of [
      ['ingest', '--dir', 'kb', '--corpus', 'p', '--model', `${address}/embed`],
      ['ingest', '--dir', 'kb', '--corpus', 'p', '--model', `tei:${address}`],
      [
        'ingest',
        '--dir',
        'kb',
        '--corpus',
        'p',
        '--model',
        `${service.url}/embed?api_key=${PASSWORD}`,
        '--json',
      ],
      ['rebuild', '--reembed', '--model', address],
    ]) {
      const {code, text} = await run(...argv)
      expect([code, argv.join(' ')], text).to.deep.equal([2, argv.join(' ')])
      expect(text).to.contain('EMBED_API_KEY').and.to.contain(service.url)
      expect(told(text, PASSWORD)).to.equal(undefined)
    }
    const env = {EMBED_ENDPOINT: `${address}/embed`}
    const refused = await home.run(['ingest', '--dir', 'kb', '--corpus', 'q', '--model', 'endpoint'], {env})
    expect(refused.code, refused.stderr).to.equal(2)
    expect(refused.stderr).to.contain('EMBED_ENDPOINT')
    const shown = await home.run(['config'], {env})
    expect(shown.stdout).to.contain('http://***@127.0.0.1')
    for (const {stdout, stderr} of [
      refused,
      shown,
      await home.run(['config', '--json'], {env}),
      await home.run([`x${address}`]),
      await home.run(['search', `--x${address}`]),
    ])
      expect(told(stdout + stderr, PASSWORD), stdout + stderr).to.equal(undefined)
    nowhere(PASSWORD)
  })

  it('are masked where an earlier version of rag has stored them, and the service is asked as before', async () => {
    service.answer = ({body}) => ({embeddings: (body['texts'] as string[]).map(() => [1, 2, 3])})
    await home.ok('ingest', '--dir', 'kb', '--corpus', 'old', '--model', `${service.url}/embed`)
    const [from, to] = [service.url, service.url.replace('//', `//ann:${PASSWORD}@`)]
    changeStore(home.data, (db) => {
      db.prepare('UPDATE corpora SET settings = replace(settings, ?, ?)').run(from, to)
      db.prepare(
        'UPDATE embedding_versions SET model = replace(model, ?, ?), spec = replace(spec, ?, ?)',
      ).run(from, to, from, to)
    })
    home.write('kb/b.md', '# More\n\nAnother document.\n')
    for (const argv of [
      ['corpus', 'show', 'old'],
      ['corpus', 'list', '--json'],
      ['ingest', '--dir', 'kb', '--corpus', 'old'],
      ['search', 'leave', '--corpus', 'old', '--mode', 'vector', '--json'],
      ['verify'],
    ]) {
      const {code, text} = await run(...argv)
      expect(code, text).to.equal(0)
      expect(told(text, PASSWORD), text).to.equal(undefined)
    }
    expect((await run('corpus', 'show', 'old')).text).to.contain('http://***@127.0.0.1')
  })
})
