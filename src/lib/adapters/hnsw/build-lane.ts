import {indexBuildFailed} from '../../model/errors/store/index-files.js'
import process from 'node:process'
import {WorkerThread} from '../../kernel/threads/worker-thread.js'
import {NativeGate} from './native-gate.js'
import type {BuildService, BuildThreadData} from './serve-segment-builds.js'

/** Gates of the threads that live: closed before the process ends, whoever ends it. */
const gates = new Set<NativeGate>()
let isWatching = false

function watchExit(): void {
  if (isWatching) return
  isWatching = true
  process.on('exit', () => {
    for (const gate of gates) gate.close()
  })
}

/** The graph is native memory. Blocks that were taken up shall soon be collected, which a larger heap puts off. */
const LIMITS = {maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 512}

/** A worker thread that does one build after the other. It is never ended inside a native call. */
export class BuildLane {
  readonly thread: WorkerThread<BuildService>
  /** The file of the build in hand, for the error of a thread that ends. */
  path = ''

  constructor(url: URL) {
    const gate = new NativeGate()
    watchExit()
    gates.add(gate)
    this.thread = new WorkerThread({
      url,
      what: 'The thread that builds an index',
      ended: (why, cause) => indexBuildFailed(this.path, why, cause),
      data: {gate: gate.buffer} satisfies BuildThreadData,
      limits: LIMITS,
      beforeTermination: () => gate.close(),
      onExit: () => {
        gates.delete(gate)
        gate.abandon()
      },
    })
  }
}
