import type {ServerResponse} from 'node:http'
import {expect} from 'chai'
import {httpClient} from '../../../../src/lib/adapters/http/http-client.js'
import {httpProvider, type HttpProviderOptions} from '../../../../src/lib/adapters/http/http-provider.js'
import type {EmbedderIdentity} from '../../../../src/lib/model/embedding.js'
import {RagError} from '../../../../src/lib/model/errors.js'
import type {EmbedderProvider} from '../../../../src/lib/ports/embedder-provider.js'
import type {HttpClient} from '../../../../src/lib/ports/http.js'
import type {Embedder} from '../../../../src/lib/ports/embedder.js'
import {embedderContract} from '../../../contract/embedder.contract.js'
import {ScriptedTime} from '../../../support/scripted-time.js'
import {EmbeddingServer, letters, status, textsIn, type Asked} from '../../../support/embedding-server.js'

const TEXTS = 'ape bee cat dog eel fox gnu hen ibis jay koi lark'.split(' ')
const QUICK = {timeoutMs: 2000}

describe('HTTP embedders', () => {
  let server: EmbeddingServer
  const clients: HttpClient[] = []
  before(async () => (server = await EmbeddingServer.start()))
  after(() => server.stop())
  const standard = (asked: Asked): unknown => ({embeddings: textsIn(asked).map(letters)})
  beforeEach(() => {
    server.answer = standard
    server.asked.length = 0
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close()
  })

  const provider = (options: HttpProviderOptions = {}, time = new ScriptedTime()): EmbedderProvider => {
    const client = httpClient({})
    clients.push(client)
    const places = {
      endpoint: `${server.url}/model/embed`,
      openaiBaseUrl: `${server.url}/v1`,
      ollamaHost: server.url,
    }
    return httpProvider(client, {...QUICK, ...places, ...options}, time)
  }
  const open = (
    model = 'endpoint',
    options: HttpProviderOptions = {},
    known?: EmbedderIdentity,
  ): Promise<Embedder> => provider(options).open({model}, {kind: 'passage', ...(known ? {known} : {})})
  const embed = async (
    texts: readonly string[],
    by?: Embedder,
  ): Promise<readonly (Float32Array | undefined)[]> =>
    (by ?? (await open())).embed(
      texts.map((text) => ({text})),
      {kind: 'passage'},
    )
  const fails = async (promise: Promise<unknown>, code: string, message: RegExp): Promise<RagError> => {
    const error = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown as RagError,
    )
    expect(error, 'it should have failed').to.be.instanceOf(RagError)
    expect([error!.code, error!.message]).to.satisfy(
      ([found, said]: [string, string]) => found === code && message.test(said),
      `${error!.code}: ${error!.message}`,
    )
    return error!
  }

  for (const model of ['endpoint', 'openai:text-small', 'ollama:nomic', 'tei'])
    embedderContract(`http ${model}`, async () => ({
      open: () => open(model === 'tei' ? `tei:${server.url}` : model),
      inputs: TEXTS.map((text) => ({text: `${text} `.repeat(3)})),
      unknown: {text: '  \n '},
    }))

  it('ask each service in its own way', async () => {
    await embed(['one'], await open('openai:text-small', {openaiKey: 'sk-secret'}))
    await embed(['one'], await open('ollama:mini'))
    await embed(['one'], await open(`tei:${server.url}`))
    await embed(['one'], await open(`${server.url}/own/path`))
    const seen = new Map(server.asked.map((asked) => [asked.path, asked]))
    expect([...seen.keys()]).to.deep.equal(['/v1/embeddings', '/api/embed', '/embed', '/own/path'])
    expect(seen.get('/v1/embeddings')!.body).to.deep.equal({
      model: 'text-small',
      input: ['one'],
      encoding_format: 'float',
    })
    expect(seen.get('/v1/embeddings')!.headers.authorization).to.equal('Bearer sk-secret')
    expect(seen.get('/api/embed')!.body).to.deep.equal({model: 'mini', input: ['one'], truncate: true})
    expect(seen.get('/embed')!.body).to.deep.equal({inputs: ['one'], truncate: true})
    expect(seen.get('/own/path')!.body).to.deep.equal({texts: ['one']})
  })

  it('understand every shape of an answer', async () => {
    const base64 = (text: string): string =>
      Buffer.from(Float32Array.from(letters(text)).buffer).toString('base64')
    const shapes: ((texts: readonly string[]) => unknown)[] = [
      (texts) => texts.map(letters),
      (texts) => ({vectors: texts.map(letters)}),
      (texts) => ({data: texts.map((text, index) => ({index, embedding: letters(text)})).reverse()}),
      (texts) => ({data: texts.map((text, index) => ({index, embedding: base64(text)}))}),
      (texts) => ({embeddings: texts.map((text) => ({values: letters(text)}))}),
    ]
    for (const shape of shapes) {
      server.answer = (asked) => shape(textsIn(asked))
      const vectors = await embed(['abba', 'zoo'])
      expect(vectors.map((vector) => [...vector!])).to.deep.equal([letters('abba'), letters('zoo')])
    }
    server.answer = (asked) => ({embedding: letters(textsIn(asked)[0]!)})
    expect(await embed(['abba'])).to.have.length(1)
  })

  it('try another body when the first is not understood, and stay with it', async () => {
    server.answer = (asked, response) =>
      asked.body['input'] ? standard(asked) : status(response, 422, '{"detail": "field required"}')
    const embedder = await open()
    await embed(['one'], embedder)
    await embed(['two'], embedder)
    expect(server.asked.map(({body}) => Object.keys(body)[0])).to.deep.equal([
      'texts',
      'inputs',
      'input',
      'input',
      'input',
    ])
  })

  it('learn how many texts a service takes at once', async () => {
    server.answer = (asked, response) =>
      textsIn(asked).length > 5 ? status(response, 413, '{"error": "batch too large"}') : standard(asked)
    const embedder = await open()
    expect((await embed(TEXTS, embedder)).map((vector) => [...vector!])).to.deep.equal(TEXTS.map(letters))
    server.asked.length = 0
    await embed(TEXTS, embedder)
    expect(server.asked.every((asked) => textsIn(asked).length <= 5)).to.equal(true)
  })

  it('embed the beginning of a text that is longer than the model takes, beside others that are not', async () => {
    const long = 'ape '.repeat(500)
    server.answer = (asked, response) => {
      if (textsIn(asked).every((text) => text.length <= 900)) return standard(asked)
      return status(response, 400, '{"error": {"message": "the maximum context length is 300 tokens"}}')
    }
    const embedder = await open()
    const [first, second, third] = await embed(['bee', long, 'cat'], embedder)
    expect([...first!, ...third!]).to.deep.equal([...letters('bee'), ...letters('cat')])
    expect(second![0]).to.be.within(100, 225)
    server.asked.length = 0
    await embed(TEXTS, embedder)
    expect(server.asked, 'it is no reason to ask for less at once').to.have.length(1)
  })

  it('give queries and passages the prefixes of their family, and those that are asked for', async () => {
    const one = await provider().open({model: 'openai:multilingual-e5-small'}, {kind: 'query'})
    await one.embed([{text: 'bees'}], {kind: 'query'})
    await one.embed([{text: 'bees'}], {kind: 'passage'})
    const own = await provider().open({model: 'endpoint', queryPrefix: 'Q: '}, {kind: 'query'})
    await own.embed([{text: 'bees'}], {kind: 'query'})
    expect(
      server.asked
        .filter(({body}) => !textsIn({body} as Asked)[0]!.startsWith('dimension'))
        .map((asked) => textsIn(asked)[0]),
    ).to.deep.equal(['query: bees', 'passage: bees', 'Q: bees'])
    expect(own.identity.fingerprint).not.to.equal((await open()).identity.fingerprint)
  })

  it('need not be asked when the vectors that are stored tell how long they are', async () => {
    const {identity} = await open()
    server.asked.length = 0
    await open('endpoint', {}, identity)
    expect(server.asked).to.deep.equal([])
  })

  describe('of a service that fails', () => {
    it('try again when it is busy or broken, as late as it says', async () => {
      const time = new ScriptedTime()
      const embedder = await provider({}, time).open({model: 'endpoint'}, {kind: 'passage'})
      const date = new Date(time.clock.now() + 250 + 1000 + 30_000).toUTCString()
      const answers: ((response: ServerResponse) => undefined)[] = [
        (response) => status(response, 500),
        (response) => status(response, 429, '', {'retry-after': '1'}),
        (response) => status(response, 503, '', {'retry-after': date}),
      ]
      server.answer = (asked, response) => {
        const answer = answers.shift()
        return answer ? answer(response) : standard(asked)
      }
      expect(await embed(['one'], embedder)).to.have.length(1)
      expect(time.waits.slice(0, 2)).to.deep.equal([250, 1000])
      // A date has no milliseconds.
      expect(time.waits[2]).to.be.within(29_000, 30_000)
    })

    it('say that it is down, slow, broken', async () => {
      await fails(
        open(`http://127.0.0.1:1/embed`),
        'EMBEDDER_UNREACHABLE',
        /127\.0\.0\.1:1\/embed can't be reached: nothing listens there/,
      )
      server.answer = () => new Promise(() => undefined)
      await fails(
        open('endpoint', {timeoutMs: 60, attempts: 2}),
        'EMBEDDER_UNREACHABLE',
        /took too long|no answer in time/,
      )
      server.answer = (_, response) => status(response, 503, '{"error": "overloaded"}')
      await fails(open(), 'EMBEDDER_UNREACHABLE', /answered 503: overloaded/)
      server.answer = (_, response) => {
        response.writeHead(200, {'content-type': 'application/json', 'content-length': '1000'})
        response.write('{"embeddings": [[1,')
        response.destroy()
        return undefined
      }
      await fails(open(), 'EMBEDDER_UNREACHABLE', /broke off/)
    })

    it('leave it alone for a while after several failures in a row', async () => {
      const time = new ScriptedTime()
      const one = provider({attempts: 1}, time)
      server.answer = (_, response) => status(response, 500)
      const ask = (): Promise<unknown> => one.open({model: 'endpoint'}, {kind: 'query'})
      for (let i = 0; i < 5; i++) await fails(ask(), 'EMBEDDER_UNREACHABLE', /500|left alone/)
      expect(server.asked).to.have.length(3)
      time.clock.advance(20_000)
      server.answer = standard
      await ask()
      expect(server.asked).to.have.length(4)
    })

    it('never show or send its key where it does not belong', async () => {
      const other = await EmbeddingServer.start()
      try {
        server.answer = (_, response) =>
          status(response, 401, '{"error": {"message": "wrong key sk-secret"}}')
        const error = await fails(
          open('openai:x', {openaiKey: 'sk-secret'}),
          'EMBEDDER_REFUSED',
          /answered 401: wrong key \*\*\*/,
        )
        expect(error.hint).to.match(/OPENAI_API_KEY/)
        server.answer = (_, response) => status(response, 307, '', {location: `${other.url}/elsewhere`})
        await fails(
          open('openai:x', {openaiKey: 'sk-secret'}),
          'EMBEDDER_BAD_ANSWER',
          /\/v1\/embeddings leads elsewhere \(307, to .*\/elsewhere\), which is not followed.*RAG_ALLOW_REDIRECTS=on/,
        )
        expect(other.asked, 'neither key nor texts go to another origin').to.deep.equal([])
        other.answer = standard
        await open('openai:x', {openaiKey: 'sk-secret', allowRedirects: true})
        expect(other.asked.length, 'texts do where that is allowed').to.equal(1)
        expect(other.asked[0]!.headers.authorization, 'keys never').to.equal(undefined)
        for (const host of [
          '169.254.169.254',
          '[fe80::1]',
          '[::ffff:169.254.169.254]',
          'metadata.google.internal',
          '0.0.0.0',
        ]) {
          server.answer = (_, response) => status(response, 307, '', {location: `http://${host}/latest/`})
          await fails(
            open('endpoint', {allowRedirects: true}),
            'EMBEDDER_BAD_ANSWER',
            /not followed: that address tells of the machine itself/,
          )
        }
        server.answer = (asked, response) =>
          asked.path === '/v1/moved' ? standard(asked) : status(response, 307, '', {location: '/v1/moved'})
        await open('openai:x', {openaiKey: 'sk-secret'})
        expect(server.asked.at(-1)).to.deep.include({path: '/v1/moved', body: server.asked.at(-2)!.body})
        expect(server.asked.at(-1)!.headers.authorization).to.equal('Bearer sk-secret')
        await fails(open('http://user:pass@127.0.0.1:1/x'), 'EMBEDDER_UNREACHABLE', /^(?!.*pass).*$/)
      } finally {
        await other.stop()
      }
    })

    it('follow no redirect to a file, to nowhere, or in a circle', async () => {
      for (const [code, location] of [
        [307, 'file:///etc/passwd'],
        [302, `${server.url}/x`],
        [308, '/model/embed'],
        [301, ''],
      ] as const) {
        server.answer = (_, response) => status(response, code, '', {location})
        await fails(open(), 'EMBEDDER_BAD_ANSWER', /leads elsewhere .* not followed/)
      }
    })

    it('take nothing of an answer that is none', async () => {
      const embedder = await open()
      const bad: [unknown, RegExp][] = [
        [{}, /no list of embeddings/],
        [{embeddings: [letters('a')]}, /1 embeddings for 2 texts/],
        [{embeddings: [letters('a'), [1, 2]]}, /embedding 2 has 2 numbers, the first 26/],
        [{embeddings: [letters('a'), [...letters('b').slice(1), null]]}, /number 26 of embedding 2 is null/],
        [{embeddings: [letters('a'), [...letters('b').slice(1), 1e300]]}, /1e\+300/],
        [{embeddings: ['!!!', '!!!']}, /is empty|no list of numbers/],
        [
          {
            data: [
              {index: 0, embedding: letters('a')},
              {index: 0, embedding: letters('b')},
            ],
          },
          /two embeddings of one text/,
        ],
        ['text', /no list/],
      ]
      for (const [answer, message] of bad) {
        server.answer = () => answer
        await fails(embed(['a', 'b'], embedder), 'EMBEDDER_BAD_ANSWER', message)
      }
      server.answer = (_, response) => status(response, 200, '<html>Welcome</html>')
      await fails(embed(['a'], embedder), 'EMBEDDER_BAD_ANSWER', /a web page, not with JSON/)
      server.answer = () => ({embeddings: [[1, 2, 3]]})
      await fails(embed(['a'], embedder), 'MODEL_MISMATCH', /3 dimensions now, and gave 26 before/)
    })

    it('stop reading an answer of more than 100 MB', async () => {
      server.answer = async (_, response) => {
        response.writeHead(200, {'content-type': 'application/json'})
        const part = Buffer.alloc(4 * 1024 ** 2, 0x20)
        for (let i = 0; i < 40 && !response.destroyed; i++)
          if (!response.write(part))
            await new Promise((resolve) => (response.once('drain', resolve), response.once('close', resolve)))
        response.end()
        return undefined
      }
      await fails(open('endpoint', {timeoutMs: 20_000}), 'EMBEDDER_BAD_ANSWER', /more than 100 MiB/)
    })

    it('end at once when they are told to', async () => {
      const embedder = await open()
      server.answer = () => new Promise(() => undefined)
      const controller = new AbortController()
      const asking = embedder.embed([{text: 'one'}], {kind: 'passage', signal: controller.signal})
      setTimeout(() => controller.abort(), 30)
      await fails(asking, 'INTERRUPTED', /stopped/)
    })

    it('say what the last try came to when they are told to end before the next one', async () => {
      const time = new ScriptedTime()
      const embedder = await provider({}, time).open({model: 'endpoint'}, {kind: 'passage'})
      server.answer = (_, response) => status(response, 503, 'Loading')
      const controller = new AbortController()
      time.onSleep = () => controller.abort()
      const error = await embedder
        .embed([{text: 'one'}], {kind: 'passage', signal: controller.signal})
        .catch((thrown: unknown) => thrown as Error)
      expect(error).to.have.property('code', 'INTERRUPTED')
      expect((error as Error).cause)
        .to.have.property('message')
        .that.contains('503')
    })
  })
})
