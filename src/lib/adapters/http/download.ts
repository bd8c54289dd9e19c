import {createHash} from 'node:crypto'
import {open, type FileHandle} from 'node:fs/promises'
import {isTransientStatus, retry, retryAfterMs, type RetryTools} from '../../kernel/retry.js'
import {LIMITS} from '../../model/input/limits.js'
import {modelDiskFull} from '../../model/errors/model/model-folder.js'
import {RagError, reasonOf} from '../../model/errors/rag-error.js'
import {fetchInterrupted} from '../../model/errors/program/interruption.js'
import type {HttpClient, HttpResponse} from '../../ports/http.js'
import {RedirectRefused, sendFollowing} from './follow-redirects.js'
import {shownUrl} from './http-failure.js'
import {unreachableReason} from './unreachable-reason.js'

export interface DownloadOptions {
  /** Holds a key. Sent to the first origin alone: what it leads to has an address that is its own permission. */
  readonly secretHeaders: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Bytes of the file in hand so far, and in all when that is known. */
  readonly onBytes: (done: number, total: number | undefined) => void
  /** Bytes that a file may have at most; the second where the hub does not say how many it has. */
  readonly limits?: {readonly file: number; readonly text: number; readonly unannounced: number} | undefined
  /** The error of a download that came to nothing. */
  readonly failed: (why: string, cause?: unknown) => RagError
}

const LIMITS_OF_FILES = {
  file: LIMITS.modelFileBytes,
  text: LIMITS.modelTextBytes,
  unannounced: LIMITS.unannouncedBytes,
}

const ATTEMPTS = 4
const BACKOFF = {firstMs: 500, mostMs: 10_000, jitter: [0.5, 1.5]} as const
const IDLE_MS = 30_000
const MAX_REDIRECTS = 5
/** As long as it takes until a hub that is away is given up. */
const PACE_MS = 120_000

/** Fetches files. A connection that breaks is taken up where it broke, as long as the file gets on. */
export class Download {
  readonly #http: HttpClient
  readonly #options: DownloadOptions
  readonly #tools: RetryTools

  constructor(http: HttpClient, options: DownloadOptions, tools: RetryTools) {
    this.#http = http
    this.#options = options
    this.#tools = tools
  }

  /**
   * Writes what is at the address, and syncs it. Held against the length and the SHA-256 that the answer names.
   * @throws RagError what `failed` makes | DISK_FULL | INTERRUPTED
   */
  async file(url: string, path: string): Promise<{readonly bytes: number; readonly sha256: string}> {
    const file = await open(path, 'w')
    try {
      const hash = createHash('sha256')
      const pace = {from: this.#tools.clock.monotonic(), done: 0}
      const part: Part = {file, done: 0, pace, write: (bytes) => hash.update(bytes)}
      const said = await this.#whole(url, part)
      await file.sync()
      const sha256 = hash.digest('hex')
      if (said.sha256 !== undefined && said.sha256 !== sha256)
        throw this.#options.failed(`${shownUrl(url)} did not come as the hub has it (its SHA-256 differs)`)
      return {bytes: part.done, sha256}
    } catch (error) {
      throw this.#failure(url, error)
    } finally {
      await file.close()
    }
  }

  #whole(url: string, part: Part): Promise<Said> {
    let before = 0
    return retry(
      () => {
        before = part.done
        this.#checkPace(url, part)
        return this.#once(url, part)
      },
      {
        attempts: ATTEMPTS,
        backoff: BACKOFF,
        transient: (error) =>
          error instanceof RagError || isOfDisk(error)
            ? undefined
            : {afterMs: error instanceof BusyHub ? error.retryAfterMs : undefined},
        // What gets on may break as often as it likes.
        hasProgressed: () => part.done > before,
        signal: this.#options.signal,
      },
      this.#tools,
    )
  }

  async #once(url: string, part: Part): Promise<Said> {
    const {response, said} = await this.#ask(url, part.done)
    if (response.status === 206 && part.done > 0) await this.#read(url, response, {part, said})
    else if (response.status === 200 && part.done === 0) await this.#read(url, response, {part, said})
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

