import {badProxy} from '../../model/errors/request/settings.js'

/** Proxies for the two kinds of address, and hosts that go without: as the usual variables have them. */
export interface Proxies {
  readonly http?: string | undefined
  readonly https?: string | undefined
  readonly no?: string | undefined
}

/**
 * The proxy that a request goes through; undefined for a straight connection. Addresses of this machine never go through one.
 * @throws RagError CONFIG_INVALID when the proxy is not an address
 */
export function proxyFor(url: URL, proxies: Proxies): string | undefined {
  const raw = (url.protocol === 'https:' ? proxies.https : proxies.http)?.trim()
  if (!raw || isLoopback(url.hostname) || isListed(url, proxies.no ?? '')) return undefined
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(raw) ? raw : `http://${raw}`
  if (/^https?:/i.test(address) && URL.canParse(address)) return address
  throw badProxy(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)

/** `example.com` and `.example.com` also stand for hosts below; `host:port` for that port alone; `*` for all. */
function isListed(url: URL, list: string): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, host = entry, only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      const name = host.replace(/^\*?\./, '')
      return (
        (only === undefined || only === port) && (url.hostname === name || url.hostname.endsWith(`.${name}`))
      )
    })
}
