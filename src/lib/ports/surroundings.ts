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
  /** The first 256 bits of BLAKE2b-512. */
  blake2b256(data: string | Uint8Array): string
}
