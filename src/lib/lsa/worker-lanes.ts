import {lsaWorkerStopped} from '../model/errors/model/learned-model.js'
import {WorkerThread} from '../kernel/threads/worker-thread.js'
import type {Lanes} from './lanes.js'
import type {Reply, Task} from './lsa-tasks.js'
import type {LsaService} from './serve-lsa-worker.js'

type Lane = WorkerThread<LsaService>

/**
 * Starts `count` worker threads. One whose analyser has another fingerprint than `analyser` rejects all tasks, as its terms would not be
 * those of this thread; one that has ended rejects its pending and later ones.
 */
export function workerLanes(url: URL, count: number, analyser: string): Lanes {
  const lanes = Array.from({length: Math.max(1, count)}, () => startLane(url))
  const run = async <T extends Task>(lane: Lane, task: T): Promise<Reply<T>> =>
    (await lane.call('run', {task, analyser})) as Reply<T>
  return {
    count: lanes.length,
    run: (task) => run(leastBusy(lanes), task),
    everywhere: async (task) => {
      await Promise.all(lanes.map((lane) => run(lane, task)))
    },
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}

const startLane = (url: URL): Lane =>
  new WorkerThread({url, what: 'A worker of the LSA model', ended: lsaWorkerStopped})

const leastBusy = (lanes: readonly Lane[]): Lane =>
  lanes.reduce((best, lane) => (lane.load < best.load ? lane : best))
