import {JsonTooDeep, parseJson} from '../../model/input/parse-json.js'
import {isTransientStatus, retry, retryAfterMs, type RetryTools} from '../../kernel/retry.js'
import {requestInterrupted} from '../../model/errors/program/interruption.js'
import {RagError} from '../../model/errors/rag-error.js'
import {authorization} from '../../model/secrets/addresses.js'
import {knownSecrets} from '../../model/secrets/known-secrets.js'
import {LIMITS} from '../../model/input/limits.js'
import type {HttpClient, HttpResponse} from '../../ports/http.js'
import {RedirectRefused, sendFollowing} from './follow-redirects.js'
import {HttpFailure, shownUrl} from './http-failure.js'
import {unreachableReason} from './unreachable-reason.js'

export interface JsonClientOptions {
  /** For one try, from the first byte sent to the last received. Default 60 s. */
  readonly timeoutMs?: number | undefined
  /** Texts may be sent on to another origin, where a service leads to one. Default: no. */
  readonly allowRedirects?: boolean | undefined
  /** Tries in all, default 4. */
  readonly attempts?: number | undefined
  /** Before the second try; doubled each time, with jitter. Default 250. */
  readonly backoffMs?: number | undefined
}

export interface JsonRequest {
  readonly url: string
  readonly body: unknown
  /** Sent to the address's own origin alone. */
  readonly key?: string | undefined
  readonly signal?: AbortSignal | undefined
}

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
  readonly #tools: RetryTools
  #failures = 0
  #brokenUntil = Number.NEGATIVE_INFINITY

  constructor(http: HttpClient, options: JsonClientOptions, tools: RetryTools) {
    this.#http = http
    this.#options = options
    this.#tools = tools
  }

  /** @throws HttpFailure | RagError INTERRUPTED, with what the last try came to as its cause */
  async post(request: JsonRequest): Promise<unknown> {
    knownSecrets.addKey(request.key)
    const {clock} = this.#tools
    if (clock.monotonic() < this.#brokenUntil)
      throw new HttpFailure(
        'unreachable',
        `${shownUrl(request.url)} did not answer ${this.#failures} times in a row; it is left alone for a while`,
      )
    let last: unknown
    try {
      const answer = await this.#tries(request, (failure) => (last = failure))
      this.#failures = 0
      return answer
    } catch (error) {
      // Who waits no longer for an answer has had none either.
      const isAborted = request.signal?.aborted === true
      if ((isAborted || isTransient(error)) && ++this.#failures >= BREAK_AFTER)
        this.#brokenUntil = clock.monotonic() + BREAK_MS
      if (isAborted) throw requestInterrupted(shownUrl(request.url), last)
      throw error
    }
  }

  #tries(request: JsonRequest, onFailure: (failure: unknown) => void): Promise<unknown> {
    const {attempts = 4, backoffMs: firstMs = 250} = this.#options
    return retry(
      () => this.#once(request),
      {
        attempts,
        backoff: {firstMs, mostMs: MAX_WAIT_MS, jitter: [0.5, 1.5]},
        transient: (error) => {
          onFailure(error)
          return isTransient(error) ? {afterMs: error.retryAfterMs} : undefined
        },
        signal: request.signal,
      },
      this.#tools,
    )
  }

  async #once(request: JsonRequest): Promise<unknown> {
    try {
      const response = await this.#send(request)
      const {status} = response
      const text = await textOf(request, response)
      if (status >= 200 && status < 300) return parsed(request, text)
      throw refused(request, {
        status,
        text,
        waitMs: retryAfterMs(response.header('retry-after'), this.#tools.clock),
      })
    } catch (error) {
      throw failureOf(request, error)
    }
  }

  #send(request: JsonRequest): Promise<HttpResponse> {
    const {timeoutMs = 60_000} = this.#options
    const limit = AbortSignal.timeout(timeoutMs)
    return sendFollowing(
      this.#http,
      {
        method: 'POST',
        url: request.url,
        timeoutMs,
        signal: request.signal ? AbortSignal.any([limit, request.signal]) : limit,
        headers: {'content-type': 'application/json', accept: 'application/json'},
        body: JSON.stringify(request.body),
      },
      {
        most: MAX_REDIRECTS,
        allowOtherOrigins: this.#options.allowRedirects,
        secretHeaders: authorization(request.key),
      },
    )
  }
}

const isTransient = (error: unknown): error is HttpFailure =>
  error instanceof HttpFailure && error.kind === 'unreachable'

function failureOf(request: JsonRequest, error: unknown): Error {
  if (error instanceof HttpFailure || error instanceof RagError) return error
  if (error instanceof RedirectRefused)
    return new HttpFailure(
      'bad-answer',
      `${error.message}; name the address that it leads to, or allow it: RAG_ALLOW_REDIRECTS=on`,
      {status: error.status},
    )
  const why = `${shownUrl(request.url)} can't be reached: ${unreachableReason(error)}`
  return new HttpFailure('unreachable', why, {cause: error})
}

async function textOf(request: JsonRequest, {body}: HttpResponse): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > LIMITS.answerBytes) {
      throw new HttpFailure(
        'bad-answer',
        `${shownUrl(request.url)} answered with more than ${LIMITS.answerBytes / 1024 ** 2} MiB`,
      )
    }
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parsed(request: JsonRequest, text: string): unknown {
  try {
    return parseJson(text) as unknown
  } catch (error) {
    if (error instanceof JsonTooDeep)
      throw new HttpFailure('bad-answer', `${shownUrl(request.url)} answered with JSON: ${error.message}`)
    const isPage = /^\s*</.test(text)
    throw new HttpFailure(
      'bad-answer',
      `${shownUrl(request.url)} answered with ${isPage ? 'a web page' : `"${knownSecrets.mask(text).slice(0, 60)}"`}, not with JSON`,
    )
  }
}

function refused(
  request: JsonRequest,
  {status, text, waitMs}: {status: number; text: string; waitMs: number | undefined},
): HttpFailure {
  const said = `${shownUrl(request.url)} answered ${status}${reasonIn(text)}`
  if (isTransientStatus(status)) return new HttpFailure('unreachable', said, {status, retryAfterMs: waitMs})
  const kind = status === 413 || status === 400 || status === 422 ? 'too-much' : 'refused'
  return new HttpFailure(kind, said, {status})
}

/** What the service says, without the key that it may repeat: that goes before anything is cut. */
function reasonIn(text: string): string {
  if (/^\s*</.test(text) || text.trim() === '') return ''
  const said = knownSecrets.mask(messageIn(text) ?? text)
  return `: ${said.slice(0, 200).replaceAll(/\s+/g, ' ').trim()}`
}

/** The message of an error that is JSON, in the shapes that services have. */
function messageIn(text: string): string | undefined {
  try {
    const {error, message, detail} = parseJson(text) as Record<string, unknown>
    const inner = typeof error === 'object' && error !== null ? (error as {message?: unknown}).message : error
    return [inner, message, detail].find((said) => typeof said === 'string')
  } catch {
    return undefined
  }
}
