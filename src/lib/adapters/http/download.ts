import {createHash} from 'node:crypto'
import {open, type FileHandle} from 'node:fs/promises'
import {setTimeout as sleepFor} from 'node:timers/promises'
import {interrupted, reasonOf, RagError} from '../../model/errors.js'
import type {HttpClient, HttpResponse} from '../../ports/http.js'
import {shownUrl} from './http-failure.js'
import {unreachableReason} from './unreachable-reason.js'

export interface DownloadOptions {
  /** Sent to the first address alone: what it leads to has an address that is its own permission. */
  readonly headers: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Bytes of the file in hand so far, and in all when that is known. */
  readonly onBytes: (done: number, total: number | undefined) => void
  /** The error of a download that came to nothing. */
  readonly failed: (why: string, cause?: unknown) => RagError
}

const ATTEMPTS = 4
const BACKOFF_MS = 500
const IDLE_MS = 30_000
const MAX_REDIRECTS = 5

/** Fetches files. A connection that breaks is taken up where it broke. */
export class Download {
  readonly #http: HttpClient
  readonly #options: DownloadOptions

  constructor(http: HttpClient, options: DownloadOptions) {
    this.#http = http
    this.#options = options
  }

  /**
   * Writes what is at the address, and syncs it. Held against the length and the SHA-256 that the answer names.
   * @throws RagError what `failed` makes | DISK_FULL | INTERRUPTED
   */
  async file(url: string, path: string): Promise<{readonly bytes: number; readonly sha256: string}> {
    const file = await open(path, 'w')
    try {
      const hash = createHash('sha256')
      const part: Part = {file, done: 0, write: (bytes) => hash.update(bytes)}
      const said = await this.#whole(url, part)
      await file.sync()
      const sha256 = hash.digest('hex')
      if (said.sha256 !== undefined && said.sha256 !== sha256)
        throw this.#options.failed(`${shownUrl(url)} did not come as the hub has it (its SHA-256 differs)`)
      return {bytes: part.done, sha256}
    } catch (error) {
      throw this.#told(url, error)
    } finally {
      await file.close()
    }
  }

  async #whole(url: string, part: Part): Promise<Said> {
    for (let attempt = 1; ; attempt++) {
      const before = part.done
      try {
        return await this.#once(url, part)
      } catch (error) {
        const isFinal = error instanceof RagError || isOfDisk(error) || this.#options.signal?.aborted
        if (isFinal || (attempt >= ATTEMPTS && part.done === before)) throw error
        // What gets on may break as often as it likes.
        if (part.done > before) attempt = 1
        await sleepFor(BACKOFF_MS * attempt, undefined, signalOf(this.#options)).catch(() => undefined)
      }
    }
  }

  async #once(url: string, part: Part): Promise<Said> {
    const {response, said} = await this.#ask(url, part.done)
    if (response.status === 206 && part.done > 0) await this.#read(response, part, said)
    else if (response.status === 200 && part.done === 0) await this.#read(response, part, said)
    else {
      await response.discard()
      throw this.#options.failed(
        response.status === 200
          ? `${shownUrl(url)} broke off, and can't be taken up where it broke`
          : `${shownUrl(url)} answered ${response.status}`,
      )
    }
    if (said.bytes !== undefined && said.bytes !== part.done)
      throw new Error(`${part.done} of ${said.bytes} bytes came`)
    return said
  }

  /** Follows where it leads; the first answer tells the hash. */
  async #ask(url: string, from: number): Promise<{response: HttpResponse; said: Said}> {
    let at = url
    let sha256: string | undefined
    for (let redirects = 0; ; redirects++) {
      const isOwn = new URL(at).host === new URL(url).host
      const response = await this.#http.send({
        method: 'GET',
        url: at,
        headers: {
          'accept-encoding': 'identity',
          ...(isOwn ? this.#options.headers : {}),
          ...(from > 0 ? {range: `bytes=${from}-`} : {}),
        },
        timeoutMs: IDLE_MS,
        ...signalOf(this.#options),
      })
      sha256 ??= hashIn(response.header('x-linked-etag'))
      if (response.status < 300 || response.status > 399) {
        const length = Number(response.header('content-length'))
        const said = {sha256, bytes: Number.isInteger(length) && length > 0 ? from + length : undefined}
        if (response.status === 429 || response.status >= 500) {
          await response.discard()
          throw new Error(`it answered ${response.status}`)
        }
        return {response, said}
      }
      await response.discard()
      at = this.#next(url, at, redirects, response.header('location'))
    }
  }

  #next(url: string, at: string, redirects: number, location: string | undefined): string {
    const to = location !== undefined && URL.canParse(location, at) ? new URL(location, at) : undefined
    const isWeb = to?.protocol === 'https:' || (to?.protocol === 'http:' && url.startsWith('http:'))
    if (to && isWeb && redirects < MAX_REDIRECTS) return to.href
    throw this.#options.failed(`${shownUrl(url)} leads elsewhere, which is not followed`)
  }

  async #read({body}: HttpResponse, part: Part, {bytes: total}: Said): Promise<void> {
    for await (const bytes of body) {
      await part.file.writeFile(bytes)
      part.write(bytes)
      part.done += bytes.length
      this.#options.onBytes(part.done, total)
    }
  }

  #told(url: string, error: unknown): RagError {
    if (error instanceof RagError) return error
    if (this.#options.signal?.aborted) return interrupted(`fetching ${shownUrl(url)} was stopped.`)
    if (isOfDisk(error))
      return new RagError('DISK_FULL', `The model can't be written: ${reasonOf(error)}.`, {
        hint: 'Make room, or name a folder on another disk by RAG_MODEL_DIR. Nothing of the model was kept.',
        cause: error,
      })
    const code = (error as {code?: unknown | undefined}).code
    const why = code === undefined ? reasonOf(error) : unreachableReason(error)
    return this.#options.failed(`${shownUrl(url)}: ${why}`, error)
  }
}

interface Part {
  readonly file: FileHandle
  done: number
  readonly write: (bytes: Uint8Array) => void
}

interface Said {
  readonly sha256: string | undefined
  readonly bytes: number | undefined
}

const signalOf = ({signal}: DownloadOptions): {readonly signal?: AbortSignal | undefined} =>
  signal ? {signal} : {}

const isOfDisk = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG'].includes(String((error as {code?: unknown | undefined}).code))

const hashIn = (etag: string | undefined): string | undefined => /^"?([0-9a-f]{64})"?$/.exec(etag ?? '')?.[1]
