import {WorkerThread} from '../../kernel/threads/worker-thread.js'
import type {LoadedDocument} from '../../model/document.js'
import {costsTooMuch} from '../../model/errors/files/source.js'
import {readerEnded} from '../../model/errors/program/thread.js'
import type {RawFile} from '../../ports/document-loader.js'
import type {LoadingService} from './loading-service.js'

/** What reading one file may cost. */
export interface ReadingLimits {
  readonly ms: number
  /** More of it for each megabyte of the file. */
  readonly msPerMb: number
  /** Of the thread's heap. */
  readonly heapMb: number
  /** By which the process may grow while it reads: also what the thread holds outside its heap. */
  readonly growthMb: number
}

export const READING_LIMITS: ReadingLimits = {ms: 120_000, msPerMb: 5000, heapMb: 1024, growthMb: 1024}

export interface ApartReaderOptions {
  /** Entry of the thread, which calls `serveLoading`. */
  readonly url: URL
  /** Memory of the process in use. */
  readonly residentBytes: () => number
  readonly limits?: ReadingLimits | undefined
}

const MB = 1024 ** 2
/** How often the limits are looked at. */
const CHECK_MS = 50
/** After a text of so many characters the thread is ended at once. */
const LARGE_TEXT = 4 * MB
/** A thread without work is ended after this time: what it keeps in memory is large. */
const IDLE_MS = 5000

/** Reads files in a thread of its own, one after the other. What exceeds a limit costs its file and the thread; the next file gets a new one. */
export class ApartReader {
  readonly #options: ApartReaderOptions
  readonly #limits: ReadingLimits
  #turn: Promise<unknown> = Promise.resolve()
  #thread: WorkerThread<LoadingService> | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(options: ApartReaderOptions) {
    this.#options = options
    this.#limits = options.limits ?? READING_LIMITS
  }

  /** As `ReadApart`. @throws RagError as the loader does; TOO_LARGE | BAD_INPUT (the thread ended) */
  read(type: string, file: RawFile): Promise<LoadedDocument> {
    const read = this.#turn.then(() => this.#read(type, file))
    this.#turn = read.catch(() => undefined)
    return read
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#end()
  }

  async #read(type: string, file: RawFile): Promise<LoadedDocument> {
    clearTimeout(this.#idle)
    const thread = (this.#thread ??= this.#start())
    const {name, bytes} = file
    const giveUp = new AbortController()
    const watch = this.#watch(file, giveUp)
    try {
      // What fills its memory alone is handed over: a copy would double the peak of a large file.
      const whole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
      const transfer = whole ? [bytes.buffer as ArrayBuffer] : []
      const document = await thread.call('load', {type, name, bytes}, {signal: giveUp.signal, transfer})
      // What it took to read it is given back before the text is worked on.
      if (document.text.length > LARGE_TEXT) await this.#end()
      return document
    } catch (error) {
      const died = thread.isDead && !giveUp.signal.aborted
      if (thread.isDead || giveUp.signal.aborted) await this.#end()
      throw died ? this.#whyItDied(name, error) : error
    } finally {
      clearInterval(watch)
      this.#idle = setTimeout(() => void this.#end(), IDLE_MS).unref()
    }
  }

  #start(): WorkerThread<LoadingService> {
    const {url} = this.#options
    const limits = {maxOldGenerationSizeMb: this.#limits.heapMb, stackSizeMb: 4}
    return new WorkerThread<LoadingService>({
      url,
      what: 'The thread that reads documents',
      limits,
      isSilent: true,
    })
  }

  async #end(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    await thread?.close()
  }

  #watch({name, bytes}: RawFile, giveUp: AbortController): NodeJS.Timeout {
    const {residentBytes} = this.#options
    const ms = this.#limits.ms + (this.#limits.msPerMb * bytes.byteLength) / MB
    const most = residentBytes() + this.#limits.growthMb * MB
    // Ticks, not the clock: a machine that was asleep has not read meanwhile.
    let left = Math.ceil(ms / CHECK_MS)
    return setInterval(() => {
      if (--left <= 0) giveUp.abort(costsTooMuch(name, `${Math.round(ms / 1000)} seconds`))
      else if (residentBytes() > most)
        giveUp.abort(costsTooMuch(name, `${this.#limits.growthMb} MB of memory`))
    }, CHECK_MS)
  }

  #whyItDied(name: string, error: unknown): Error {
    const cause = error instanceof Error ? error.cause : undefined
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    return code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? costsTooMuch(name, `${this.#limits.heapMb} MB of memory`)
      : readerEnded(name, cause instanceof Error ? cause.message : String(error), error)
  }
}
