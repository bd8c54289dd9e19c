import {setTimeout as sleepFor} from 'node:timers/promises'
import {interrupted, RagError} from '../../model/errors.js'
import type {HttpClient, HttpResponse} from '../../ports/http.js'
import {HttpFailure, shownUrl} from './http-failure.js'
import {unreachableReason} from './unreachable-reason.js'

export interface JsonClientOptions {
  /** For one try, from the first byte sent to the last received. Default 60 s. */
  readonly timeoutMs?: number | undefined
  /** Tries in all, default 4. */
  readonly attempts?: number | undefined
  /** Before the second try; doubled each time, with jitter. Default 250. */
  readonly backoffMs?: number | undefined
  /** 0 to 1, for the jitter. */
  readonly random?: (() => number) | undefined
  /** Monotonic milliseconds. */
  readonly now?: (() => number) | undefined
}

export interface JsonRequest {
  readonly url: string
  readonly body: unknown
  /** Sent to the address's own host alone. */
  readonly key?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const MAX_BYTES = 100 * 1024 ** 2
const MAX_REDIRECTS = 3
/** Longest that a service may ask to wait. */
const MAX_WAIT_MS = 60_000
/** After so many requests in a row that came to nothing, the next ones fail at once for a while. */
const BREAK_AFTER = 3
const BREAK_MS = 10_000

/**
 * Posts JSON and gives back the JSON of the answer. Tries again, later each time, when the service can't be reached, is busy (429) or
 * broken (5xx), as long as it asks for with Retry-After. Keys never appear in messages.
 */
export class JsonClient {
  readonly #http: HttpClient
  readonly #options: JsonClientOptions
  #failures = 0
  #brokenUntil = 0

  constructor(http: HttpClient, options: JsonClientOptions) {
    this.#http = http
    this.#options = options
  }

  /** @throws HttpFailure | RagError INTERRUPTED */
  async post(request: JsonRequest): Promise<unknown> {
    const now = this.#options.now ?? (() => performance.now())
    if (now() < this.#brokenUntil)
      throw new HttpFailure(
        'unreachable',
        `${shownUrl(request.url)} did not answer ${this.#failures} times in a row; it is left alone for a while`,
      )
    try {
      const answer = await this.#tries(request)
      this.#failures = 0
      return answer
    } catch (error) {
      if (error instanceof HttpFailure && error.kind === 'unreachable' && ++this.#failures >= BREAK_AFTER)
        this.#brokenUntil = now() + BREAK_MS
      throw error
    }
  }

  async #tries(request: JsonRequest): Promise<unknown> {
    const {attempts = 4} = this.#options
    for (let attempt = 1; ; attempt++) {
      if (request.signal?.aborted) throw stopped(request)
      const outcome = await this.#once(request, request.url, 0).catch((error: unknown) => {
        if (request.signal?.aborted) throw stopped(request)
        if (error instanceof HttpFailure || error instanceof RagError) throw error
        return {retry: unreachable(request, error), afterMs: undefined}
      })
      if ('answer' in outcome) return outcome.answer
      if (attempt >= attempts) throw outcome.retry
      await this.#wait(attempt, outcome.afterMs, request.signal)
    }
  }

  async #wait(attempt: number, afterMs: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    const {backoffMs = 250, random = () => 0.5} = this.#options
    const own = backoffMs * 2 ** (attempt - 1) * (0.5 + random())
    const ms = Math.min(MAX_WAIT_MS, afterMs ?? own)
    await sleepFor(ms, undefined, signal ? {signal} : {}).catch(() => undefined)
  }

  async #once(request: JsonRequest, url: string, redirects: number): Promise<Outcome> {
    const {timeoutMs = 60_000} = this.#options
    const limit = AbortSignal.timeout(timeoutMs)
    const isOwn = new URL(url).host === new URL(request.url).host
    const response = await this.#http.send({
      method: 'POST',
      url,
      timeoutMs,
      signal: request.signal ? AbortSignal.any([limit, request.signal]) : limit,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(request.key === undefined || !isOwn ? {} : {authorization: `Bearer ${request.key}`}),
      },
      body: JSON.stringify(request.body),
    })
    const {status} = response
    if (status >= 300 && status < 400) {
      await response.discard()
      return this.#once(
        request,
        redirected(request, url, {status, location: response.header('location'), redirects}),
        redirects + 1,
      )
    }
    const text = await textOf(request, response)
    return status >= 200 && status < 300
      ? {answer: parsed(request, text)}
      : refused(request, {status, text, retryAfter: response.header('retry-after')})
  }
}

