import {isTransientStatus, retry, retryAfterMs, type RetryTools} from '../../kernel/retry.js'
import {chatBadAnswer, chatInterrupted, chatRefused, chatUnreachable} from '../../model/errors/model/chat.js'
import {RagError} from '../../model/errors/rag-error.js'
import {knownSecrets} from '../../model/secrets/known-secrets.js'
import type {HttpClient, HttpResponse} from '../../ports/http.js'

/** How a chat service is reached. */
export interface ChatNetwork {
  readonly http: HttpClient
  readonly tools: RetryTools
}

/** A request to a chat service, and how to name it to people. */
export interface ChatPost extends ChatNetwork {
  readonly name: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly signal?: AbortSignal | undefined
}

const MOST_ATTEMPTS = 3
const BACKOFF = {firstMs: 500, mostMs: 10_000, jitter: [0.5, 1.5]} as const
/** A model may think for long before its first word. */
const SILENCE_MS = 300_000
/** More than any answer of a chat model has. */
const MOST_BYTES = 8 * 1024 * 1024
/** What is read of the answer of a service that refuses. */
const MOST_OF_ERROR = 16 * 1024

/** The address without what must not be shown: user, password, query. */
export const placeOf = (url: URL): string => `${url.origin}${url.pathname}`

/**
 * Posts JSON and yields the text of the answer as it comes. Tries again on 429 and 5xx before anything of an answer was read; never
 * follows a redirect, which could take the key elsewhere. @throws RagError CHAT_UNREACHABLE | CHAT_REFUSED | CHAT_BAD_ANSWER | INTERRUPTED
 */
export async function* postForText(post: ChatPost): AsyncIterable<string> {
  const where = placeOf(post.url)
  const {body, header} = await answered(post, where)
  if (/text\/html/i.test(header('content-type') ?? ''))
    throw chatBadAnswer(post.name, where, 'it sent a web page')
  const decoder = new TextDecoder()
  let bytes = 0
  try {
    for await (const part of body) {
      bytes += part.length
      if (bytes > MOST_BYTES)
        throw chatBadAnswer(post.name, where, `it sent more than ${MOST_BYTES / 1024 / 1024} MB`)
      yield decoder.decode(part, {stream: true})
    }
  } catch (error) {
    throw broken(error, post, 'broke off in the middle of its answer')
  }
}

/** A service that may answer otherwise later. */
class Busy extends Error {
  readonly status: number
  readonly afterMs: number | undefined

  constructor(status: number, afterMs: number | undefined) {
    super(`answered ${status}`)
    this.status = status
    this.afterMs = afterMs
  }
}

async function answered(post: ChatPost, where: string): Promise<HttpResponse> {
  try {
    return await retry(
      () => once(post, where),
      {
        attempts: MOST_ATTEMPTS,
        backoff: BACKOFF,
        transient: (error) => (error instanceof Busy ? error : undefined),
        signal: post.signal,
      },
      post.tools,
    )
  } catch (error) {
    if (error instanceof Busy)
      throw chatUnreachable(post.name, where, `answered ${error.status} ${MOST_ATTEMPTS} times`)
    throw broken(error, post, 'can not be reached')
  }
}

async function once(post: ChatPost, where: string): Promise<HttpResponse> {
  const response = await post.http.send({
    method: 'POST',
    url: post.url.href,
    headers: {'content-type': 'application/json', ...post.headers},
    body: JSON.stringify(post.body),
    timeoutMs: SILENCE_MS,
    ...(post.signal ? {signal: post.signal} : {}),
  })
  const {status} = response
  if (status >= 200 && status < 300) return response
  const said = (await beginningOf(response)).replaceAll(/\s+/g, ' ').trim()
  if (isTransientStatus(status))
    throw new Busy(status, retryAfterMs(response.header('retry-after'), post.tools.clock))
  throw status >= 400
    ? chatRefused(post.name, where, `${status} ${said}`)
    : chatBadAnswer(post.name, where, `status ${status}`)
}

/** Secrets are masked before the text is cut. */
async function beginningOf({body}: HttpResponse): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const part of body) {
      parts.push(part)
      bytes += part.length
      if (bytes >= MOST_OF_ERROR) break
    }
  } catch {
    // What it said matters less than that it said no.
  }
  return knownSecrets
    .maskCut(new TextDecoder().decode(Buffer.concat(parts)).slice(0, MOST_OF_ERROR))
    .slice(0, 500)
}

function broken(error: unknown, post: ChatPost, why: string): Error {
  if (error instanceof RagError) return error
  if (post.signal?.aborted) return chatInterrupted(post.name)
  const {code, message} = (error ?? {}) as {code?: unknown; message?: unknown}
  const reason = String(code ?? message ?? '')
  return chatUnreachable(post.name, placeOf(post.url), `${why}${reason === '' ? '' : ` (${reason})`}`)
}
