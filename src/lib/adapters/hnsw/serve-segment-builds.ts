import {workerData} from 'node:worker_threads'
import {serveThread} from '../../kernel/threads/serve-thread.js'
import type {VectorBlock} from '../../model/embedding.js'
import {indexBuildFailed} from '../../model/errors/store/index-files.js'
import {RagError, reasonOf} from '../../model/errors/rag-error.js'
import {NativeGate} from './native-gate.js'
import {loadNativeModule} from './native-index.js'
import {SegmentWriter, type SegmentPlan} from './segment-writer.js'

/** One build at a time: `start`, `add` as often as needed, `finish`. After a failure nothing is accepted until the next `start`. */
export type BuildService = {
  readonly start: (plan: SegmentPlan) => Promise<void>
  readonly add: (block: VectorBlock) => Promise<void>
  readonly finish: (request: undefined) => Promise<{count: number}>
}

/** `workerData` of the thread: the gate that its native calls pass. */
export interface BuildThreadData {
  readonly gate: SharedArrayBuffer
}

/**
 * Serves a `BuildLane`. Called by the worker's entry file. `free` gives the memory of arrays back that were indexed.
 */
export function serveSegmentBuilds({free}: {readonly free: (...arrays: ArrayBufferView[]) => void}): void {
  const gate = new NativeGate((workerData as BuildThreadData).gate)
  let current: {readonly path: string; readonly writer: SegmentWriter} | undefined
  const end = (): void => {
    current?.writer.release()
    current = undefined
  }
  const inHand = (): SegmentWriter => {
    if (!current) throw indexBuildFailed('', 'it was not started, or has failed before')
    return current.writer
  }
  const guarded = async <T>(path: string, work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      end()
      throw error instanceof RagError ? error : indexBuildFailed(path, reasonOf(error), error)
    }
  }
  const service: BuildService = {
    start: (plan) =>
      guarded(plan.path, async () => {
        // The owner may have failed the build before without this thread knowing.
        end()
        const native = await loadNativeModule()
        current = {path: plan.path, writer: new SegmentWriter(native, plan, gate)}
      }),
    add: (block) =>
      guarded(current?.path ?? '', () => {
        inHand().add(block)
        free(block.seqs, block.vectors)
      }),
    finish: () =>
      guarded(current?.path ?? '', async () => {
        const writer = inHand()
        current = undefined
        return writer.finish()
      }),
  }
  serveThread(service)
}
