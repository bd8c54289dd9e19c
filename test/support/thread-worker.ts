import {setTimeout as sleep} from 'node:timers/promises'
import {serveThread} from '../../src/lib/kernel/threads/serve-thread.js'
import {HandedOver, type StreamPart} from '../../src/lib/kernel/threads/service.js'
import {RagError} from '../../src/lib/model/errors.js'

export interface Wish {
  readonly parts: number
  readonly bytes: number
  readonly then?: End
}

/** A call that takes its time. `begun` becomes 1 when it has begun. */
export interface Work {
  readonly ms: number
  readonly begun?: Int32Array
}

/** How a call or stream is to end that does not end well. */
export type End = 'fail' | 'break' | 'exit' | 'reject' | 'exhaust' | 'send-function'

/** A thread that does as it is asked. */
export type TestService = {
  readonly echo: (value: unknown) => unknown
  readonly twice: (numbers: Float32Array) => HandedOver<Float32Array>
  readonly end: (how: End) => unknown
  readonly wait: (work: Work, signal: AbortSignal) => Promise<string>
  readonly block: (work: Work) => string
  readonly count: (wish: Wish, signal: AbortSignal) => AsyncIterable<StreamPart<number>>
  /** Yields the values, and a function, which no thread can send, for 'function'. */
  readonly yielded: (values: readonly unknown[]) => AsyncIterable<StreamPart<unknown>>
  /** Names of calls that were begun, parts that were made and cleaned up after, and calls that were stopped. */
  readonly log: (request: undefined) => readonly string[]
}

const log: string[] = []

const service: TestService = {
  echo: (value) => {
    log.push(`echo ${String(value)}`)
    return value
  },
  twice: (numbers) => {
    const made = numbers.map((number) => 2 * number)
    return new HandedOver(made, [made.buffer as ArrayBuffer])
  },
  end,
  wait: async ({ms, begun}, signal) => {
    log.push(`wait ${ms}`)
    if (begun) Atomics.store(begun, 0, 1)
    await sleep(ms, undefined, {signal}).catch(() => log.push(`stopped ${ms}`))
    return `waited ${ms}`
  },
  block: ({ms, begun}) => {
    if (begun) Atomics.store(begun, 0, 1)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
    return `blocked ${ms}`
  },
  count: async function* ({parts, bytes, then}) {
    let made = 0
    try {
      for (let n = 1; n <= parts; n++) {
        made = n
        yield {part: n, bytes}
      }
      if (then) end(then)
    } finally {
      log.push(`made ${made}`)
    }
  },
  yielded: async function* (values) {
    await Promise.resolve()
    for (const value of values) yield {part: value === 'function' ? () => undefined : value, bytes: 1}
  },
  log: () => log,
}

function end(how: End): unknown {
  if (how === 'fail')
    throw new RagError('INPUT_UNREADABLE', 'It went away.', {
      hint: 'Look for it.',
      cause: Object.assign(new Error('no such file'), {code: 'ENOENT'}),
    })
  if (how === 'break') throw new TypeError('no such thing')
  if (how === 'exit') process.exit(7)
  if (how === 'send-function') return () => undefined
  if (how === 'reject') {
    setTimeout(() => {
      throw new Error('thrown where nothing catches')
    }, 0)
    return sleep(60_000)
  }
  const hoard: string[][] = []
  for (;;) hoard.push(Array.from({length: 100_000}, (_, i) => `${i} ${hoard.length}`))
}

serveThread(service, {
  close: () => {
    process.stdout.write('closed in order\n')
    return Promise.resolve()
  },
})