type Outcome =
  {readonly answer: unknown} | {readonly retry: HttpFailure; readonly afterMs: number | undefined}

/** Only to another address of the web, and only where the request stays what it is. */
function redirected(
  request: JsonRequest,
  from: string,
  {status, location, redirects}: {status: number; location: string | undefined; redirects: number},
): string {
  const to = placeOf(location, from)
  const isWeb = to?.protocol === 'http:' || to?.protocol === 'https:'
  const keepsBody = status === 307 || status === 308
  if (to && isWeb && keepsBody && redirects < MAX_REDIRECTS) return to.href
  const place = to ? `, to ${isWeb ? shownUrl(to.href) : `a ${to.protocol} address`}` : ''
  throw new HttpFailure(
    'bad-answer',
    `${shownUrl(request.url)} leads elsewhere (${status}${place}), which is not followed`,
    {status},
  )
}

function placeOf(location: string | undefined, from: string): URL | undefined {
  return location !== undefined && URL.canParse(location, from) ? new URL(location, from) : undefined
}

async function textOf(request: JsonRequest, {body}: HttpResponse): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > MAX_BYTES) {
      throw new HttpFailure(
        'bad-answer',
        `${shownUrl(request.url)} answered with more than ${MAX_BYTES / 1024 ** 2} MiB`,
      )
    }
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parsed(request: JsonRequest, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    const isPage = /^\s*</.test(text)
    throw new HttpFailure(
      'bad-answer',
      `${shownUrl(request.url)} answered with ${isPage ? 'a web page' : `"${text.slice(0, 60)}"`}, not with JSON`,
    )
  }
}

function refused(
  request: JsonRequest,
  {status, text, retryAfter}: {status: number; text: string; retryAfter: string | undefined},
): Outcome {
  const shown = shownUrl(request.url)
  const why = reasonIn(text, request.key)
  if (status === 429 || status >= 500)
    return {
      retry: new HttpFailure('unreachable', `${shown} answered ${status}${why}`, {status}),
      afterMs: waitAsked(retryAfter),
    }
  const kind = status === 413 || status === 400 || status === 422 ? 'too-much' : 'refused'
  throw new HttpFailure(kind, `${shown} answered ${status}${why}`, {status})
}

/** What the service says, without the key that it may repeat. */
function reasonIn(text: string, key: string | undefined): string {
  if (/^\s*</.test(text) || text.trim() === '') return ''
  const said = /"(?:message|error|detail)"\s*:\s*"([^"]{1,200})/.exec(text)?.[1] ?? text.slice(0, 120)
  const clean = key === undefined ? said : said.replaceAll(key, '…')
  return `: ${clean.replaceAll(/\s+/g, ' ').trim()}`
}

/** Seconds, or a date. */
function waitAsked(raw: string | undefined): number | undefined {
  if (raw === undefined) return undefined
  if (/^\d{1,6}$/.test(raw.trim())) return 1000 * Number(raw)
  const at = Date.parse(raw)
  // A date is of the service's clock, as is the answer's; the difference to this one is small enough.
  return Number.isNaN(at)
    ? undefined
    : Math.max(0, at - new Date(performance.timeOrigin + performance.now()).getTime())
}

const unreachable = (request: JsonRequest, error: unknown): HttpFailure =>
  new HttpFailure('unreachable', `${shownUrl(request.url)} can't be reached: ${unreachableReason(error)}`, {
    cause: error,
  })

const stopped = (request: JsonRequest): Error =>
  interrupted(`the request to ${shownUrl(request.url)} was stopped.`)
