import {parentPort} from 'node:worker_threads'
import {reasonOf} from '../model/errors.js'
import type {Analyser} from '../ports/analyser.js'
import {TaskRunner, type Reply, type Task} from './lsa-tasks.js'

/** What a worker says: first `ready`, then one answer a task. */
export type WorkerAnswer =
  | {readonly type: 'ready'; readonly fingerprint: string}
  | {readonly type: 'done'; readonly id: number; readonly reply: unknown}
  | {readonly type: 'failed'; readonly id: number; readonly reason: string}

/**
 * Serves the tasks of `createLsa` in a worker thread, one after the other. The analyser must be made as the one on the
 * main thread is: its fingerprint is compared. To be called in a worker thread only.
 */
export function serveLsaWorker(analyser: Analyser): void {
  const port = parentPort
  if (port === null) throw new Error('serveLsaWorker was called outside a worker thread')
  const runner = new TaskRunner(analyser)
  const say = (answer: WorkerAnswer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer)
  const answer = async ({id, task}: {readonly id: number; readonly task: Task}): Promise<void> => {
    try {
      const reply = await runner.run(task)
      say({type: 'done', id, reply}, buffersOf(reply))
    } catch (error) {
      say({type: 'failed', id, reason: reasonOf(error)})
    }
  }
  // In turn: a task may rely on what the one before it loaded.
  let last = Promise.resolve()
  port.on('message', (message: {readonly id: number; readonly task: Task}) => {
    last = last.then(() => answer(message))
  })
  say({type: 'ready', fingerprint: analyser.fingerprint})
}

/** What to hand over instead of copying. */
function buffersOf(reply: Reply<Task>): ArrayBuffer[] {
  if (reply === undefined) return []
  const arrays = 'terms' in reply ? [reply.starts, reply.ids, reply.frequencies] : reply
  return arrays.flatMap((array) => (array?.buffer instanceof ArrayBuffer ? [array.buffer] : []))
}
