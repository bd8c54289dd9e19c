import {expect} from 'chai'
import {JsonClient} from '../../../src/lib/adapters/http/json-client.js'
import {parseExportManifest} from '../../../src/lib/export/export-manifest.js'
import {systemDigest} from '../../../src/lib/adapters/system/digest.js'
import {LIMITS} from '../../../src/lib/model/input/limits.js'
import {isDeeperThan, JsonTooDeep, parseJson} from '../../../src/lib/model/input/parse-json.js'
import {rejects} from '../../support/store-fixtures.js'
import {ReplayState} from '../../../src/lib/replay/index.js'

const nested = (depth: number, open = '[', close = ']'): string =>
  open.repeat(depth) + '1' + close.repeat(depth)

describe('JSON of others', function () {
  this.timeout(30_000)
  it('is read as JSON.parse does, as deep as the limit', () => {
    for (const text of [nested(LIMITS.jsonDepth), nested(LIMITS.jsonDepth, '{"a":', '}')])
      expect(parseJson(text)).to.deep.equal(JSON.parse(text))
    expect(() => parseJson('{"a"')).to.throw(SyntaxError)
  })

  it('is refused when it is one level deeper', () => {
    for (const text of [nested(LIMITS.jsonDepth + 1), nested(LIMITS.jsonDepth + 1, '{"a":', '}')])
      expect(() => parseJson(text)).to.throw(JsonTooDeep, /more than 200 levels deep/)
  })

  it('counts no bracket in a text, whatever is escaped in it, and none that is closed', () => {
    const most = 3
    for (const [text, isDeep] of [
      ['"[[[[[[[["', false],
      [String.raw`["\"[[[[[[[", 1]`, false],
      [String.raw`["\\", [[[1]]]]`, true],
      [String.raw`["\\\"[[[[[["]`, false],
      ['[[[1]],[[2]],[[3]],[[4]]]', false],
      ['[[[1]],[[2]],[[[3]]]]', true],
      ['"[[[[[[[', false],
    ] as const)
      expect(isDeeperThan(text, most), text).to.equal(isDeep)
  })

  it('of forty million brackets is refused within a second, and without memory', () => {
    const text = '['.repeat(40_000_000)
    const before = process.memoryUsage().rss
    const startedAt = performance.now()
    expect(() => parseJson(text)).to.throw(JsonTooDeep)
    expect(performance.now() - startedAt).to.be.lessThan(1000)
    expect(process.memoryUsage().rss - before).to.be.lessThan(100 * 1024 ** 2)
  })

  it('of forty million brackets that never open is gone through once', () => {
    const startedAt = performance.now()
    expect(() => parseJson(`[${'"\\\\",'.repeat(6_000_000)}`)).to.throw(SyntaxError)
    expect(performance.now() - startedAt).to.be.lessThan(10_000)
  })

  it('as the answer of a service is a bad answer', async () => {
    const body = Buffer.from('['.repeat(40_000_000))
    const client = new JsonClient(
      {
        send: () =>
          Promise.resolve({
            status: 200,
            header: () => undefined,
            body: (async function* () {
              yield await Promise.resolve(body)
            })(),
            discard: () => Promise.resolve(),
          }),
        close: () => Promise.resolve(),
      },
      {attempts: 1},
      {
        clock: {now: () => 0, monotonic: () => 0},
        sleep: () => Promise.resolve(),
        random: () => 0,
      },
    )
    const error = await client
      .post({url: 'http://localhost/embed', body: {}})
      .catch((thrown: unknown) => thrown)
    expect(error).to.include({kind: 'bad-answer'})
    expect((error as Error).message).to.match(/nested more than 200 levels deep/)
  })

  it('as a manifest is none, and as a state file is refused', async () => {
    const deep = `{"format":"rag-export","a":${nested(100_000)}}`
    expect(parseExportManifest(deep, 'manifest.json', systemDigest)).to.equal(undefined)
    const written: string[] = []
    const texts = {
      read: (at: string) => Promise.resolve(at === 'state' ? deep : undefined),
      replace: (at: string) => Promise.resolve(void written.push(at)),
    }
    await rejects(ReplayState.open({texts, path: 'state', absolute: (name) => name}), 'USAGE')
    expect(written).to.deep.equal([])
  })
})
