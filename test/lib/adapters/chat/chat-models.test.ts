import {expect} from 'chai'
import {httpClient} from '../../../../src/lib/adapters/http/http-client.js'
import {createChatModel} from '../../../../src/lib/adapters/chat/create-chat-model.js'
import type {ChatAnswer} from '../../../../src/lib/ports/chat-model.js'
import {awsEvent, FakeChatServer, ollamaStream, openaiStream} from '../../../support/fake-chat-server.js'
import {ProxyServer} from '../../../support/proxy-server.js'
import {ScriptedTime} from '../../../support/scripted-time.js'
import {rejects} from '../../../support/store-fixtures.js'

const time = new ScriptedTime()
const network = {http: httpClient({}), tools: time}

const TURNS = [
  {role: 'system', text: 'rules'},
  {role: 'user', text: 'why?'},
] as const

const awsStream = (stop: boolean): Buffer =>
  Buffer.concat([
    awsEvent('messageStart', {role: 'assistant'}),
    awsEvent('contentBlockDelta', {contentBlockIndex: 0, delta: {text: 'Because '}}),
    awsEvent('contentBlockDelta', {contentBlockIndex: 0, delta: {text: 'of it [1].'}}),
    ...(stop
      ? [
          awsEvent('messageStop', {stopReason: 'end_turn'}),
          awsEvent('metadata', {usage: {inputTokens: 10, outputTokens: 3, totalTokens: 13}}),
        ]
      : []),
  ])

const SERVICES = [
  {
    name: 'openai:m',
    path: '/v1/chat/completions',
    whole: openaiStream(['Because ', 'of it [1].']),
    cut: openaiStream(['Beca'], 'cut'),
    type: 'text/event-stream',
  },
  {
    name: 'ollama:m',
    path: '/api/chat',
    whole: ollamaStream(['Because ', 'of it [1].']),
    cut: ollamaStream(['Beca'], {done: false}),
    type: 'application/x-ndjson',
  },
  {
    name: 'bedrock:m',
    path: '/model/m/converse-stream',
    whole: awsStream(true),
    cut: awsStream(false),
    type: 'application/vnd.amazon.eventstream',
  },
] as const

