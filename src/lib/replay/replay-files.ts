import {replayFile, type ReplayedFile, type ReplaySet} from './replay-file.js'
import {ReplayProgress} from './replay-progress.js'
import {isAbout} from '../model/errors.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Done} from './replay-report.js'
import type {EngineReplayTools} from './open-replay-tools.js'
import {refusedFile} from './settled-files.js'

export interface AllFiles {
  readonly tools: EngineReplayTools
  readonly set: ReplaySet
  readonly paths: readonly string[]
}

/** Loads files one after the other; what is wrong with one is told of it, and the next is taken. Closes the tools. */
export async function replayFiles({tools, set, paths}: AllFiles, call: CallOptions): Promise<Done> {
  const done: ReplayedFile[] = []
  const progress = call.onProgress && (await ReplayProgress.over(paths, tools.files, call.onProgress))
  const fileCall = progress ? {...call, onProgress: progress.inFile} : call
  try {
    for (const path of paths) {
      if (call.signal?.aborted) break
      const replayed = await oneFile(tools, path, set, fileCall)
      done.push(replayed)
      progress?.finishFile(replayed.records)
      if (set.rules.strict && replayed.error) break
    }
  } finally {
    // Hashes of a large set take room that building the index can use.
    set.seen.clear()
    await tools.close()
  }
  return {files: done, interrupted: call.signal?.aborted === true}
}

async function oneFile(
  tools: EngineReplayTools,
  path: string,
  set: ReplaySet,
  call: CallOptions,
): Promise<ReplayedFile> {
  try {
    const file = await tools.files.open(path)
    try {
      await tools.begin(file, call.signal)
      return await replayFile(tools, file, set, call)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!isAbout(error, 'batch')) throw error
    return refusedFile(path, error)
  }
}
