import {Worker} from 'node:worker_threads'
import {reasonOf} from '../model/errors.js'
import {workerStopped} from './errors.js'
import type {Lanes} from './lanes.js'
import type {Reply, Task} from './lsa-tasks.js'
import type {WorkerAnswer} from './serve-lsa-worker.js'

interface Pending {
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: Error) => void
}

interface Lane {
  readonly worker: Worker
  readonly pending: Map<number, Pending>
  failure: Error | undefined
}

/**
 * Starts `count` workers. Each says the fingerprint of its analyser first; one that differs from `fingerprint` fails all
 * tasks, since its terms would not be those of this thread. When a worker stops, its pending and later tasks are rejected.
 */
export function workerLanes(url: URL, count: number, fingerprint: string): Lanes {
  const lanes = Array.from({length: Math.max(1, count)}, () => startLane(url, fingerprint))
  let lastId = 0
  const send = <T extends Task>(lane: Lane, task: T): Promise<Reply<T>> =>
    new Promise((resolve, reject) => {
      if (lane.failure !== undefined) return reject(lane.failure)
      const id = ++lastId
      lane.pending.set(id, {resolve: resolve as (reply: unknown) => void, reject})
      lane.worker.postMessage({id, task})
    })
  return {
    count: lanes.length,
    run: (task) => send(leastBusy(lanes), task),
    everywhere: async (task) => {
      await Promise.all(lanes.map((lane) => send(lane, task)))
    },
    close: async () => {
      for (const lane of lanes) fail(lane, workerStopped('it was closed'))
      await Promise.all(lanes.map(({worker}) => worker.terminate()))
    },
  }
}

const leastBusy = (lanes: readonly Lane[]): Lane =>
  lanes.reduce((best, lane) => (lane.pending.size < best.pending.size ? lane : best))

function startLane(url: URL, fingerprint: string): Lane {
  const lane: Lane = {worker: new Worker(url), pending: new Map(), failure: undefined}
  lane.worker.on('message', (answer: WorkerAnswer) => {
    if (answer.type === 'ready') {
      if (answer.fingerprint === fingerprint) return
      fail(lane, workerStopped(`it analyses text by "${answer.fingerprint}", not by "${fingerprint}"`))
      return
    }
    const waiting = lane.pending.get(answer.id)
    lane.pending.delete(answer.id)
    if (answer.type === 'done') waiting?.resolve(answer.reply)
    else waiting?.reject(workerStopped(answer.reason))
  })
  lane.worker.on('messageerror', (error) => fail(lane, workerStopped(reasonOf(error), error)))
  lane.worker.on('error', (error) => fail(lane, workerStopped(reasonOf(error), error)))
  lane.worker.on('exit', (code) => fail(lane, workerStopped(`it ended with code ${code}`)))
  return lane
}

/** The first failure counts: what follows it (the exit after an error) says less. */
function fail(lane: Lane, failure: Error): void {
  lane.failure ??= failure
  for (const {reject} of lane.pending.values()) reject(lane.failure)
  lane.pending.clear()
}
