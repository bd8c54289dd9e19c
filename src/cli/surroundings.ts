import {createInterface} from 'node:readline'
import type {Readable, Writable} from 'node:stream'
import type {Rag, RagOptions} from '../lib/index.js'

/** A place to write to, and what it is: a terminal of some width, or a pipe or file. */
export type Output = Pick<Writable, 'write'> & {readonly isTTY?: boolean; readonly columns?: number}

/** Everything of the process that commands use, so that tests can put their own in its place. */
export interface Surroundings {
  readonly stdin: Readable & {readonly isTTY?: boolean}
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Opens the library. Loaded on first use, so that help and usage errors start no database. */
  openRag(options: RagOptions): Promise<Rag>
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Sets the exit code of the process, to be used when everything is written. */
  setExit(code: number): void
  /** Leaves at once. */
  exitNow(code: number): void
  onSignal(handler: () => void): void
  offSignal(handler: () => void): void
  /** A line that is typed on the terminal. */
  ask(): Promise<string>
}

/** The real process. */
export function processSurroundings(): Surroundings {
  return {
    // Each stream takes milliseconds to set up: only those that are used are touched.
    get stdin() {
      return process.stdin
    },
    get stdout() {
      return process.stdout
    },
    get stderr() {
      return process.stderr
    },
    now: () => Date.now(),
    env: process.env,
    cwd: process.cwd(),
    openRag: async (options) => (await import('../lib/index.js')).openRag(options),
    setExit: (code) => {
      process.exitCode = code
    },
    exitNow: (code) => process.exit(code),
    onSignal: (handler) => {
      process.on('SIGINT', handler)
      process.on('SIGTERM', handler)
    },
    offSignal: (handler) => {
      process.off('SIGINT', handler)
      process.off('SIGTERM', handler)
    },
    ask: () => lineTyped(),
  }
}

/** The terminal itself lets a line be edited: nothing is written here. */
async function lineTyped(): Promise<string> {
  const lines = createInterface({input: process.stdin})
  try {
    return await new Promise((resolve) => {
      lines.on('close', () => resolve(''))
      lines.once('line', resolve)
    })
  } finally {
    lines.close()
  }
}
