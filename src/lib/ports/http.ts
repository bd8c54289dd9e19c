/** One request over the network. Nothing is followed or tried again: that is the caller's to decide. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Until the first byte of the answer, and between two bytes of it. */
  readonly timeoutMs: number
  /** Connects to no name that stands for a link-local address or one of metadata: a redirect chose it. Names that a proxy looks up are its own. */
  readonly refuseReserved?: boolean | undefined
}

export interface HttpResponse {
  readonly status: number
  /** By lower-case names; of a header sent twice the first. */
  header(name: string): string | undefined
  /** To be read to its end, or given to `discard`. */
  readonly body: AsyncIterable<Uint8Array>
  discard(): Promise<void>
}

/** Sends requests through the proxies that the environment names. Connections are kept for the next request. */
export interface HttpClient {
  /** Rejects with the cause when there is no connection, or it breaks off. @throws RagError CONFIG_INVALID for a proxy that is no address */
  send(request: HttpRequest): Promise<HttpResponse>
  close(): Promise<void>
}
