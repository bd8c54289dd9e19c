import {parentPort, workerData} from 'node:worker_threads'
import {RagError, reasonOf} from '../../model/errors.js'
import type {BuildFailure, BuildReply, BuildRequest} from './build-messages.js'
import {buildBroken} from './errors.js'
import {NativeGate} from './native-gate.js'
import {loadNativeModule} from './native-index.js'
import {SegmentWriter} from './segment-writer.js'

/**
 * Serves builds, one after the other, to the thread that started this one. Called by the worker's entry file. `free` gives the memory of
 * arrays back that were taken up.
 */
export function serveSegmentBuilds({free}: {readonly free: (...arrays: ArrayBufferView[]) => void}): void {
  if (!parentPort) throw new Error('serveSegmentBuilds runs in a worker thread only')
  const port = parentPort
  const gate = new NativeGate((workerData as {readonly gate: SharedArrayBuffer}).gate)
  const reply = (message: BuildReply): void => port.postMessage(message)
  let current: {build: number; path: string; writer: SegmentWriter} | undefined
  let queue = Promise.resolve()

  const serve = async (request: BuildRequest): Promise<void> => {
    const {build} = request
    if (request.kind === 'start') {
      current = {
        build,
        path: request.plan.path,
        writer: new SegmentWriter(await loadNativeModule(), request.plan, gate),
      }
      reply({kind: 'started', build})
      return
    }
    if (current?.build !== build) return
    const {writer} = current
    if (request.kind === 'add') {
      const {seqs, vectors} = request.block
      const bytes = vectors.byteLength
      writer.add(request.block)
      free(seqs, vectors)
      reply({kind: 'added', build, bytes})
      return
    }
    current = undefined
    reply({kind: 'finished', build, ...(await writer.finish())})
  }

  const serveSafely = async (request: BuildRequest): Promise<void> => {
    try {
      await serve(request)
    } catch (error) {
      const path = request.kind === 'start' ? request.plan.path : (current?.path ?? '')
      current?.writer.release()
      current = undefined
      reply({kind: 'failed', build: request.build, ...failureOf(error, path)})
    }
  }
  port.on('message', (request: BuildRequest) => {
    queue = queue.then(() => serveSafely(request))
  })
}

function failureOf(error: unknown, path: string): BuildFailure {
  const known = error instanceof RagError ? error : buildBroken(path, reasonOf(error))
  return {
    code: known.code,
    message: known.message,
    ...(known.hint === undefined ? {} : {hint: known.hint}),
    ...(known.cause === undefined ? {} : {cause: reasonOf(known.cause)}),
  }
}
