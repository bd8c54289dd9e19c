import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {httpClient} from '../../../../src/lib/adapters/http/http-client.js'
import {HttpModelHub} from '../../../../src/lib/adapters/http/model-hub.js'
import {ModelFolders} from '../../../../src/lib/adapters/transformers/model-folders.js'
import {systemClock} from '../../../../src/lib/adapters/system/clock.js'
import {RagError} from '../../../../src/lib/model/errors.js'
import type {HttpClient} from '../../../../src/lib/ports/http.js'
import {failureOf} from '../../../contract/embedder.contract.js'
import {HubServer} from '../../../support/hub-server.js'
import {listenLocally} from '../../../support/local-server.js'
import {ScriptedTime} from '../../../support/scripted-time.js'
import {canMakeModels, modelFolder} from '../../../support/model-folder.js'

describe('pulling a model', function () {
  this.timeout(30_000)
  let hub: HubServer
  let dir: string
  let http: HttpClient
  let time: ScriptedTime
  before(async function () {
    if (!canMakeModels) {
      console.log('      skipped: there is no tool to make a model by')
      return this.skip()
    }
    hub = await HubServer.start()
  })
  beforeEach(() => {
    hub.meddle = () => false
    hub.asked.length = 0
    hub.tokens.length = 0
    hub.offer('Xenova/tiny', modelFolder())
    dir = mkdtempSync(path.join(tmpdir(), 'rag-pull-'))
    http = httpClient({})
    time = new ScriptedTime()
  })
  afterEach(async () => {
    await http.close()
    rmSync(dir, {recursive: true, force: true})
  })
  after(() => hub?.stop())

  const library = (endpoint = hub.url, firstAnswerMs?: number): ModelFolders =>
    new ModelFolders({
      dir,
      clock: systemClock,
      hub: new HttpModelHub({
        http,
        tools: time,
        endpoint,
        token: 'hf_secret',
        ...(firstAnswerMs === undefined ? {} : {firstAnswerMs}),
      }),
    })
  const refused = async (promise: Promise<unknown>, code: string, said: RegExp): Promise<void> => {
    const error = (await failureOf(promise)) as RagError
    expect([error.code, error.message]).to.satisfy(
      ([found, message]: [string, string]) => found === code && said.test(message),
      String(error),
    )
    expect(`${error.message} ${error.hint}`).not.to.contain('hf_secret')
    expect(existsSync(path.join(dir, 'Xenova/tiny'))).to.equal(false)
    expect(readdirSync(dir).filter((name) => name.startsWith('.'))).to.deep.equal([])
  }

  it('brings what is needed to run it, as it is, and says where it is from', async () => {
    const model = await library().pull('tiny', {})
    expect(model).to.include({name: 'Xenova/tiny', dimension: 32, path: path.join(dir, 'Xenova/tiny')})
    expect(model.pulled).to.include({repository: 'Xenova/tiny', revision: 'f00dfeed'})
    for (const file of ['config.json', 'tokenizer.json', 'onnx/model.onnx'])
      expect(
        readFileSync(path.join(model.path, file)).equals(readFileSync(path.join(modelFolder(), file))),
        file,
      ).to.equal(true)
    expect(await library().damage(model)).to.deep.equal([])
    expect(await library().find('tiny')).to.deep.equal(model)
    expect(await library().list()).to.deep.equal([model])
  })

  it('sends the token to the hub alone', async () => {
    await library().pull('Xenova/tiny', {})
    const byPath = hub.asked.map((asked, i) => [asked.startsWith('/blob/'), hub.tokens[i]])
    expect(byPath.filter(([isElsewhere]) => isElsewhere)).to.deep.equal([[true, undefined]])
    expect(byPath.filter(([isElsewhere]) => !isElsewhere).map(([, token]) => token)).to.satisfy(
      (tokens: unknown[]) => tokens.length > 3 && tokens.every((token) => token === 'Bearer hf_secret'),
    )
  })

  it('takes up where the connection broke, and tells how far it is', async () => {
    let breaks = 2
    hub.meddle = (url, response) => {
      if (!url.startsWith('/blob/') || breaks-- <= 0) return false
      const bytes = readFileSync(path.join(modelFolder(), 'onnx/model.onnx'))
      const from = breaks === 1 ? 0 : 50_000
      response.writeHead(from > 0 ? 206 : 200, {'content-length': bytes.length - from})
      response.write(bytes.subarray(from, from + 50_000), () => response.destroy())
      return true
    }
    const seen: number[] = []
    const model = await library().pull('tiny', {onProgress: ({done}) => seen.push(done)})
    expect(hub.asked.filter((asked) => asked.includes('bytes='))).to.have.length.at.least(1)
    expect(await library().damage(model)).to.deep.equal([])
    expect(Math.max(...seen)).to.equal(readFileSync(path.join(modelFolder(), 'onnx/model.onnx')).length)
  })

  it('tries again when the hub is busy, as late as it says, and gives up after a while', async () => {
    let refusals = 2
    hub.meddle = (url, response) => {
      if (!url.startsWith('/blob/') || refusals-- <= 0) return false
      response.writeHead(refusals === 1 ? 503 : 429, refusals === 1 ? {} : {'retry-after': '7'}).end()
      return true
    }
    await library().pull('tiny', {})
    expect(time.waits).to.deep.equal([500, 7000])
    refusals = Number.POSITIVE_INFINITY
    rmSync(path.join(dir, 'Xenova'), {recursive: true})
    await refused(library().pull('tiny', {}), 'MODEL_MISSING', /answered 429/)
    expect(time.waits.slice(2)).to.deep.equal([7000, 7000, 7000])
  })

  it('adds another precision to one that is there, and keeps what was there', async () => {
    const folder = path.join(dir, '../two-precisions')
    cpSync(modelFolder(), folder, {recursive: true})
    cpSync(path.join(folder, 'onnx/model.onnx'), path.join(folder, 'onnx/model_quantized.onnx'))
    hub.offer('Xenova/tiny', folder)
    await library().pull('tiny', {})
    const model = await library().pull('tiny', {dtype: 'q8'})
    expect(model.weights.map(({dtype}) => dtype)).to.deep.equal(['fp32', 'q8'])
    expect(await library().damage(model)).to.deep.equal([])
    rmSync(folder, {recursive: true})
  })

  it('refuses bytes that are not those that the hub names, and keeps nothing', async () => {
    hub.meddle = (url, response) => {
      if (!url.startsWith('/blob/')) return false
      response.end(Buffer.alloc(1000, 7))
      return true
    }
    await refused(library().pull('tiny', {}), 'MODEL_MISSING', /SHA-256 differs/)
  })

  it('says what the hub does not have', async () => {
    await refused(library().pull('Xenova/none', {}), 'MODEL_MISSING', /no model of that name \(404\)/)
    await refused(library().pull('tiny', {dtype: 'q4'}), 'MODEL_UNUSABLE', /has no onnx\/model_q4\.onnx/)
    hub.meddle = (_, response) => Boolean(response.writeHead(401).end())
    await refused(library().pull('tiny', {}), 'MODEL_MISSING', /those who sign in \(401\)/)
    hub.meddle = (_, response) => Boolean(response.end('<html>Sign in</html>'))
    await refused(library().pull('tiny', {}), 'MODEL_MISSING', /not a list of files/)
  })

  it('takes no file whose name leads out of its folder', async () => {
    hub.meddle = (url, response) => {
      if (!url.startsWith('/api/')) return false
      const names = [
        'config.json',
        'tokenizer.json',
        'onnx/model.onnx',
        'onnx/model.onnx_data/../../../../evil',
        'onnx/model.onnx_data/./evil',
        'onnx/model.onnx_data.%2e%2e/evil',
        'onnx/model.onnx_data\\..\\evil',
        'onnx/model.onnx_data?evil',
        '/onnx/model.onnx_data/evil',
      ]
      response.end(JSON.stringify({sha: 'f00dfeed', siblings: names.map((rfilename) => ({rfilename}))}))
      return true
    }
    await library().pull('tiny', {})
    expect(hub.asked.some((asked) => asked.includes('evil'))).to.equal(false)
  })

  it('takes no revision that leads out of its path, asked for or named by the hub', async () => {
    for (const revision of ['..', '.', '']) {
      await refused(library().pull('tiny', {revision}), 'MODEL_MISSING', /no model of that name/)
      expect(hub.asked).to.deep.equal([])
    }
    for (const sha of ['..', '.', 'a/../b', '%2e%2e', 'hf_secret']) {
      hub.revision = sha
      await refused(library().pull('tiny', {}), 'MODEL_MISSING', /not a list of files/)
    }
    hub.revision = 'f00dfeed'
    hub.asked.length = 0
    await library().pull('tiny', {revision: '../../x'})
    expect(hub.asked[0]).to.equal('/api/models/Xenova/tiny/revision/..%2F..%2Fx')
  })

  it('says within 5 s that there is no way to the hub: nothing there, or nothing that answers', async () => {
    const startedAt = performance.now()
    await refused(library('http://127.0.0.1:9').pull('tiny', {}), 'MODEL_MISSING', /nothing listens there/)
    const silent = createServer(() => undefined)
    const address = await listenLocally(silent)
    await refused(library(address).pull('tiny', {}), 'MODEL_MISSING', /it took too long/)
    silent.close()
    expect(performance.now() - startedAt).to.be.below(5500)
  })

  it('ends at once when it is interrupted, and leaves nothing', async () => {
    const stop = new AbortController()
    hub.meddle = (url, response) => {
      if (!url.startsWith('/blob/')) return false
      response.writeHead(200, {'content-length': 1e6})
      response.write(Buffer.alloc(1000), () => stop.abort())
      return true
    }
    await refused(library().pull('tiny', {signal: stop.signal}), 'INTERRUPTED', /was stopped/)
  })

  it('leaves a folder alone that someone is pulling into, and takes away one that nobody does', async () => {
    for (const name of ['.pull-old', '.pull-new']) {
      mkdirSync(path.join(dir, name))
      writeFileSync(path.join(dir, name, 'config.json'), '{}')
    }
    utimesSync(path.join(dir, '.pull-old'), new Date(0), new Date(0))
    await library().pull('tiny', {})
    expect(readdirSync(dir).sort()).to.deep.equal(['.pull-new', 'Xenova'])
  })

  it('notices each way in which a file may differ from what came', async () => {
    const model = await library().pull('tiny', {})
    const weights = path.join(model.path, 'onnx/model.onnx')
    const bytes = readFileSync(weights)
    bytes[5000]! ^= 1
    writeFileSync(weights, bytes)
    expect(await library().damage(model)).to.deep.equal(['onnx/model.onnx is not as it came'])
    writeFileSync(weights, 'x')
    expect(await library().damage(model)).to.match(/onnx\/model\.onnx has 1 bytes, not \d+/)
    rmSync(weights)
    expect(await library().damage(model)).to.deep.equal(['onnx/model.onnx is missing'])
  })
})
