import {cpSync, existsSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {HubServer} from '../support/hub-server.js'
import {canMakeModels, modelFolder} from '../support/model-folder.js'
import {TempHome, type IngestJson} from '../support/temp-home.js'

describe('a model that runs in this process, by the real binary', function () {
  this.timeout(60_000)
  let home: TempHome
  before(function () {
    if (canMakeModels) return
    console.log('      skipped: there is no tool to make a model by')
    this.skip()
  })
  beforeEach(() => {
    home = new TempHome('local-model')
    cpSync(modelFolder(), home.path('models/Xenova/tiny'), {recursive: true})
    for (let i = 0; i < 90; i++)
      home.write(
        `kb/d${i}.md`,
        `# Part ${i}\n\n${'station stone lantern other '.repeat(1 + (i % 5))}number ${i}`,
      )
  })
  afterEach(() => home.remove())

  const run = (
    argv: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ReturnType<TempHome['run']> => home.run([...argv], {env: {RAG_MODEL_DIR: home.path('models'), ...env}})
  const ingest = (...more: string[]): ReturnType<TempHome['run']> =>
    run(['ingest', '--dir', 'kb', '--json', '--quiet', ...more])
  const reportOf = ({stdout}: {stdout: string}): IngestJson => JSON.parse(stdout) as IngestJson
  const hits = async (query: string, ...more: string[]): Promise<string[]> => {
    const {stdout} = await run(['search', query, '--mode', 'vector', '--json', ...more])
    return (JSON.parse(stdout) as {hits: {doc_id: string}[]}).hits.map(({doc_id}) => doc_id)
  }

  it('embeds a folder and searches it; unchanged documents are not embedded again', async () => {
    const first = await ingest('--model', 'tiny')
    expect(first.code, first.stderr).to.equal(0)
    expect(reportOf(first)).to.deep.include({model: 'tiny', dimension: 32})
    expect(reportOf(first).chunks).to.include({total: 90, pending: 0})
    const text =
      'Part 7\n\nstation stone lantern other station stone lantern other station stone lantern other number 7'
    expect((await hits(text))[0]).to.equal('d7.md')
    expect(reportOf(await ingest()).cache).to.include({embed_misses: 0})
    expect((await run(['verify', '--json'])).code).to.equal(0)
  })

  it('moves a corpus from the built-in model to it and back', async () => {
    expect((await ingest()).code).to.equal(0)
    const there = await run(['rebuild', '--reembed', '--model', 'tiny', '--keep-old', '--json'])
    expect(there.code, there.stderr).to.equal(0)
    const shown = JSON.parse((await run(['corpus', 'show', '--json'])).stdout) as Record<string, unknown>
    expect(shown).to.include({model: 'tiny', dimension: 32, pending: 0})
    expect((await run(['rebuild', '--rollback'])).code).to.equal(0)
    expect((JSON.parse((await run(['corpus', 'show', '--json'])).stdout) as {model: string}).model).to.equal(
      'lsa',
    )
  })

  it('is used in the way that was asked for, in this run and the next', async () => {
    const asked = await ingest('--model', 'tiny', '--pooling', 'cls', '--passage-prefix', 'passage: ')
    expect(asked.code, asked.stderr).to.equal(0)
    const {settings} = JSON.parse((await run(['corpus', 'show', '--json'])).stdout) as {settings: object}
    expect(settings).to.include({
      pooling: 'cls',
      passage_prefix: 'passage: ',
      query_prefix: null,
      dtype: null,
    })
    home.write('kb/new.md', 'one more about stone')
    expect(reportOf(await ingest()).chunks).to.include({total: 91, pending: 0})
    const other = await ingest('--pooling', 'mean')
    expect([other.code, other.stdout]).to.satisfy(
      ([code, out]: [number, string]) => code === 8 && /used in another way/.test(out),
    )
    const lsa = await run(['ingest', '--dir', 'kb', '--corpus', 'words', '--dtype', 'q8'])
    expect([lsa.code, lsa.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 2 && /--dtype/.test(said),
    )
  })

  it('that is not here, on a machine without a network: says so at once, and nothing was made', async () => {
    for (const env of [{}, {RAG_OFFLINE: '', HF_ENDPOINT: 'http://127.0.0.1:9'}]) {
      const {code, stderr, tookMs} = await run(['ingest', '--dir', 'kb', '--model', 'all-MiniLM-L6-v2'], env)
      expect(code, stderr).to.equal(7)
      expect(stderr).to.match(/all-MiniLM-L6-v2 is not on this machine.*fetched/s)
      expect(stderr).to.match(/RAG_MODEL_DIR/)
      expect(tookMs).to.be.below(5000)
    }
    expect(existsSync(home.path('.rag/rag.db'))).to.equal(false)
  })

  it('that is gone: what is new is found by keyword, and embedded when it is back', async () => {
    expect((await ingest('--model', 'tiny')).code).to.equal(0)
    cpSync(home.path('models'), home.path('elsewhere'), {recursive: true})
    rmSync(home.path('models'), {recursive: true})
    home.write('kb/new.md', 'one more about quartz')
    const down = await ingest()
    expect(down.code, down.stderr).to.equal(7)
    expect(down.stdout).to.contain('MODEL_MISSING')
    const keyword = await run(['search', 'quartz', '--mode', 'keyword', '--format', 'files'])
    expect(keyword.stdout).to.contain('new.md')
    const hybrid = await run(['search', 'quartz', '--json'])
    expect(hybrid.code, hybrid.stderr).to.equal(0)
    expect(hybrid.stdout).to.contain('new.md')
    const up = await home.run(['ingest', '--dir', 'kb', '--json', '--quiet'], {
      env: {RAG_MODEL_DIR: home.path('elsewhere')},
    })
    expect(up.code, up.stderr).to.equal(0)
    expect(reportOf(up).cache).to.include({embed_misses: 1})
  })

  it('that has become another under the same name: no vector of it is mixed in', async () => {
    expect((await ingest('--model', 'tiny')).code).to.equal(0)
    writeFileSync(home.path('models/Xenova/tiny/1_Pooling.json'), '{}')
    home.write('models/Xenova/tiny/1_Pooling/config.json', '{"pooling_mode_cls_token": true}')
    home.write('kb/new.md', 'one more about stone')
    const other = await ingest()
    expect(other.code, other.stderr).to.equal(8)
    expect(other.stdout).to.match(/MODEL_MISMATCH.*rebuild --reembed/s)
  })

  it('named by its path is found from any folder', async () => {
    const relative = path.relative(home.path('.'), home.path('models/Xenova/tiny'))
    expect((await ingest('--model', `./${relative}`)).code).to.equal(0)
    const {code, stderr} = await home.run(['search', 'stone', '--mode', 'vector', '--data-dir', home.data], {
      cwd: home.path('kb'),
    })
    expect(code, stderr).to.equal(0)
  })

  it('a killed run goes on where it stopped', async () => {
    for (let i = 0; i < 200; i++) home.write(`kb/more${i}.md`, `${'stone lantern '.repeat(120)} ${i}`)
    const killed = await home.run(['ingest', '--dir', 'kb', '--model', 'tiny'], {
      env: {RAG_MODEL_DIR: home.path('models')},
      onStderr: (soFar, child) => {
        if (soFar.includes('embedding: ')) child.kill('SIGKILL')
      },
    })
    const again = reportOf(await ingest())
    expect(again.chunks.pending).to.equal(0)
    if (killed.signal === 'SIGKILL') expect(again.cache.embed_misses).to.be.below(again.chunks.total)
    expect((await run(['verify'])).code).to.equal(0)
  })

  describe('from a hub', () => {
    let hub: HubServer
    before(async () => {
      hub = await HubServer.start()
      hub.offer('Xenova/far', modelFolder())
    })
    after(() => hub.stop())
    const online = (): Record<string, string> => ({
      RAG_OFFLINE: '',
      HF_ENDPOINT: hub.url,
      HF_TOKEN: 'hf_secret',
    })

    it('is fetched by the first ingest that names it, once', async () => {
      const first = await run(['ingest', '--dir', 'kb', '--model', 'far', '--json', '--quiet'], online())
      expect(first.code, first.stderr).to.equal(0)
      const asked = hub.asked.length
      expect(asked).to.be.greaterThan(3)
      home.write('kb/new.md', 'one more')
      expect((await run(['ingest', '--dir', 'kb', '--json'], online())).code).to.equal(0)
      expect((await run(['search', 'stone'], online())).code).to.equal(0)
      expect(hub.asked.length).to.equal(asked)
    })

    it('is not fetched by a search', async () => {
      expect((await run(['ingest', '--dir', 'kb', '--model', 'far'], online())).code).to.equal(0)
      rmSync(home.path('models/Xenova/far'), {recursive: true})
      const asked = hub.asked.length
      const {code, stderr} = await run(['search', 'stone', '--mode', 'vector'], online())
      expect(code).to.equal(7)
      expect(stderr).to.match(/rag models pull far/)
      expect(hub.asked.length).to.equal(asked)
    })

    it('is pulled, listed and shown; damage is noticed, and mended by pulling again', async () => {
      const pulled = await run(['models', 'pull', 'far', '--json'], online())
      expect(pulled.code, pulled.stderr).to.equal(0)
      expect(JSON.parse(pulled.stdout)).to.include({model: 'Xenova/far', dimension: 32, fetched: true})
      expect(JSON.parse((await run(['models', 'pull', 'far', '--json'], online())).stdout)).to.include({
        fetched: false,
      })
      home.write('models/Xenova/half/config.json', '{}')
      const {models} = JSON.parse((await run(['models', 'list', '--json'])).stdout) as {
        models: {model: string; problem: string | null; dimension?: number}[]
      }
      expect(models.map(({model, problem}) => [model, problem === null])).to.deep.equal([
        ['Xenova/far', true],
        ['Xenova/half', false],
        ['Xenova/tiny', true],
      ])
      writeFileSync(home.path('models/Xenova/far/tokenizer.json'), '{}')
      const damaged = await run(['models', 'show', 'far'])
      expect([damaged.code, damaged.stdout]).to.satisfy(
        ([code, out]: [number, string]) => code === 5 && /tokenizer\.json has 2 bytes.*--force/s.test(out),
      )
      expect(JSON.parse((await run(['models', 'pull', 'far', '--json'], online())).stdout)).to.include({
        fetched: true,
      })
      expect((await run(['models', 'show', 'far'])).code).to.equal(0)
      for (const {stdout, stderr} of [pulled, damaged]) expect(stdout + stderr).not.to.contain('hf_secret')
    })
  })
})
