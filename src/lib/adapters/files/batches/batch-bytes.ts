import {readingInterrupted} from '../../../model/errors/program/interruption.js'
import {read} from 'node:fs'
import type {BatchFile} from '../../../ports/files/batch-files.js'
import {inputError} from '../system-errors.js'
import {packingOf, unpacked, type ReadHow} from './unpacked.js'

const READ_BYTES = 1024 ** 2

export interface Reading extends ReadHow {
  readonly path: string
  readonly descriptor: number
  readonly signal: AbortSignal | undefined
}

/** The bytes as they lie there, by position: two readers of one file don't disturb each other. */
export async function* bytesOf({
  path,
  descriptor,
  to = Infinity,
  inPlace = false,
  signal,
}: Reading): AsyncGenerator<Uint8Array> {
  let at = 0
  let buffer = new Uint8Array(Math.min(READ_BYTES, to))
  while (at < to) {
    if (signal?.aborted) throw readingInterrupted(path)
    const room = buffer.subarray(0, Math.min(buffer.length, to - at))
    const bytesRead = await readAt(descriptor, room, at).catch((error: unknown) => {
      throw inputError(path, error)
    })
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
    if (!inPlace) buffer = new Uint8Array(buffer.length)
  }
}

/**
 * A file that another thread of this process has opened, and closes: only after this one has stopped reading. Its bytes are those that
 * `BatchFile.read` gives there.
 */
export function batchOfDescriptor({
  path,
  absolutePath,
  descriptor,
}: {
  readonly path: string
  readonly absolutePath: string
  readonly descriptor: number
}): Pick<BatchFile, 'absolutePath' | 'isPacked' | 'read'> {
  return {
    absolutePath,
    isPacked: async () =>
      (await packingOf((how) => bytesOf({path, descriptor, signal: undefined, ...how}))) !== undefined,
    read: (signal) => unpacked(path, (how) => bytesOf({path, descriptor, signal, ...how}), {signal}),
  }
}

function readAt(descriptor: number, room: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, room, 0, room.length, at, (error, bytesRead) => {
      if (error) reject(error)
      else resolve(bytesRead)
    })
  })
}