  /** The first answer tells the hash. */
  async #ask(url: string, from: number): Promise<{response: HttpResponse; said: Said}> {
    let sha256: string | undefined
    let announced: number | undefined
    const response = await sendFollowing(
      this.#http,
      {
        method: 'GET',
        url,
        headers: {'accept-encoding': 'identity', ...(from > 0 ? {range: `bytes=${from}-`} : {})},
        timeoutMs: IDLE_MS,
        ...signalOf(this.#options),
      },
      {
        most: MAX_REDIRECTS,
        secretHeaders: this.#options.secretHeaders,
        onRedirect: (answer) => {
          sha256 ??= hashIn(answer.header('x-linked-etag'))
          announced ??= lengthIn(answer, 'x-linked-size')
        },
      },
    ).catch((error: unknown) => {
      throw error instanceof RedirectRefused ? this.#options.failed(error.message, error) : error
    })
    const {status} = response
    if (isTransientStatus(status)) {
      await response.discard()
      throw new BusyHub(status, retryAfterMs(response.header('retry-after'), this.#tools.clock))
    }
    sha256 ??= hashIn(response.header('x-linked-etag'))
    announced ??= lengthIn(response, 'x-linked-size')
    const length = lengthIn(response, 'content-length')
    const bytes = length === undefined ? announced : from + length
    const isOther = announced !== undefined && bytes !== announced
    const most = this.#mostOf(url, bytes)
    if (!isOther && (bytes ?? 0) <= most) return {response, said: {sha256, bytes, most}}
    await response.discard()
    throw this.#options.failed(
      isOther
        ? `${shownUrl(url)} has ${bytes} bytes, and the hub announced ${announced}`
        : `${shownUrl(url)} has ${bytes} bytes, more than the ${most} that are taken of it`,
    )
  }

  #mostOf(url: string, bytes: number | undefined): number {
    const {limits = LIMITS_OF_FILES} = this.#options
    const isText = /\.(json|txt)$/.test(new URL(url).pathname)
    if (isText) return limits.text
    return bytes === undefined ? limits.unannounced : limits.file
  }

  async #read(
    url: string,
    {body}: HttpResponse,
    {part, said}: {readonly part: Part; readonly said: Said},
  ): Promise<void> {
    const {bytes: total, most} = said
    for await (const bytes of body) {
      if (part.done + bytes.length > (total ?? most))
        throw this.#options.failed(`more than ${total ?? most} bytes came of a file that has no more`)
      await part.file.writeFile(bytes)
      part.write(bytes)
      part.done += bytes.length
      this.#options.onBytes(part.done, total)
      if (part.done !== total) this.#checkPace(url, part)
    }
  }

  /** What drips, or breaks off again and again, would never end. */
  #checkPace(url: string, {done, pace}: Part): void {
    const now = this.#tools.clock.monotonic()
    if (now - pace.from < PACE_MS) return
    if (done - pace.done < LIMITS.downloadPaceBytes)
      throw this.#options.failed(
        `${shownUrl(url)} comes too slowly: ${done - pace.done} bytes in ${Math.round((now - pace.from) / 1000)} s`,
      )
    pace.from = now
    pace.done = done
  }

  #failure(url: string, error: unknown): RagError {
    if (error instanceof RagError) return error
    if (this.#options.signal?.aborted) return fetchInterrupted(shownUrl(url))
    if (isOfDisk(error)) return modelDiskFull(error)
    const code = (error as {code?: unknown}).code
    const why = code === undefined ? reasonOf(error) : unreachableReason(error)
    return this.#options.failed(`${shownUrl(url)}: ${why}`, error)
  }
}

interface Part {
  readonly file: FileHandle
  done: number
  /** When the two minutes in hand began, and how many bytes there were then. */
  readonly pace: {from: number; done: number}
  readonly write: (bytes: Uint8Array) => void
}

interface Said {
  readonly sha256: string | undefined
  readonly bytes: number | undefined
  /** What is taken of it at most. */
  readonly most: number
}

/** A whole number of bytes that a header tells. */
function lengthIn(response: HttpResponse, header: string): number | undefined {
  const length = Number(response.header(header))
  return Number.isInteger(length) && length > 0 ? length : undefined
}

class BusyHub extends Error {
  readonly retryAfterMs: number | undefined

  constructor(status: number, retryAfter: number | undefined) {
    super(`it answered ${status}`)
    this.retryAfterMs = retryAfter
  }
}

const signalOf = ({signal}: DownloadOptions): {readonly signal?: AbortSignal} => (signal ? {signal} : {})

const isOfDisk = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG'].includes(String((error as {code?: unknown}).code))

const hashIn = (etag: string | undefined): string | undefined => /^"?([0-9a-f]{64})"?$/.exec(etag ?? '')?.[1]
