import type {HttpClient, HttpRequest, HttpResponse} from '../../ports/http.js'
import {shownUrl} from './http-failure.js'
import {isReserved, ReservedAddress} from './reserved-address.js'

export interface FollowOptions {
  /** Redirects in a row. */
  readonly most: number
  /** Headers that hold a key: sent to the first address's own origin alone. */
  readonly secretHeaders?: Readonly<Record<string, string>> | undefined
  /** What is posted may be sent to another origin too; never with a key. */
  readonly allowOtherOrigins?: boolean | undefined
  /** Called with each answer that is a redirect. */
  readonly onRedirect?: ((response: HttpResponse) => void) | undefined
}

/** A redirect that is not followed. The message says where it leads. */
export class RedirectRefused extends Error {
  readonly status: number

  /** `reserved`: its name stands for such an address. */
  constructor(from: string, status: number, to: URL | undefined, reserved = isReserved(to?.hostname ?? '')) {
    const isWeb = to?.protocol === 'http:' || to?.protocol === 'https:'
    const place = to ? `, to ${isWeb ? shownUrl(to.href) : `a ${to.protocol} address`}` : ''
    const why = reserved ? ': that address tells of the machine itself' : ''
    super(`${shownUrl(from)} leads elsewhere (${status}${place}), which is not followed${why}`)
    this.status = status
  }
}

/**
 * Sends a request and follows where the answers lead. A key goes to the first origin alone; https is never left; what is posted stays within its
 * origin, unless that is allowed, and is followed only where it remains a POST of the same body (307, 308). Nothing leads to a link-local
 * address or one of metadata from elsewhere, by whatever name; where a proxy looks names up, that is the proxy's to hold.
 *
 * undici's redirect interceptor makes none of these promises but the first: it posts a body on to any origin, or turns the POST into a GET, goes
 * from https to http, and tells neither where it was led nor the headers on the way. It also asks every address through the proxy of the
 * first, while `HttpClient` chooses by address.
 * @throws RedirectRefused; what `HttpClient.send` rejects with
 */
export async function sendFollowing(
  http: HttpClient,
  request: HttpRequest,
  {most, secretHeaders = {}, allowOtherOrigins = false, onRedirect}: FollowOptions,
): Promise<HttpResponse> {
  const first = new URL(request.url)
  let at = first
  let status = 0
  for (let redirects = 0; ; redirects++) {
    const own = at.origin === first.origin ? secretHeaders : {}
    const response = await http
      .send({
        ...request,
        url: at.href,
        headers: {...request.headers, ...own},
        refuseReserved: at.hostname !== first.hostname && !isReserved(first.hostname),
      })
      .catch((error: unknown) => {
        throw error instanceof ReservedAddress ? new RedirectRefused(request.url, status, at, true) : error
      })
    if (response.status < 300 || response.status > 399) return response
    onRedirect?.(response)
    await response.discard()
    const to = targetOf(response, at)
    if (!to || redirects >= most || !isFollowed(request, response.status, {from: at, to, allowOtherOrigins}))
      throw new RedirectRefused(request.url, response.status, to)
    at = to
    status = response.status
  }
}

function targetOf(response: HttpResponse, from: URL): URL | undefined {
  const location = response.header('location')
  return location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined
}

function isFollowed(
  {method}: HttpRequest,
  status: number,
  {from, to, allowOtherOrigins}: {readonly from: URL; readonly to: URL; readonly allowOtherOrigins: boolean},
): boolean {
  if (to.protocol !== 'https:' && !(to.protocol === 'http:' && from.protocol === 'http:')) return false
  if (isReserved(to.hostname) && !isReserved(from.hostname)) return false
  if (method === 'GET') return true
  return (status === 307 || status === 308) && (allowOtherOrigins || to.origin === from.origin)
}
