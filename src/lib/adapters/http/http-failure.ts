/** Why a request to a service came to nothing. */
export class HttpFailure extends Error {
  readonly kind: 'unreachable' | 'refused' | 'too-much' | 'bad-answer'
  /** Of the answer, when there was one. */
  readonly status: number | undefined
  /** How long the service asks to be left alone. */
  readonly retryAfterMs: number | undefined

  constructor(
    kind: HttpFailure['kind'],
    message: string,
    more: {status?: number; retryAfterMs?: number | undefined; cause?: unknown} = {},
  ) {
    super(message, more.cause === undefined ? undefined : {cause: more.cause})
    this.kind = kind
    this.status = more.status
    this.retryAfterMs = more.retryAfterMs
  }
}

/** An address as it may be shown: without user, password and query, where keys stand. */
export function shownUrl(url: string): string {
  try {
    const {protocol, host, pathname} = new URL(url)
    return `${protocol}//${host}${pathname}`
  } catch {
    return 'the address'
  }
}
