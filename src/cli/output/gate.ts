import {once} from 'node:events'
import {StringDecoder} from 'node:string_decoder'
import {Writable} from 'node:stream'
import {knownSecrets} from '../../lib/index.js'
import type {Output} from '../surroundings.js'
import {withStyles} from './screen.js'
import {visible, visibleButColours} from './visible.js'

/**
 * The way of everything that a command writes. On a terminal no character passes that it would act on, but for styles of our own, which are
 * put in afterwards. Nothing else in the command line writes to a stream (eslint holds that).
 */
export interface Gate {
  /** Text for people, on standard output: made visible on pipes and in files too. */
  readonly text: Output
  /** Data, on standard output: as it is, unless that is a terminal. */
  readonly data: Output
  /** Messages, progress and log lines, on standard error: always made visible, for logs are read on terminals; without secrets. */
  readonly messages: Output
  /** Standard error for what draws with control sequences. Its text passes `visible` before. */
  readonly drawing: Output
  /** Data, not faster than the reader takes it. */
  writeBytes(bytes: Uint8Array): Promise<void>
}

/** The streams of a process, asked for when something is written: each takes milliseconds to set up. */
export interface Streams {
  readonly stdout: Output
  readonly stderr: Output
}

export function openGate(streams: Streams): Gate {
  const stdout = (): Output => streams.stdout
  const stderr = (): Output => streams.stderr
  const decoder = new StringDecoder()
  const data = outputOf(stdout, (chunk) => {
    if (streams.stdout.isTTY === true) return shown(typeof chunk === 'string' ? chunk : decoder.write(chunk))
    return typeof chunk === 'string' ? withStyles(chunk) : chunk
  })
  return {
    text: outputOf(stdout, (chunk) => shown(String(chunk))),
    data,
    messages: outputOf(stderr, (chunk) => shown(knownSecrets.mask(String(chunk)))),
    drawing: outputOf(stderr, (chunk) => chunk),
    async writeBytes(bytes) {
      if (!data.write(bytes) && streams.stdout instanceof Writable) await once(streams.stdout, 'drain')
    },
  }
}

const shown = (text: string): string => withStyles(visible(text))

type Chunk = string | Buffer

function outputOf(stream: () => Output, pass: (chunk: Chunk) => Chunk): Output {
  return {
    get isTTY() {
      return stream().isTTY === true
    },
    get columns() {
      return stream().columns
    },
    write: (chunk: Chunk) => writeTo(stream(), pass(chunk)),
  } as Output
}

/** How a guarded stream is written to by the gate itself. */
const unguarded = new WeakMap<Output, (chunk: Chunk) => boolean>()

function writeTo(stream: Output, chunk: Chunk): boolean {
  const write = unguarded.get(stream)
  return write ? write(chunk) : stream.write(chunk)
}

/**
 * Guards a terminal for what is written past a gate: help of the frame, a word of a package. Colours pass, other control characters are
 * made visible.
 */
export function guardTerminal(stream: Output): void {
  if (stream.isTTY !== true || unguarded.has(stream)) return
  const write = stream.write.bind(stream) as (chunk: Chunk, ...more: unknown[]) => boolean
  unguarded.set(stream, (chunk) => write(chunk))
  const decoder = new StringDecoder()
  const guarded = (chunk: Chunk, ...more: unknown[]): boolean =>
    write(
      visibleButColours(typeof chunk === 'string' ? chunk : decoder.write(chunk)),
      ...more.filter((one) => typeof one === 'function'),
    )
  Object.assign(stream, {write: guarded})
}
