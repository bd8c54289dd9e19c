import {createServer, type Server} from 'node:http'
import type {LookupFunction} from 'node:net'
import {expect} from 'chai'
import {RedirectRefused, sendFollowing} from '../../../../src/lib/adapters/http/follow-redirects.js'
import {httpClient} from '../../../../src/lib/adapters/http/http-client.js'
import {ReservedAddress} from '../../../../src/lib/adapters/http/reserved-address.js'
import {listenLocally, stopServer} from '../../../support/local-server.js'

/** Names of a network of its own; `open.test` and `start.test` are this machine. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'start.test': ['127.0.0.1'],
  'open.test': ['127.0.0.1'],
  'v4.test': ['169.254.10.20'],
  'v6.test': ['fe80::1'],
  'mapped.test': ['::ffff:169.254.169.254'],
  'second.test': ['127.0.0.1', '169.254.169.254'],
}

const lookup: LookupFunction = (hostname, options, callback) => {
  const found = (ADDRESSES[hostname] ?? []).map((address) => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }))
  if (options.all === true) callback(null, found)
  else callback(null, found[0]!.address, found[0]!.family)
}

describe('names that stand for reserved addresses', () => {
  const asked: string[] = []
  const http = httpClient({lookup})
  let server: Server
  let port = ''

  before(async () => {
    server = createServer(({url = '', headers}, response) => {
      asked.push(String(headers.host))
      const to = /^\/to\/(.*)$/.exec(url)?.[1]
      response.writeHead(
        to === undefined ? 200 : 307,
        to === undefined ? {} : {location: `http://${to}:${port}/end`},
      )
      response.end()
    })
    port = new URL(await listenLocally(server)).port
  })
  beforeEach(() => (asked.length = 0))
  after(async () => {
    await http.close()
    await stopServer(server)
  })

  const walk = (url: string, method: 'GET' | 'POST' = 'GET') =>
    sendFollowing(http, {method, url, headers: {}, timeoutMs: 2000}, {most: 3, allowOtherOrigins: true})

  it('are connected to by no redirect, whichever address they have and whatever is allowed', async () => {
    for (const name of ['v4.test', 'v6.test', 'mapped.test', 'second.test']) {
      for (const method of ['GET', 'POST'] as const) {
        const error = await walk(`http://start.test:${port}/to/${name}`, method).catch(
          (thrown: unknown) => thrown,
        )
        expect(error, name).to.be.instanceOf(RedirectRefused)
        expect((error as RedirectRefused).message).to.match(
          new RegExp(
            `leads elsewhere \\(307, to http://${name}:${port}/end\\), which is not followed: that address tells of the machine`,
          ),
        )
      }
    }
    expect(asked.filter((host) => !host.startsWith('start.test'))).to.deep.equal([])
  })

  it('hinder no redirect to another name', async () => {
    const response = await walk(`http://start.test:${port}/to/open.test`, 'POST')
    await response.discard()
    expect([response.status, asked.at(-1)]).to.deep.equal([200, `open.test:${port}`])
  })

  it('are looked at anew where a connection is there already that nobody looked at', async () => {
    ADDRESSES_OF_TURN.turn = 0
    const turning = httpClient({lookup: lookupInTurn})
    const url = `http://turns.test:${port}/`
    try {
      const first = await turning.send({method: 'GET', url, headers: {}, timeoutMs: 2000})
      await first.discard()
      const error = await turning
        .send({method: 'GET', url, headers: {}, timeoutMs: 2000, refuseReserved: true})
        .catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(ReservedAddress)
    } finally {
      await turning.close()
    }
  })
})

/** A name that stands for this machine at first, and for a reserved address afterwards. */
const ADDRESSES_OF_TURN = {turn: 0}
const lookupInTurn: LookupFunction = (_, options, callback) => {
  const address = ADDRESSES_OF_TURN.turn++ === 0 ? '127.0.0.1' : '169.254.169.254'
  if (options.all === true) callback(null, [{address, family: 4}])
  else callback(null, address, 4)
}
