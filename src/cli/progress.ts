import type {ProgressEvent, ProgressSink} from '../lib/index.js'
import {showBytes, showCount, showDuration} from './human.js'
import type {Output} from './surroundings.js'

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
  readonly stderr: Output
  readonly quiet: boolean
  /** Milliseconds that never go back. */
  readonly monotonic: () => number
}

/** Nothing is shown of what takes less. */
const FIRST_MS = 2000
/** On a pipe: a line about as often. */
const EVERY_MS = 3000

const WORDS: Readonly<Record<ProgressEvent['phase'], string>> = {
  scan: 'scanning',
  read: 'reading',
  fit: 'fitting the model',
  embed: 'embedding',
  index: 'indexing',
  delete: 'deleting',
  compact: 'compacting',
  check: 'checking',
  copy: 'copying',
}

/** A bar on a terminal, a plain line every few seconds on a pipe, nothing when quiet. */
export function makeProgress(place: ProgressPlace): Progress {
  if (place.quiet) return {sink: () => undefined, clear: () => undefined, stop: () => undefined}
  return place.stderr.isTTY === true ? barProgress(place) : lineProgress(place)
}

/** Lines for pipes and logs: the first after two seconds, then one about every three. */
export function lineProgress({stderr, monotonic}: ProgressPlace): Progress {
  const pace = new Pace(monotonic)
  let next = monotonic() + FIRST_MS
  return {
    sink: (event) => {
      pace.take(event)
      const now = monotonic()
      if (now < next) return
      next = now + EVERY_MS
      stderr.write(`rag: ${describe(event, pace)}\n`)
    },
    clear: () => undefined,
    stop: () => undefined,
  }
}

/** One line about an event: phase, count, share, rate and time left, as far as they are known. */
export function describe(event: ProgressEvent, pace: Pace): string {
  const {done, total, unit} = event
  const show = (n: number): string => (unit === 'bytes' ? showBytes(n) : showCount(n))
  const what = unit === 'bytes' ? '' : ` ${unit}`
  const count = total === undefined ? show(done) + what : `${show(done)} of ${show(total)}${what}`
  const parts = [`${WORDS[event.phase]}: ${count}`]
  if (total !== undefined && total > 0) parts.push(`${Math.floor((100 * done) / total)} %`)
  const rate = pace.perSecond()
  if (rate !== undefined) parts.push(`${show(Math.round(rate))} a second`)
  const left = pace.secondsLeft(event)
  if (left !== undefined && left >= 1) parts.push(`${showDuration(left)} left`)
  return parts.join(', ')
}

/** The speed within the phase now running. */
export class Pace {
  readonly #monotonic: () => number
  #phase: ProgressEvent['phase'] | undefined
  #startMs = 0
  #startDone = 0
  #done = 0

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  take(event: ProgressEvent): void {
    if (event.phase !== this.#phase) {
      this.#phase = event.phase
      this.#startMs = this.#monotonic()
      this.#startDone = event.done
    }
    this.#done = event.done
  }

  /** Undefined until it means something: after half a second with something done. */
  perSecond(): number | undefined {
    const elapsedMs = this.#monotonic() - this.#startMs
    const done = this.#done - this.#startDone
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

function barProgress({stderr, monotonic}: ProgressPlace): Progress {
  const pace = new Pace(monotonic)
  const from = monotonic() + FIRST_MS / 4
  let bar: Bar | undefined
  let loading = false
  let stopped = false
  const load = async (event: ProgressEvent): Promise<void> => {
    const {default: cliProgress} = await import('cli-progress')
    if (stopped) return
    const options = {
      format: '{bar} {line}',
      stream: stderr as NodeJS.WritableStream,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false, // Signals are the business of interrupts.ts.
      linewrap: false,
    }
    bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic) as Bar
    loading = false
    bar.start(event.total ?? 1, event.total === undefined ? 0 : event.done, {line: describe(event, pace)})
  }
  const clear = (): void => {
    bar?.stop()
    bar = undefined
  }
  return {
    sink: (event) => {
      pace.take(event)
      if (bar === undefined) {
        if (stopped || loading || monotonic() < from) return
        loading = true
        load(event).catch(() => undefined) // Without a bar the work goes on all the same.
        return
      }
      bar.setTotal(event.total ?? 1)
      bar.update(event.total === undefined ? 0 : event.done, {line: describe(event, pace)})
    },
    clear,
    stop: () => {
      stopped = true
      clear()
    },
  }
}
