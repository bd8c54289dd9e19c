import {parentPort, type MessagePort} from 'node:worker_threads'
import {BytesAhead} from '../bytes-ahead.js'
import {nextTurn} from '../next-turn.js'
import {failureOf} from './failure.js'
import type {ThreadReply, ThreadRequest} from './messages.js'
import {HandedOver, type StreamPart, type ThreadService} from './service.js'

/** A stream is ahead of its reader by about this much at most; then it waits for parts to be taken up. */
const AHEAD_BYTES = 12 * 1024 ** 2

export interface ServeOptions {
  /** Called when the owner closes the thread and allows it to end by itself, after the call in hand. */
  readonly close?: (() => Promise<void>) | undefined
}

/**
 * Serves a `WorkerThread`. To be called by the worker's entry file, once. Calls are done one after the other, in the order in which they came;
 * one that was stopped before its turn is not begun. Streams run beside them.
 */
export function serveThread(service: ThreadService, options: ServeOptions = {}): void {
  if (!parentPort) throw new Error('serveThread runs in a worker thread only')
  new ThreadServer(parentPort, service, options)
}

type Start = Extract<ThreadRequest, {request: unknown}>

interface Running {
  readonly stop: AbortController
  readonly ahead: BytesAhead
}

class ThreadServer {
  readonly #port: MessagePort
  readonly #service: ThreadService
  readonly #options: ServeOptions
  readonly #running = new Map<number, Running>()
  #turn: Promise<void> = Promise.resolve()

  constructor(port: MessagePort, service: ThreadService, options: ServeOptions) {
    this.#port = port
    this.#service = service
    this.#options = options
    port.on('message', (message: ThreadRequest) => this.#receive(message))
  }

  #receive(message: ThreadRequest): void {
    switch (message.kind) {
      case 'call':
      case 'stream':
        return this.#start(message)
      case 'taken':
        return this.#running.get(message.id)?.ahead.taken(message.bytes)
      case 'stop':
        return stop(this.#running.get(message.id))
      case 'close':
        for (const running of this.#running.values()) stop(running)
        this.#turn = this.#turn.then(() => this.#close())
    }
  }

  #start(start: Start): void {
    const running = {stop: new AbortController(), ahead: new BytesAhead(AHEAD_BYTES)}
    this.#running.set(start.id, running)
    if (start.kind === 'stream') void this.#answer(start, running)
    // Not before the messages that came meanwhile: they may stop it.
    else this.#turn = this.#turn.then(nextTurn).then(() => this.#answer(start, running))
  }

  async #answer({kind, id, name, request}: Start, running: Running): Promise<void> {
    try {
      const serve = this.#service[name] as (request: unknown, signal: AbortSignal) => unknown
      if (kind === 'stream') {
        await this.#send(
          id,
          serve(request, running.stop.signal) as AsyncIterable<StreamPart<unknown>>,
          running,
        )
        this.#say({kind: 'done', id})
      } else if (running.stop.signal.aborted) this.#say({kind: 'done', id})
      else {
        const reply = await serve(request, running.stop.signal)
        if (reply instanceof HandedOver) this.#say({kind: 'done', id, value: reply.value}, reply.transfer)
        else this.#say({kind: 'done', id, value: reply})
      }
    } catch (error) {
      this.#say({kind: 'failed', id, failure: failureOf(error)})
    } finally {
      this.#running.delete(id)
    }
  }

  async #send(id: number, parts: AsyncIterable<StreamPart<unknown>>, {stop, ahead}: Running): Promise<void> {
    for await (const {part, bytes, transfer} of parts) {
      if (stop.signal.aborted) break
      this.#say({kind: 'part', id, part, bytes}, transfer)
      await ahead.sent(bytes)
    }
  }

  #say(reply: ThreadReply, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(reply, transfer)
  }

  async #close(): Promise<void> {
    await this.#options.close?.()
    this.#port.close()
  }
}

function stop(running: Running | undefined): void {
  running?.stop.abort()
  running?.ahead.end()
}