for (const {name, path, whole, cut, type} of SERVICES) {
  describe(`chat model ${name}`, function () {
    this.timeout(20_000)
    const server = new FakeChatServer(name.startsWith('bedrock'))
    let base = ''
    const before_ = {...process.env}
    before(async () => {
      base = await server.start()
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 'secret-b',
        AWS_EC2_METADATA_DISABLED: 'true',
      })
    })
    after(async () => {
      await server.stop()
      for (const key of Object.keys(process.env)) if (!(key in before_)) delete process.env[key]
    })
    beforeEach(() => void server.asked.splice(0))

    const ask = async (onText?: (piece: string) => void, signal?: AbortSignal): Promise<ChatAnswer> => {
      const places = {
        openaiBaseUrl: `${base}/v1/`,
        openaiKey: 'sk-secret',
        ollamaHost: base,
        awsRegion: 'eu-west-1',
        bedrockEndpoint: base,
      }
      const chat = await createChatModel(name, places, network)
      expect(chat.name).to.equal(name)
      try {
        return await chat.answer({
          turns: TURNS,
          maxTokens: 9,
          temperature: 0,
          ...(onText ? {onText} : {}),
          ...(signal ? {signal} : {}),
        })
      } finally {
        await chat.close()
      }
    }
    const answers = (status: number, body: string | Buffer, headers: Record<string, string> = {}): void => {
      server.reply = (response) =>
        void response.writeHead(status, {'content-type': type, ...headers}).end(body)
    }

    it('streams the answer with its use of tokens', async () => {
      answers(200, whole)
      const pieces: string[] = []
      const answer = await ask((piece) => pieces.push(piece))
      expect(answer).to.deep.equal({
        text: 'Because of it [1].',
        complete: true,
        usage: {inputTokens: 10, outputTokens: 3},
      })
      expect(pieces).to.deep.equal(['Because ', 'of it [1].'])
      expect(server.asked.map((it) => it.path)).to.deep.equal([path])
      for (const word of ['rules', 'why?', '9']) expect(server.asked[0]!.body).to.contain(word)
    })
    it('takes a stream that just ends for broken off', async () => {
      answers(200, cut)
      await rejects(ask(), 'CHAT_UNREACHABLE')
    })
    it('takes a connection that breaks for broken off', async () => {
      server.reply = (response) => {
        response.writeHead(200, {'content-type': type, 'content-length': '100000'})
        response.write(cut, () => setTimeout(() => response.destroy(), 20))
      }
      await rejects(ask(), 'CHAT_UNREACHABLE')
    })
    it('tries again after 429 and 500, a few times', async () => {
      server.reply = (response) => {
        const status = server.asked.length === 1 ? 429 : 200
        response
          .writeHead(status, {'content-type': type, 'retry-after': '0.01'})
          .end(status === 200 ? whole : '{}')
      }
      expect((await ask()).text).to.equal('Because of it [1].')
      expect(server.asked.length).to.equal(2)
      answers(500, '{"message":"boom"}', {'content-type': 'application/json', 'retry-after': '0.01'})
      server.asked.splice(0)
      await rejects(ask(), 'CHAT_UNREACHABLE')
      expect(server.asked.length).to.equal(3)
    })
    it('says that it is refused, and never shows the key', async () => {
      answers(401, '{"error":{"message":"bad key"},"message":"bad key"}', {
        'content-type': 'application/json',
      })
      const error = await ask().catch((error: unknown) => error as Error & {code: string; hint: string})
      expect(error).to.include({code: 'CHAT_REFUSED'})
      expect(JSON.stringify([(error as Error).message, error])).to.not.contain('secret')
      expect(server.asked.length).to.equal(1)
    })
    it('stops when it is told to', async () => {
      server.reply = (response) => {
        response.writeHead(200, {'content-type': type})
        response.write(cut)
      }
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 100)
      await rejects(ask(undefined, controller.signal), 'INTERRUPTED')
    })
    if (name !== 'bedrock:m') {
      it('refuses web pages, other JSON, and redirects', async () => {
        answers(200, '<html>log in</html>', {'content-type': 'text/html'})
        await rejects(ask(), 'CHAT_BAD_ANSWER')
        answers(200, 'hello\n')
        await rejects(ask(), 'CHAT_BAD_ANSWER')
        answers(302, '', {location: 'file:///etc/passwd'})
        await rejects(ask(), 'CHAT_BAD_ANSWER')
      })
      it('gives a body of 100 MB up early', async () => {
        let sent = 0
        server.reply = (response) => {
          response.writeHead(200, {'content-type': type})
          const block = 'x'.repeat(1024 * 1024)
          const more = (): void => {
            if (response.destroyed || sent >= 100) return
            sent++
            response.write(block, more)
          }
          more()
        }
        await rejects(ask(), 'CHAT_BAD_ANSWER')
        expect(sent).to.be.lessThan(40)
      })
    }
  })
}

describe('createChatModel', () => {
  it('names what a chat model is called like', async () => {
    for (const name of ['gpt-4', 'openai:', 'file:x', 'openai:a b'])
      await rejects(createChatModel(name, {}, network), 'USAGE')
    await rejects(createChatModel('ollama:m', {ollamaHost: 'file:///x'}, network), 'USAGE')
  })
  it('says where nobody answers', async () => {
    const chat = await createChatModel('ollama:m', {ollamaHost: '127.0.0.1:3'}, network)
    const error = await chat.answer({turns: TURNS}).catch((error: unknown) => error as Error)
    expect((error as Error).message).to.contain('127.0.0.1:3')
    await rejects(chat.answer({turns: TURNS}), 'CHAT_UNREACHABLE')
  })

  it('asks through the proxy of the environment', async () => {
    const [server, proxy] = [new FakeChatServer(), await ProxyServer.start()]
    proxy.target = await server.start()
    server.reply = (response) => void response.end(openaiStream(['Because ', 'of it [1].']))
    const through = httpClient({proxy: {http: proxy.url}})
    const chat = await createChatModel(
      'openai:m',
      {openaiBaseUrl: 'http://chat.test/v1'},
      {
        http: through,
        tools: time,
      },
    )
    expect((await chat.answer({turns: TURNS})).text).to.equal('Because of it [1].')
    expect(proxy.asked).to.deep.equal(['POST http://chat.test/v1/chat/completions'])
    await through.close()
    await proxy.stop()
    await server.stop()
  })
})
