import type {ProgressEvent} from '../model/progress.js'

export interface Clock {
  /** Milliseconds since 1970, UTC. May go backwards when the machine's clock is set. */
  now(): number
  /** Milliseconds that never go back; only differences mean something. */
  monotonic(): number
}

export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  /** Something a person should know; the command goes on. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

export type ProgressSink = (event: ProgressEvent) => void

/** Hashing, so that stages need no `node:crypto`. Lower-case hex. */
export interface Digest {
  sha256(data: string | Uint8Array): string
  /** A name for what was computed from these parts, of 256 bits: BLAKE2b over their JSON, whose order is that of the parts. */
  key(parts: readonly unknown[]): string
}
