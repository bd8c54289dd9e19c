import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {Download} from '../../../../src/lib/adapters/http/download.js'
import {LIMITS} from '../../../../src/lib/model/input/limits.js'
import {hubUnreachable} from '../../../../src/lib/model/errors/model/hub.js'
import type {RagError} from '../../../../src/lib/model/errors.js'
import type {HttpClient} from '../../../../src/lib/ports/http.js'
import {failureOf} from '../../../contract/embedder.contract.js'
import {ScriptedTime} from '../../../support/scripted-time.js'

/** How a hub sends: so many bytes each time, after so many milliseconds; it breaks off after so many pieces. */
interface Way {
  readonly piece: number
  readonly everyMs: number
  readonly breaksAfter?: number
}

const URL = 'https://hub.test/owner/name/resolve/main/model.onnx'
const HOUR_MS = 3_600_000

describe('the pace of a download', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), 'rag-pace-'))))
  afterEach(() => rmSync(dir, {recursive: true}))

  /** Fetches a file of so many bytes (without end: undefined) from a hub that sends it so. */
  async function fetched(way: Way, length?: number) {
    const time = new ScriptedTime()
    const began = time.clock.monotonic()
    let sent = 0
    const http: HttpClient = {
      send: ({headers}) => {
        const from = Number(/\d+/.exec(headers['range'] ?? '')?.[0] ?? 0)
        const said = length === undefined ? undefined : String(length - from)
        return Promise.resolve({
          status: from > 0 ? 206 : 200,
          header: (name) => (name === 'content-length' ? said : undefined),
          body: (async function* () {
            for (let pieces = 1, at = from; length === undefined || at < length; pieces++) {
              const bytes = Math.min(way.piece, (length ?? Infinity) - at)
              time.clock.advance(way.everyMs)
              if (time.clock.monotonic() - began > HOUR_MS) throw new TypeError('it goes on for an hour')
              yield new Uint8Array(bytes)
              at += bytes
              sent += bytes
              await Promise.resolve()
              if (pieces === way.breaksAfter) throw Object.assign(new Error('broke'), {code: 'ECONNRESET'})
            }
          })(),
          discard: () => Promise.resolve(),
        })
      },
      close: () => Promise.resolve(),
    }
    const download = new Download(
      http,
      {
        secretHeaders: {},
        onBytes: () => undefined,
        failed: (why, cause) => hubUnreachable('owner/name', why, cause),
      },
      time,
    )
    const file = path.join(dir, 'model.onnx')
    return {
      got: () => download.file(URL, file),
      seconds: () => (time.clock.monotonic() - began) / 1000,
      sent: () => sent,
      bytes: () => readFileSync(file).length,
    }
  }

  it('ends one that drips, whether it says how long it is or not', async () => {
    for (const length of [undefined, 50_000_000]) {
      const one = await fetched({piece: 1, everyMs: 1000}, length)
      const error = (await failureOf(one.got())) as RagError
      expect(error.message).to.contain(`${URL} comes too slowly: 120 bytes in 120 s`)
      expect([error.code, one.seconds()]).to.deep.equal(['MODEL_MISSING', 120])
    }
  })

  it('ends one that gets a byte further in each of endless tries', async () => {
    const one = await fetched({piece: 1, everyMs: 10, breaksAfter: 1}, 50_000_000)
    expect(((await failureOf(one.got())) as RagError).message).to.contain('comes too slowly')
    expect(one.seconds()).to.be.within(120, 135)
  })

  it('ends one that begins well', async () => {
    const one = await fetched({piece: LIMITS.downloadPaceBytes - 1, everyMs: 120_000}, 50_000_000)
    expect(((await failureOf(one.got())) as RagError).message).to.contain('comes too slowly')
  })

  it('lets what is slow and gets on take its time, and what is small', async () => {
    const least = LIMITS.downloadPaceBytes
    const one = await fetched({piece: least / 4, everyMs: 30_000, breaksAfter: 2}, 20 * least)
    await one.got()
    expect([one.bytes(), one.seconds() > 1000]).to.deep.equal([20 * least, true])
    const small = await fetched({piece: 100, everyMs: 121_000}, 100)
    await small.got()
    expect(small.bytes()).to.equal(100)
  })
})
