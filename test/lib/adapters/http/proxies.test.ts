import {expect} from 'chai'
import {httpClient} from '../../../../src/lib/adapters/http/http-client.js'
import {httpProvider} from '../../../../src/lib/adapters/http/http-provider.js'
import {proxyFor} from '../../../../src/lib/adapters/http/proxy-choice.js'
import type {RagError} from '../../../../src/lib/model/errors.js'
import {EmbeddingServer} from '../../../support/embedding-server.js'
import {ScriptedTime} from '../../../support/scripted-time.js'
import {ProxyServer} from '../../../support/proxy-server.js'

describe('proxies', () => {
  describe('proxyFor', () => {
    const HTTP = 'http://proxy.test:3128'
    const HTTPS = 'http://secure.test:3129'
    const chosen = (url: string, no = ''): string | undefined =>
      proxyFor(new URL(url), {http: HTTP, https: HTTPS, no})

    it('takes each kind of address through its own, and nothing through the other’s', () => {
      expect([chosen('http://a.test/x'), chosen('https://a.test/x')]).to.deep.equal([HTTP, HTTPS])
      expect(proxyFor(new URL('https://a.test'), {http: HTTP})).to.equal(undefined)
      expect(proxyFor(new URL('http://a.test'), {https: HTTPS})).to.equal(undefined)
    })

    it('goes straight to this machine', () => {
      for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'a.localhost'])
        expect(chosen(`http://${host}:8000/embed`), host).to.equal(undefined)
      expect(chosen('http://127.example.com/')).to.equal(HTTP)
    })

    it('goes straight to what is listed, with hosts below and ports', () => {
      const no = '.corp.test, plain.test:8080 ,*.wild.test'
      for (const url of [
        'http://corp.test',
        'https://a.b.corp.test',
        'http://plain.test:8080',
        'http://x.wild.test',
      ])
        expect(chosen(url, no), url).to.equal(undefined)
      for (const url of ['http://notcorp.test', 'http://plain.test', 'http://corp.test.evil.test'])
        expect(chosen(url, no), url).to.equal(HTTP)
      expect(chosen('https://any.test', '*')).to.equal(undefined)
    })

    it('understands an address without a scheme, and refuses what is none', () => {
      expect(proxyFor(new URL('http://a.test'), {http: 'proxy.test:3128'})).to.equal('http://proxy.test:3128')
      for (const bad of ['ftp://proxy.test', 'http://', 'socks5://proxy.test:1080'])
        expect(() => proxyFor(new URL('http://a.test'), {http: bad}))
          .to.throw(/HTTP_PROXY/)
          .with.property('code', 'CONFIG_INVALID')
    })
  })

  describe('an embedder behind one', () => {
    let server: EmbeddingServer
    let proxy: ProxyServer
    const opened: ReturnType<typeof httpClient>[] = []
    before(async () => {
      server = await EmbeddingServer.start()
      proxy = await ProxyServer.start()
      proxy.target = server.url
    })
    beforeEach(() => {
      proxy.asked.length = 0
      proxy.credentials.length = 0
      server.asked.length = 0
    })
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close()
    })
    after(async () => {
      await proxy.stop()
      await server.stop()
    })
    const open = (model: string, address = proxy.url): Promise<{identity: {dimension: number}}> => {
      const client = httpClient({proxy: {http: address, https: address}})
      opened.push(client)
      const provider = httpProvider(client, {timeoutMs: 2000, attempts: 1}, new ScriptedTime())
      return provider.open({model}, {kind: 'passage'})
    }

    it('asks plain addresses in the form that every proxy knows', async () => {
      expect((await open('http://models.test/embed')).identity.dimension).to.equal(26)
      expect(proxy.asked).to.deep.equal(['POST http://models.test/embed'])
      expect(server.asked[0]?.headers['x-host']).to.equal('models.test')
    })

    it('gives the proxy, and nobody else, the name and password in its address', async () => {
      await open('http://models.test/embed', proxy.url.replace('//', '//user:p%40ss@'))
      expect(proxy.credentials).to.deep.equal([`Basic ${Buffer.from('user:p@ss').toString('base64')}`])
    })

    it('asks for a tunnel to secure addresses, and says when it gets none', async () => {
      const error = await open('https://models.test/embed').catch((thrown: unknown) => thrown as RagError)
      expect(proxy.asked).to.deep.equal(['CONNECT models.test:443'])
      expect(error).to.have.property('code', 'EMBEDDER_UNREACHABLE')
      expect((error as RagError).message).to.match(/proxy/i)
    })
  })
})
