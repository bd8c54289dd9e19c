import {learningInterrupted} from '../model/errors/program/interruption.js'
import type {Reply, Task, TaskRunner} from './lsa-tasks.js'

/** Where tasks are done. */
export interface Lanes {
  /** How many tasks run side by side. */
  readonly count: number
  /** Does a task on the least busy lane. @throws RagError EMBEDDER_UNREACHABLE when a worker stopped */
  run<T extends Task>(task: T): Promise<Reply<T>>
  /** Does a task on every lane. */
  everywhere(task: Task): Promise<void>
  close(): Promise<void>
}

/** One lane: the calling thread. For work that is done sooner than a worker starts. */
export function callingThread(runner: TaskRunner): Lanes {
  return {
    count: 1,
    run: (task) => runner.run(task),
    everywhere: async (task) => void (await runner.run(task)),
    close: async () => undefined,
  }
}

/**
 * Does all tasks, a few more under way than there are lanes. Tasks are drawn when there is room for them.
 * @throws RagError INTERRUPTED when `signal` is aborted; what a task throws. No task is under way then.
 */
export async function runAll<T extends Task>(
  lanes: Lanes,
  tasks: Iterable<T> | AsyncIterable<T>,
  options: {
    readonly signal?: AbortSignal | undefined
    readonly onDone?: (reply: Reply<T>, index: number) => void
  } = {},
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  let index = 0
  for await (const task of tasks) {
    const place = index++
    const job = lanes
      .run(task)
      .then((reply) => options.onDone?.(reply, place))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(job))
    underWay.add(job)
    if (underWay.size >= 2 * lanes.count) await Promise.race(underWay)
    if (failures.length > 0 || options.signal?.aborted === true) break
  }
  await Promise.all(underWay)
  if (failures.length > 0) throw failures[0]
  throwIfAborted(options.signal)
}

/** @throws RagError INTERRUPTED */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw learningInterrupted()
}
