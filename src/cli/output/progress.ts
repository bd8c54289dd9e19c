import type {ProgressEvent, ProgressSink} from '../../lib/index.js'
import {cutTo} from './columns.js'
import {counted, showBytes, showCount, showDuration} from './human.js'
import type {Output} from '../surroundings.js'
import {visibleName} from './visible.js'

/** Shows how far a long call is, and cleans up after itself. */
export interface Progress {
  readonly sink: ProgressSink
  /** Takes the bar off the screen for a line of text; it comes back with the next event. */
  clear(): void
  /** Takes the bar off the screen for good. Safe to call more than once. */
  stop(): void
}

/** Where and how progress is shown. */
export interface ProgressPlace {
  readonly messages: Output
  /** Where a bar is drawn, with control sequences; default: `messages`. */
  readonly drawing?: Output | undefined
  readonly quiet: boolean
  /** Milliseconds that never go back. */
  readonly monotonic: () => number
  /** What draws the bar is loaded at once: a long call may leave no moment for it later. */
  readonly soon?: boolean
}

/** Characters of the bar itself. */
const BAR_SIZE = 24
/** Nothing is shown of what takes less. */
const FIRST_MS = 2000
/** On a pipe: a line about as often. */
const EVERY_MS = 3000

const WORDS: Readonly<Record<ProgressEvent['phase'], string>> = {
  scan: 'scanning',
  read: 'reading',
  fetch: 'fetching the model',
  fit: 'fitting the model',
  embed: 'embedding',
  index: 'indexing',
  delete: 'deleting',
  compact: 'compacting',
  verify: 'verifying',
  check: 'checking',
  copy: 'copying',
}

/** A bar on a terminal, a plain line every few seconds on a pipe, nothing when quiet. */
export function makeProgress(place: ProgressPlace): Progress {
  if (place.quiet) return {sink: () => undefined, clear: () => undefined, stop: () => undefined}
  return place.messages.isTTY === true ? barProgress(place) : lineProgress(place)
}

/** Lines for pipes and logs: the first after two seconds, then one about every three. */
export function lineProgress({messages, monotonic}: ProgressPlace): Progress {
  const pace = new Pace(monotonic)
  let next = monotonic() + FIRST_MS
  return {
    sink: (event) => {
      pace.take(event)
      const now = monotonic()
      if (now < next) return
      next = now + EVERY_MS
      messages.write(`rag: ${describe(event, pace)}\n`)
    },
    clear: () => undefined,
    stop: () => undefined,
  }
}

/** One line about an event: phase, count, share, rate and time left, as far as they are known. */
export function describe(event: ProgressEvent, pace: Pace): string {
  const {done, total, unit} = event
  const isBytes = unit === 'bytes'
  const all = (n: number): string => (isBytes ? showBytes(n) : counted(n, unit))
  const count =
    total === undefined ? all(done) : `${isBytes ? showBytes(done) : showCount(done)} of ${all(total)}`
  const parts = [`${WORDS[event.phase]}: ${count}`]
  if (total !== undefined && total > 0) parts.push(`${Math.floor((100 * done) / total)} %`)
  const rate = pace.perSecond()
  if (rate !== undefined) parts.push(`${isBytes ? showBytes(rate) : showCount(Math.round(rate))} a second`)
  const left = pace.secondsLeft(event)
  if (left !== undefined && left >= 1) parts.push(`${showDuration(left)} left`)
  return parts.join(', ')
}

/** The speed of each phase as a whole; phases that run side by side take turns in telling of themselves. */
export class Pace {
  readonly #monotonic: () => number
  readonly #starts = new Map<ProgressEvent['phase'], {atMs: number; done: number; last: ProgressEvent}>()
  #phase: ProgressEvent['phase'] | undefined

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  take(event: ProgressEvent): void {
    const {phase, unit, done} = event
    const start = this.#starts.get(phase)
    // The same phase of another piece of work begins anew.
    if (start?.last.unit === unit && start.last.done <= done) start.last = event
    else this.#starts.set(phase, {atMs: this.#monotonic(), done, last: event})
    this.#phase = phase
  }

  /** Undefined until it means something: after half a second with something done. */
  perSecond(): number | undefined {
    const start = this.#phase && this.#starts.get(this.#phase)
    if (!start) return undefined
    const elapsedMs = this.#monotonic() - start.atMs
    const done = start.last.done - start.done
    return elapsedMs < 500 || done <= 0 ? undefined : (1000 * done) / elapsedMs
  }

  secondsLeft({done, total}: ProgressEvent): number | undefined {
    const rate = this.perSecond()
    return rate === undefined || total === undefined ? undefined : Math.max(0, total - done) / rate
  }
}

interface Bar {
  start(total: number, value: number, payload: object): void
  setTotal(total: number): void
  update(value: number, payload: object): void
  stop(): void
}

function barProgress({messages, drawing = messages, monotonic, soon = false}: ProgressPlace): Progress {
  const pace = new Pace(monotonic)
  const from = monotonic() + FIRST_MS / 4
  let make: (() => Bar) | undefined
  let bar: Bar | undefined
  let last: ProgressEvent | undefined
  let loading = false
  let stopped = false
  const show = (): void => {
    if (last === undefined || stopped || monotonic() < from) return
    const {total, done} = last
    const value = total === undefined ? 0 : done
    const payload = {
      line: cutTo(visibleName(describe(last, pace)), Math.max(20, (messages.columns ?? 80) - BAR_SIZE - 2)),
    }
    if (bar === undefined) {
      if (make === undefined) return load()
      bar = make()
      bar.start(total ?? 1, value, payload)
      return
    }
    bar.setTotal(total ?? 1)
    bar.update(value, payload)
  }
  const load = (): void => {
    if (loading) return
    loading = true
    loadBar(drawing)
      .then((made) => {
        make = made
        show()
      })
      .catch(() => undefined) // Without a bar the work goes on all the same.
  }
  const clear = (): void => {
    bar?.stop()
    bar = undefined
  }
  if (soon) load()
  return {
    sink: (event) => {
      pace.take(event)
      last = event
      show()
    },
    clear,
    stop: () => {
      stopped = true
      clear()
    },
  }
}

async function loadBar(drawing: Output): Promise<() => Bar> {
  const {default: cliProgress} = await import('cli-progress')
  const options = {
    format: '{bar} {line}',
    stream: drawing as NodeJS.WritableStream,
    barsize: BAR_SIZE,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // Signals are the business of interrupts.ts.
    linewrap: false,
  }
  return () => new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic) as Bar
}
