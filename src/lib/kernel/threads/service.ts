/**
 * What a thread does, by name: each takes a request and a signal, which is aborted when nobody waits for the rest. It gives one reply
 * (`WorkerThread.call`), or yields parts (`WorkerThread.stream`). Requests, replies and parts are what can be sent between threads.
 * Declared as a `type`, and imported by the caller as a type alone.
 */
export type ThreadService = Readonly<Record<string, (request: never, signal: AbortSignal) => unknown>>

export type RequestOf<S extends ThreadService, Name extends keyof S> = Parameters<S[Name]>[0]

export type ReplyOf<S extends ThreadService, Name extends keyof S> = ReceivedOf<Awaited<ReturnType<S[Name]>>>

export type PartOf<S extends ThreadService, Name extends keyof S> =
  ReturnType<S[Name]> extends AsyncIterable<StreamPart<infer Part>> ? Part : never

type ReceivedOf<Reply> = Reply extends HandedOver<infer Value> ? Value : Reply

/** A reply whose memory is handed over instead of copied. */
export class HandedOver<Value> {
  readonly value: Value
  readonly transfer: readonly ArrayBuffer[]

  constructor(value: Value, transfer: readonly ArrayBuffer[]) {
    this.value = value
    this.transfer = transfer
  }
}

/** A part of a stream: what is sent, about how large it is, and the memory that is handed over instead of copied. */
export interface StreamPart<Part> {
  readonly part: Part
  readonly bytes: number
  readonly transfer?: readonly ArrayBuffer[] | undefined
}
