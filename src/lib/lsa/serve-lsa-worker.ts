import {HandedOver} from '../kernel/threads/service.js'
import {serveThread} from '../kernel/threads/serve-thread.js'
import {lsaWorkerStopped} from '../model/errors/model/learned-model.js'
import {RagError, reasonOf} from '../model/errors/rag-error.js'
import type {Analyser} from '../ports/analyser.js'
import {TaskRunner, type Reply, type Task} from './lsa-tasks.js'

export interface TaskRequest {
  readonly task: Task
  /** Fingerprint of the analyser that made the other terms: those of another can't be compared with them. */
  readonly analyser: string
}

export type LsaService = {readonly run: (request: TaskRequest) => Promise<HandedOver<Reply<Task>>>}

/**
 * Serves the tasks of `createLsa` in a worker thread, one after the other: a task may rely on what the one before it loaded. The analyser
 * must be made as the one on the main thread is. Called by the worker's entry file.
 */
export function serveLsaWorker(analyser: Analyser): void {
  const runner = new TaskRunner(analyser)
  const service: LsaService = {
    run: async ({task, analyser: wanted}) => {
      if (wanted !== analyser.fingerprint)
        throw lsaWorkerStopped(`it analyses text by "${analyser.fingerprint}", not by "${wanted}"`)
      try {
        const reply = await runner.run(task)
        return new HandedOver(reply, buffersOf(reply))
      } catch (error) {
        throw error instanceof RagError ? error : lsaWorkerStopped(reasonOf(error), error)
      }
    },
  }
  serveThread(service)
}

/** What to hand over instead of copying. */
function buffersOf(reply: Reply<Task>): ArrayBuffer[] {
  if (reply === undefined) return []
  const arrays = 'terms' in reply ? [reply.starts, reply.ids, reply.frequencies] : reply
  return arrays.flatMap((array) => (array?.buffer instanceof ArrayBuffer ? [array.buffer] : []))
}
