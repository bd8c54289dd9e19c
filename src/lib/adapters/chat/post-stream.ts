import {RagError} from '../../model/errors.js'
import type {HttpClient, HttpResponse} from '../../ports/http.js'
import {badAnswer, interrupted, refused, unreachable} from './errors.js'

/** A request to a chat service, and how to name it to people. */
export interface ChatPost {
  readonly http: HttpClient
  readonly name: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly signal?: AbortSignal | undefined
}

const MOST_ATTEMPTS = 3
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000
/** A model may think for long before its first word. */
const SILENCE_MS = 300_000
/** More than any answer of a chat model has. */
const MOST_BYTES = 8 * 1024 * 1024
const LONGEST_LINE = 1024 * 1024

/** The address without what must not be shown: user, password, query. */
export const placeOf = (url: URL): string => `${url.origin}${url.pathname}`

/**
 * Posts JSON and yields the lines of the answer as they come. Tries again on 429 and 5xx before anything of an answer was read; never
 * follows a redirect, which could take the key elsewhere. @throws RagError CHAT_UNREACHABLE | CHAT_REFUSED | CHAT_BAD_ANSWER | INTERRUPTED
 */
export async function* postForLines(post: ChatPost): AsyncIterable<string> {
  const where = placeOf(post.url)
  const response = await attempt(post, where)
  if (/text\/html/i.test(response.header('content-type') ?? ''))
    throw badAnswer(post.name, where, 'it sent a web page')
  let held = ''
  for await (const text of piecesOf(response, post, where)) {
    const lines = (held + text).split('\n')
    held = lines.pop() ?? ''
    if (held.length > LONGEST_LINE) throw badAnswer(post.name, where, 'a line of its answer has no end')
    for (const line of lines) yield line.replace(/\r$/, '')
  }
  if (held !== '') yield held
}

async function* piecesOf({body}: HttpResponse, post: ChatPost, where: string): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let bytes = 0
  try {
    for await (const part of body) {
      bytes += part.length
      if (bytes > MOST_BYTES)
        throw badAnswer(post.name, where, `it sent more than ${MOST_BYTES / 1024 / 1024} MB`)
      yield decoder.decode(part, {stream: true})
    }
  } catch (error) {
    throw broken(error, post, where)
  }
}

async function attempt(post: ChatPost, where: string): Promise<HttpResponse> {
  for (let tried = 1; ; tried++) {
    const response = await post.http
      .send({
        method: 'POST',
        url: post.url.href,
        headers: {'content-type': 'application/json', ...post.headers},
        body: JSON.stringify(post.body),
        timeoutMs: SILENCE_MS,
        ...(post.signal ? {signal: post.signal} : {}),
      })
      .catch((error: unknown) => {
        throw broken(error, post, where, 'can not be reached')
      })
    const {status} = response
    if (status >= 200 && status < 300) return response
    const said = (await firstBytes(response)).replaceAll(/\s+/g, ' ').trim()
    const isPassing = status === 429 || status >= 500
    if (!isPassing)
      throw status >= 400
        ? refused(post.name, where, `${status} ${said}`)
        : badAnswer(post.name, where, `status ${status}`)
    if (tried === MOST_ATTEMPTS)
      throw unreachable(post.name, where, `answered ${status} ${MOST_ATTEMPTS} times`)
    await pause(waitMs(response, tried), post)
  }
}

/** As the service asks, else longer each time. */
function waitMs(response: HttpResponse, tried: number): number {
  const asked = Number(response.header('retry-after')) * 1000
  return Math.min(LONGEST_WAIT_MS, asked > 0 ? asked : FIRST_WAIT_MS * 2 ** (tried - 1))
}

async function pause(ms: number, {signal, name}: ChatPost): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(interrupted(name))
      },
      {once: true},
    )
  })
}

async function firstBytes({body}: HttpResponse): Promise<string> {
  try {
    for await (const part of body) return new TextDecoder().decode(part.slice(0, 500))
  } catch {
    // What it said matters less than that it said no.
  }
  return ''
}

function broken(
  error: unknown,
  post: ChatPost,
  where: string,
  why = 'broke off in the middle of its answer',
): Error {
  if (error instanceof RagError) return error
  if (post.signal?.aborted) return interrupted(post.name)
  const code = codeOf(error)
  return unreachable(post.name, where, `${why}${code === '' ? '' : ` (${code})`}`)
}

const codeOf = (error: unknown): string => {
  const {code, message} = (error ?? {}) as {code?: unknown | undefined; message?: unknown | undefined}
  return String(code ?? message ?? '')
}
