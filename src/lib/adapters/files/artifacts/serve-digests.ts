import {createHash} from 'node:crypto'
import {closeSync, fstatSync, openSync, readSync} from 'node:fs'
import {serveThread} from '../../../kernel/threads/serve-thread.js'
import type {FileDigest} from './artifact-digest.js'

const READ_BYTES = 1 << 20

export interface DigestRequest {
  readonly path: string
  readonly expectedBytes: number
}

export type DigestService = {readonly digest: (request: DigestRequest) => FileDigest}

/** Serves a `DigestThread`. Called by the worker's entry file. */
export function serveDigests(): void {
  const buffer = new Uint8Array(READ_BYTES)
  const service: DigestService = {digest: (request) => digest(request, buffer)}
  serveThread(service)
}

/** Nothing else is done in this thread, so nothing is read ahead. Throws the system's error. */
function digest({path, expectedBytes}: DigestRequest, buffer: Uint8Array): FileDigest {
  const file = openSync(path, 'r')
  try {
    const {size} = fstatSync(file)
    if (size !== expectedBytes) return {sizeBytes: size, sha256: ''}
    const hash = createHash('sha256')
    let position = 0
    for (;;) {
      const count = readSync(file, buffer, 0, READ_BYTES, position)
      if (count === 0) return {sizeBytes: position, sha256: hash.digest('hex')}
      hash.update(buffer.subarray(0, count))
      position += count
    }
  } finally {
    closeSync(file)
  }
}
