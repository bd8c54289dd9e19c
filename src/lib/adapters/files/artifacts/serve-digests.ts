import {createHash} from 'node:crypto'
import {closeSync, fstatSync, openSync, readSync} from 'node:fs'
import {parentPort} from 'node:worker_threads'
import {reasonOf} from '../../../model/errors.js'
import type {FileDigest} from './artifact-digest.js'
import type {DigestReply, DigestRequest} from './digest-thread.js'

const READ_BYTES = 1 << 20

/** Serves digests, one after the other, to the thread that started this one. Called by the worker's entry file. */
export function serveDigests(): void {
  if (!parentPort) throw new Error('serveDigests runs in a worker thread only')
  const port = parentPort
  const buffer = new Uint8Array(READ_BYTES)
  port.on('message', (request: DigestRequest) => port.postMessage(answer(request, buffer)))
}

function answer({id, path, expectedBytes}: DigestRequest, buffer: Uint8Array): DigestReply {
  try {
    return {id, kind: 'digest', ...digest(path, expectedBytes, buffer)}
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? {code: String(error.code)} : {}
    return {id, kind: 'failed', message: reasonOf(error), ...code}
  }
}

/** Nothing else is done in this thread, so nothing is read ahead. */
function digest(path: string, expectedBytes: number, buffer: Uint8Array): FileDigest {
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
