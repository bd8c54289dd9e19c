import {createHash} from 'node:crypto'
import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import type {ServerResponse} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {httpClient} from '../../src/lib/adapters/http/http-client.js'
import {Download} from '../../src/lib/adapters/http/download.js'
import {RagError} from '../../src/lib/index.js'
import {LIMITS} from '../../src/lib/model/input/limits.js'
import {queryVectorMs} from '../../src/lib/retrieve/within-time.js'
import {EmbeddingServer, letters, textsIn, writeLetterDocuments} from '../support/embedding-server.js'
import {HubServer} from '../support/hub-server.js'
import {rejects} from '../support/store-fixtures.js'
import {TempHome} from '../support/temp-home.js'

interface SearchJson {
  readonly degraded: boolean
  readonly notes: readonly string[]
  readonly hits: readonly unknown[]
}

describe('a service that takes its time', function () {
  this.timeout(120_000)
  let home: TempHome
  let server: EmbeddingServer
  const env = (): Record<string, string> => ({EMBED_ENDPOINT: server.url})
  beforeEach(async () => {
    home = new TempHome('slow')
    server = await EmbeddingServer.start()
    writeLetterDocuments(home, 5)
    const ran = await home.run(['ingest', '--dir', 'kb', '--model', 'endpoint'], {env: env()})
    expect(ran.code, ran.stderr).to.equal(0)
  })
  afterEach(async () => {
    await server.stop()
    home.remove()
  })
  const answerAfter = (ms: number): void => {
    server.answer = async (asked) => {
      await new Promise((resolve) => setTimeout(resolve, ms).unref())
      return {embeddings: textsIn(asked).map(letters)}
    }
  }
  const search = async (...more: string[]): Promise<SearchJson & {tookMs: number}> => {
    const ran = await home.run(['search', 'number', '--json', ...more], {env: env()})
    expect(ran.code, ran.stderr).to.equal(0)
    return {...(JSON.parse(ran.stdout) as SearchJson), tookMs: ran.tookMs}
  }

  it('and never answers is not waited for: keyword search answers, and says so', async () => {
    answerAfter(3_600_000)
    const report = await search()
    expect([report.degraded, report.hits.length]).to.deep.equal([true, 5])
    expect(report.notes.join()).to.match(/did not give the vector of the query within 2 s.*Keyword search/)
    // Two seconds, and what a process takes to start where others run.
    expect(report.tookMs).to.be.lessThan(15_000)
    const alone = await home.run(['search', 'number', '--mode', 'vector'], {env: env()})
    expect([alone.code, alone.stderr]).to.deep.equal([7, alone.stderr])
    expect(alone.stderr).to.match(/--embed-timeout/)
    const asked = await home.run(['ask', 'which number is it?', '--json'], {env: env()})
    expect([asked.code, asked.tookMs < 15_000]).to.deep.equal([0, true])
  })

  it('is waited for as long as is asked for, and no longer', async () => {
    answerAfter(2500)
    expect((await search('--embed-timeout', '30')).degraded).to.equal(false)
    answerAfter(300)
    const hasty = await search('--embed-timeout', '0.05')
    expect([hasty.degraded, hasty.notes.join().includes('within 0.05 s')]).to.deep.equal([true, true])
    const ran = await home.run(['search', 'number', '--json'], {env: {...env(), RAG_EMBED_TIMEOUT: '0.05'}})
    expect((JSON.parse(ran.stdout) as SearchJson).degraded).to.equal(true)
  })

  it('is waited for by default only when it is a service', () => {
    const version = {provider: 'http'} as Parameters<typeof queryVectorMs>[0]
    expect(queryVectorMs(version)).to.equal(LIMITS.queryVectorMs)
    expect(queryVectorMs({...version, provider: 'transformers'})).to.equal(undefined)
    expect(queryVectorMs({...version, modelFile: {} as never})).to.equal(undefined)
  })
})

