import {parentPort} from 'node:worker_threads'
import {RagError, reasonOf} from '../../model/errors.js'
import type {StreamFailure, StreamReply, StreamRequest} from './stream-messages.js'

/** Parts on their way hold at most about this much before the thread waits for them to be taken up. */
const AHEAD_BYTES = 12 * 1024 ** 2

/** A part of an answer: what is sent, about how large it is, and the memory that is handed over instead of copied. */
export interface StreamPart {
  readonly part: unknown
  readonly bytes: number
  readonly transfer: readonly ArrayBuffer[]
}

/**
 * Serves runs to the thread that started this one: for each request what `produce` yields, in order. Called by the worker's entry file.
 * `signal` says that nobody wants the rest.
 */
export function serveStreams<Request>(
  produce: (request: Request, signal: AbortSignal) => AsyncIterable<StreamPart>,
): void {
  if (!parentPort) throw new Error('serveStreams runs in a worker thread only')
  const port = parentPort
  const runs = new Map<number, Run>()
  const say = (reply: StreamReply, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(reply, transfer)

  const serve = async (id: number, request: Request): Promise<void> => {
    const run = new Run()
    runs.set(id, run)
    try {
      for await (const {part, bytes, transfer} of produce(request, run.stop.signal)) {
        if (run.stop.signal.aborted) break
        say({kind: 'part', run: id, part, bytes}, transfer)
        await run.sent(bytes)
      }
      say({kind: 'end', run: id})
    } catch (error) {
      say({kind: 'failed', run: id, ...failureOf(error)})
    } finally {
      runs.delete(id)
    }
  }
  port.on('message', (message: StreamRequest) => {
    if (message.kind === 'start') void serve(message.run, message.request as Request)
    else if (message.kind === 'taken') runs.get(message.run)?.taken(message.bytes)
    else runs.get(message.run)?.giveUp()
  })
}

class Run {
  readonly stop = new AbortController()
  #ahead = 0
  #goOn: (() => void) | undefined

  async sent(bytes: number): Promise<void> {
    this.#ahead += bytes
    while (this.#ahead >= AHEAD_BYTES && !this.stop.signal.aborted)
      await new Promise<void>((resolve) => {
        this.#goOn = resolve
      })
  }

  taken(bytes: number): void {
    this.#ahead -= bytes
    this.#goOn?.()
  }

  giveUp(): void {
    this.stop.abort()
    this.#goOn?.()
  }
}

function failureOf(error: unknown): StreamFailure {
  if (!(error instanceof RagError)) return {code: 'INTERNAL', message: reasonOf(error)}
  const {code, message, hint, cause} = error
  return {
    code,
    message,
    ...(hint === undefined ? {} : {hint}),
    ...(cause === undefined ? {} : {cause: reasonOf(cause)}),
  }
}
