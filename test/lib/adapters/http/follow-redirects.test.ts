import {expect} from 'chai'
import {RedirectRefused, sendFollowing} from '../../../../src/lib/adapters/http/follow-redirects.js'
import type {HttpClient, HttpRequest, HttpResponse} from '../../../../src/lib/ports/http.js'

const KEY = {authorization: 'Bearer sk-secret'}

/** A network of addresses that lead on (`status location`) or answer. */
class ScriptedNetwork implements HttpClient {
  readonly asked: HttpRequest[] = []
  discarded = 0
  readonly #addresses: Readonly<Record<string, string>>

  constructor(addresses: Readonly<Record<string, string>>) {
    this.#addresses = addresses
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    this.asked.push(request)
    const [status = '200', location] = (this.#addresses[request.url] ?? '404').split(' ')
    return Promise.resolve({
      status: Number(status),
      header: (name) => (name === 'location' ? location : name === 'x-hop' ? request.url : undefined),
      body: (async function* () {})(),
      discard: () => {
        this.discarded++
        return Promise.resolve()
      },
    })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

async function walk(
  method: 'GET' | 'POST',
  addresses: Readonly<Record<string, string>>,
  most = 3,
): Promise<{
  readonly urls: readonly string[]
  readonly keys: readonly boolean[]
  readonly hops: readonly (string | undefined)[]
  readonly status?: number
  readonly refused?: string
}> {
  const network = new ScriptedNetwork(addresses)
  const request: HttpRequest = {
    method,
    url: Object.keys(addresses)[0]!,
    headers: {accept: '*/*'},
    timeoutMs: 1,
    ...(method === 'POST' ? {body: 'private text'} : {}),
  }
  const hops: (string | undefined)[] = []
  const end = await sendFollowing(network, request, {
    most,
    secretHeaders: KEY,
    onRedirect: (response) => hops.push(response.header('x-hop')),
  }).then(
    ({status}) => ({status}),
    (error: unknown) => {
      expect(error).to.be.instanceOf(RedirectRefused)
      return {refused: (error as Error).message}
    },
  )
  expect(network.discarded, 'answers on the way are given back').to.equal(hops.length)
  for (const asked of network.asked) {
    expect(asked.body).to.equal(request.body)
    expect(asked.method).to.equal(method)
    expect(asked.headers['accept']).to.equal('*/*')
  }
  const keys = network.asked.map(({headers}) => headers['authorization'] === KEY.authorization)
  return {urls: network.asked.map(({url}) => url), keys, hops, ...end}
}

describe('sendFollowing', () => {
  it('gives the answer of what leads nowhere, with the key', async () => {
    expect(await walk('POST', {'https://a.test/x': '200'})).to.deep.equal({
      urls: ['https://a.test/x'],
      keys: [true],
      hops: [],
      status: 200,
    })
  })

  it('fetches from other origins without the key, and has it again when it comes back', async () => {
    expect(
      await walk('GET', {
        'https://a.test/x': '302 https://cdn.test/x?signed=1',
        'https://cdn.test/x?signed=1': '301 /y',
        'https://cdn.test/y': '303 https://a.test/end',
        'https://a.test/end': '206',
      }),
    ).to.deep.equal({
      urls: ['https://a.test/x', 'https://cdn.test/x?signed=1', 'https://cdn.test/y', 'https://a.test/end'],
      keys: [true, false, false, true],
      hops: ['https://a.test/x', 'https://cdn.test/x?signed=1', 'https://cdn.test/y'],
      status: 206,
    })
  })

  it('takes another scheme or port for another origin', async () => {
    for (const to of ['https://a.test/x', 'http://a.test:8080/x', 'http://www.a.test/x'])
      expect((await walk('GET', {'http://a.test/x': `302 ${to}`, [to]: '200'})).keys, to).to.deep.equal([
        true,
        false,
      ])
  })

  it('never leaves https, also not on the way', async () => {
    const down = await walk('GET', {'https://a.test/x': '302 http://a.test/x', 'http://a.test/x': '200'})
    expect(down.urls).to.deep.equal(['https://a.test/x'])
    expect(down.refused).to.equal(
      'https://a.test/x leads elsewhere (302, to http://a.test/x), which is not followed',
    )
    const later = await walk('GET', {
      'http://a.test/x': '302 https://b.test/x',
      'https://b.test/x': '302 http://c.test/x',
      'http://c.test/x': '200',
    })
    expect(later.urls).to.deep.equal(['http://a.test/x', 'https://b.test/x'])
    expect(later.refused).to.match(/to http:\/\/c\.test\/x\)/)
  })

  it('posts again only within the origin, and only what stays a POST', async () => {
    const within = {'https://a.test/x': '308 /y', 'https://a.test/y': '307 /z', 'https://a.test/z': '200'}
    expect(await walk('POST', within)).to.deep.include({keys: [true, true, true], status: 200})
    for (const to of ['https://b.test/x', 'https://a.test:444/x'])
      for (const status of [301, 302, 303, 307, 308]) {
        const elsewhere = await walk('POST', {'https://a.test/x': `${status} ${to}`, [to]: '200'})
        expect(elsewhere.urls, `${status} ${to}`).to.deep.equal(['https://a.test/x'])
        expect(elsewhere.refused).to.contain(`(${status}, to ${to})`)
      }
    for (const status of [300, 301, 302, 303, 304]) {
      const changed = await walk('POST', {'https://a.test/x': `${status} /y`, 'https://a.test/y': '200'})
      expect(changed.urls, String(status)).to.deep.equal(['https://a.test/x'])
    }
  })

  it('follows no circle for long, and nothing that is no address of the web', async () => {
    const circle = await walk('GET', {'https://a.test/x': '302 /x'}, 5)
    expect(circle.urls).to.have.length(6)
    expect(circle.refused).to.match(/leads elsewhere \(302, to https:\/\/a\.test\/x\)/)
    for (const [location, said] of [
      ['file:///etc/passwd', /\(302, to a file: address\)/],
      ['http://', /\(302\)/],
      ['', /leads elsewhere/],
    ] as const)
      expect((await walk('GET', {'https://a.test/x': `302 ${location}`}, 0)).refused).to.match(said)
  })

  it('shows no key that stands in an address', async () => {
    const {refused} = await walk('POST', {
      'https://user:pass@a.test/x?key=1': '302 https://me:secret@b.test/y?token=2',
    })
    expect(refused).to.equal(
      'https://a.test/x leads elsewhere (302, to https://b.test/y), which is not followed',
    )
  })
})
