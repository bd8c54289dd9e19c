import {expect} from 'chai'
import {
  EmbeddingServer,
  status,
  textsIn,
  type Asked,
  writeLetterDocuments,
} from '../support/embedding-server.js'
import {inspectStore} from '../support/corpus-snapshot.js'
import {TempHome, type IngestJson} from '../support/temp-home.js'

describe('an embedding service, by the real binary', function () {
  this.timeout(60_000)
  let home: TempHome
  let server: EmbeddingServer
  beforeEach(async () => {
    home = new TempHome('service')
    server = await EmbeddingServer.start()
    writeLetterDocuments(home, 150)
  })
  afterEach(async () => {
    await server.stop()
    home.remove()
  })

  const run = (...argv: string[]): ReturnType<TempHome['run']> =>
    home.run(argv, {env: {EMBED_ENDPOINT: `${server.url}/model/embed`, EMBED_API_KEY: 'key-that-is-secret'}})
  const ingest = (...more: string[]): ReturnType<TempHome['run']> =>
    run('ingest', '--dir', 'kb', '--model', 'endpoint', '--json', '--quiet', ...more)
  const passages = (): string[] =>
    server.asked.flatMap((asked) => textsIn(asked)).filter((text) => text.includes('number'))

  it('that dies in the middle: exit 7, all text is found, and the same command embeds what is left, each text once', async () => {
    const standard = server.answer
    let left = 2
    server.answer = (asked: Asked, response) => {
      if (textsIn(asked)[0] !== 'dimension' && left-- <= 0)
        return status(response, 503, '{"error": "out of memory"}')
      return standard(asked, response)
    }
    const down = await ingest('--embed-batch-size', '20')
    expect(down.code, down.stderr).to.equal(7)
    const report = JSON.parse(down.stdout) as IngestJson & {
      error: {code: string; message: string; hint: string}
    }
    expect(report.documents.added).to.equal(150)
    expect(report.error.code).to.equal('EMBEDDER_UNREACHABLE')
    expect(report.error.message).to.match(
      /answered 503: out of memory.*All text is stored.*of 150 chunks have no vector yet/,
    )
    const failedAt = passages().length
    expect((await run('search', 'number 77', '--mode', 'keyword', '--json')).stdout).to.contain('d77.md')
    expect((await run('status')).stdout).to.match(/chunks have no vector yet/)
    server.answer = standard
    const up = await ingest()
    expect(up.code, up.stderr).to.equal(0)
    expect((JSON.parse(up.stdout) as IngestJson).chunks).to.include({total: 150, pending: 0})
    const stored = new Set(passages())
    expect(stored.size).to.equal(150)
    expect(passages().length - failedAt).to.be.at.most(150 - report.chunks.total + report.chunks.pending)
    const {hits} = JSON.parse((await run('search', 'qqqqq number', '--mode', 'vector', '--json')).stdout) as {
      hits: {doc_id: string}[]
    }
    expect(hits[0]!.doc_id).to.match(/^d(16|42|68|94|120|146)\.md$/)
    expect(inspectStore(home.data).faults).to.deep.equal([])
  })

  it('that is down for a search leaves it to keywords, and says so; its key is nowhere', async () => {
    expect((await ingest()).code).to.equal(0)
    await server.stop()
    const ran = await run('search', 'number 7', '--json')
    const {degraded, notes} = JSON.parse(ran.stdout) as {degraded: boolean; notes: string[]}
    expect([ran.code, degraded]).to.deep.equal([0, true])
    expect(notes[0]).to.match(/nothing listens there.*Keyword search answers alone/)
    expect((await run('search', 'number 7', '--mode', 'vector')).code).to.equal(7)
    for (const argv of [['config'], ['corpus', 'show'], ['status', '--json']]) {
      const {stdout, stderr} = await run(...argv)
      expect(stdout + stderr).not.to.contain('key-that-is-secret')
    }
    server = await EmbeddingServer.start()
  })

  it('moves a corpus from the learned model to a service and back', async () => {
    expect((await run('ingest', '--dir', 'kb', '--quiet')).code).to.equal(0)
    const there = await run('rebuild', '--reembed', '--model', 'endpoint', '--keep-old', '--json')
    expect(there.code, there.stderr).to.equal(0)
    expect(JSON.parse(there.stdout)).to.include({model: 'endpoint', dimension: 26, vectors: 150, pending: 0})
    const back = await run('rebuild', '--rollback', '--json')
    expect(JSON.parse(back.stdout)).to.include({model: 'lsa', pending: 0})
  })
})