describe('a hub that sends more than it said', function () {
  this.timeout(120_000)
  let dir: string
  let hub: HubServer
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'rag-hub-'))
    hub = await HubServer.start()
  })
  afterEach(async () => {
    await hub.stop()
    rmSync(dir, {recursive: true, force: true})
  })
  const limits = {file: 5000, text: 3000, unannounced: 4000}
  const fetch = async (
    name: string,
    answer: (response: ServerResponse) => void,
  ): Promise<{readonly bytes: number}> => {
    hub.meddle = (_, response) => {
      answer(response)
      return true
    }
    const http = httpClient({})
    const download = new Download(
      http,
      {
        secretHeaders: {},
        limits,
        onBytes: () => undefined,
        failed: (why) => new RagError('MODEL_MISSING', why),
      },
      {
        clock: {now: () => Date.now(), monotonic: () => performance.now()},
        sleep: () => Promise.resolve(),
        random: () => 0,
      },
    )
    try {
      return await download.file(`${hub.url}/${name}`, join(dir, 'file'))
    } finally {
      await http.close()
    }
  }
  const body =
    (bytes: number, headers: Record<string, string | number> = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(200, headers).end(Buffer.alloc(bytes, 'x'))
  const said = (bytes: number, more: Record<string, string | number> = {}) =>
    body(bytes, {'content-length': bytes, ...more})

  for (const [name, most] of [
    ['a.json', limits.text],
    ['model.onnx', limits.file],
  ] as const)
    it(`${name}: as much as is taken of it, and not a byte more is asked for`, async () => {
      expect((await fetch(name, said(most))).bytes).to.equal(most)
      await rejects(fetch(name, said(most + 1)), 'MODEL_MISSING', /more than the \d+ that are taken/)
    })

  for (const [name, most] of [
    ['a.json', limits.text],
    ['model.onnx', limits.unannounced],
  ] as const)
    it(`${name}: of a length that nobody says, as much and no more`, async () => {
      expect((await fetch(name, body(most))).bytes).to.equal(most)
      await rejects(fetch(name, body(most + 1)), 'MODEL_MISSING', /more than \d+ bytes came/)
    })

  it('holds the length of the answer against the one that the hub announced', async () => {
    const sha256 = createHash('sha256').update(Buffer.alloc(100, 'x')).digest('hex')
    const linked = {'x-linked-etag': `"${sha256}"`}
    expect((await fetch('m.onnx', said(100, {...linked, 'x-linked-size': 100}))).bytes).to.equal(100)
    await rejects(
      fetch('m.onnx', said(100, {...linked, 'x-linked-size': 200})),
      'MODEL_MISSING',
      /has 100 bytes, and the hub announced 200/,
    )
    await rejects(
      fetch('m.onnx', body(300, {...linked, 'x-linked-size': 200})),
      'MODEL_MISSING',
      /more than 200 bytes/,
    )
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`leaves nothing in the folder of models when ${signal} ends the fetching of what never ends`, async () => {
      const home = new TempHome('pull')
      const models = join(dir, 'models')
      mkdirSync(models)
      let timer: NodeJS.Timeout | undefined
      hub.meddle = (url, response) => {
        if (url.includes('/api/models/')) {
          const siblings = ['config.json', 'tokenizer.json', 'onnx/model.onnx'].map((rfilename) => ({
            rfilename,
          }))
          response.end(JSON.stringify({sha: 'abc', siblings}))
        } else {
          response.writeHead(200)
          timer = setInterval(() => response.write(Buffer.alloc(10_000, 'x')), 20)
        }
        return true
      }
      let sentAt = 0
      const ran = await home.run(['models', 'pull', 'own/name'], {
        env: {HF_ENDPOINT: hub.url, RAG_MODEL_DIR: models, RAG_OFFLINE: '0'},
        onStart: (child) => {
          const waiting = setInterval(() => {
            if (!readdirSync(models).some((name) => name.startsWith('.pull-')) || timer === undefined) return
            clearInterval(waiting)
            sentAt = performance.now()
            child.kill(signal)
          }, 20)
          child.on('close', () => clearInterval(waiting))
        },
      })
      clearInterval(timer)
      home.remove()
      expect([ran.code, ran.signal], ran.stderr).to.deep.equal([130, undefined])
      expect(performance.now() - sentAt).to.be.lessThan(10_000)
      expect(
        readdirSync(models, {recursive: true}).filter((name) => String(name).includes('.pull-')),
      ).to.deep.equal([])
    })
})
