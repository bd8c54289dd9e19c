import type {Dispatcher} from 'undici'
import type {HttpClient, HttpRequest, HttpResponse} from '../../ports/http.js'
import {proxyFor, type Proxies} from './proxy-choice.js'

const CONNECT_MS = 4000

/** An `HttpClient` over undici. */
export function httpClient({proxy = {}}: {readonly proxy?: Proxies | undefined}): HttpClient {
  const dispatchers = new Map<string, Promise<Dispatcher>>()
  const through = (address: string | undefined): Promise<Dispatcher> => {
    const known = dispatchers.get(address ?? '') ?? connect(address)
    dispatchers.set(address ?? '', known)
    return known
  }
  return {
    async send(request: HttpRequest): Promise<HttpResponse> {
      const {
        default: {request: send},
      } = await import('undici')
      const {method, url, headers, body, signal, timeoutMs} = request
      const response = await send(url, {
        dispatcher: await through(proxyFor(new URL(url), proxy)),
        method,
        headers,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        ...(body === undefined ? {} : {body}),
        signal,
      })
      return {
        status: response.statusCode,
        header: (name) => firstOf(response.headers[name]),
        body: response.body,
        // What a server still sends of an answer that nobody wants is not waited for.
        discard: () => response.body.dump({limit: 64 * 1024}),
      }
    },
    async close() {
      for (const dispatcher of dispatchers.values()) await (await dispatcher).close()
      dispatchers.clear()
    },
  }
}

const firstOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

async function connect(proxy: string | undefined): Promise<Dispatcher> {
  const {
    default: {Agent, ProxyAgent},
  } = await import('undici')
  const connections = {connect: {timeout: CONNECT_MS}, keepAliveTimeout: 10_000}
  if (proxy === undefined) return new Agent(connections)
  // Plain addresses are asked for as every proxy knows it: many refuse a tunnel to them.
  return new ProxyAgent({...connections, uri: proxy, proxyTunnel: false})
}
