import {replayFile, type ReplayedFile, type ReplaySet} from './replay-file.js'
import {ReplayProgress} from './replay-progress.js'
import {isAbout} from '../model/errors.js'
import type {RagError} from '../model/errors/rag-error.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Done} from './replay-report.js'
import type {EngineReplayTools} from './open-replay-tools.js'

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

/** Of files that are not to be read at all, and why. */
export const refusedFiles = (refused: ReadonlyMap<string, RagError>): readonly ReplayedFile[] =>
  [...refused].map(([path, error]) => refusedFile(path, error))

function refusedFile(path: string, {code, message}: RagError): ReplayedFile {
  return {
    ...nothingOf(path),
    error: {code, message},
    whole: false,
    failures: [{source: path, code, message}],
  }
}

/** Files that are out of date by a later run beside them: nothing of them is taken in, and nothing is left to do. */
export async function passedOver(
  files: BatchFiles,
  outOfDate: ReadonlyMap<string, number>,
): Promise<readonly ReplayedFile[]> {
  const passed: ReplayedFile[] = []
  for (const [path, records] of outOfDate) {
    const stat = await files.stat(path)
    if (stat) passed.push({...nothingOf(path), ...stat, records, skipped: records, whole: true})
  }
  return passed
}

function nothingOf(file: string): Omit<ReplayedFile, 'whole'> {
  const none = {records: 0, inserted: 0, skipped: 0, duplicates: 0, failed: 0}
  return {file, ...none, isExported: false, sizeBytes: 0, mtimeMs: 0, failures: []}
}
