import {lookup as lookupName} from 'node:dns'
import type {LookupFunction} from 'node:net'
import type {Dispatcher} from 'undici'
import type {HttpClient, HttpRequest, HttpResponse} from '../../ports/http.js'
import {proxyFor, type Proxies} from './proxy-choice.js'
import {lookupUnreserved} from './reserved-address.js'

const CONNECT_MS = 4000

export interface HttpClientOptions {
  readonly proxy?: Proxies | undefined
  /** Default: the system's. */
  readonly lookup?: LookupFunction | undefined
}

/** An `HttpClient` over undici. */
export function httpClient({proxy = {}, lookup = lookupName}: HttpClientOptions): HttpClient {
  const dispatchers = new Map<string, Promise<Dispatcher>>()
  // Connections that were made without looking at the address are not used again where it matters.
  const through = (address: string | undefined, refuseReserved = false): Promise<Dispatcher> => {
    const key = `${refuseReserved} ${address ?? ''}`
    const known = dispatchers.get(key) ?? connect(address, refuseReserved ? lookupUnreserved(lookup) : lookup)
    dispatchers.set(key, known)
    return known
  }
  return {
    async send(request: HttpRequest): Promise<HttpResponse> {
      const {
        default: {request: send},
      } = await import('undici')
      const {method, url, headers, body, signal, timeoutMs, refuseReserved} = request
      const response = await send(url, {
        dispatcher: await through(proxyFor(new URL(url), proxy), refuseReserved),
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

async function connect(proxy: string | undefined, lookup: LookupFunction): Promise<Dispatcher> {
  const {
    default: {Agent, ProxyAgent},
  } = await import('undici')
  const connections = {connect: {timeout: CONNECT_MS}, keepAliveTimeout: 10_000}
  if (proxy === undefined) return new Agent({...connections, connect: {timeout: CONNECT_MS, lookup}})
  // Plain addresses are asked for as every proxy knows it: many refuse a tunnel to them.
  return new ProxyAgent({...connections, uri: proxy, proxyTunnel: false})
}
