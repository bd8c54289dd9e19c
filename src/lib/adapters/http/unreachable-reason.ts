import {reasonOf} from '../../model/errors.js'

/** Why there was no answer, in words that can stand after a colon. */
export function unreachableReason(error: unknown): string {
  const code = codeOf(error)
  const known = REASONS[code] ?? ofProxy(error)
  if (known !== undefined) return known
  return error instanceof Error && error.name === 'TimeoutError'
    ? 'it took too long'
    : code || 'no connection'
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host can not be looked up',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to that host',
  ECONNRESET: 'the connection broke off',
  UND_ERR_SOCKET: 'the connection broke off',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
}

/** What undici has no codes for. */
function ofProxy(error: unknown): string | undefined {
  const said = `${reasonOf(error)} ${error instanceof Error ? reasonOf(error.cause) : ''}`
  if (/\b407\b/.test(said)) return 'the proxy asks for a name and password'
  const [, status] = /Proxy response \((\d+)\)/.exec(said) ?? []
  return status === undefined ? undefined : `the proxy answered ${status}`
}

function codeOf(error: unknown): string {
  const {code, cause} = (error ?? {}) as {code?: unknown | undefined; cause?: unknown | undefined}
  if (typeof code === 'string') return code
  return cause === undefined || cause === error ? '' : codeOf(cause)
}
