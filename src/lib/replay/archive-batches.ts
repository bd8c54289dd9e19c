import type {ReplayRequest} from '../model/operations/replay.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {ReplayedFile} from './replay-file.js'
import type {Done} from './replay-report.js'

/**
 * Files of which everything is safe go where they are kept, also those of an earlier call that ended before it could move them. What was
 * written since it was loaded stays.
 */
export async function archiveBatches(
  files: BatchFiles,
  {archive: to}: ReplayRequest,
  {done, before}: {readonly done: Done; readonly before: readonly string[]},
): Promise<void> {
  if (!to) return
  const how = {compress: to.compress === true}
  for (const path of before) await files.archive(path, to.dir, how)
  for (const file of done.files) {
    if (!file.whole || !(await isAsLoaded(files, file))) continue
    const archivedAs = await files.archive(file.file, to.dir, how)
    Object.assign(file, {archivedAs})
  }
}

async function isAsLoaded(
  files: BatchFiles,
  {file: path, sizeBytes, mtimeMs}: ReplayedFile,
): Promise<boolean> {
  const file = await files.open(path).catch(() => undefined)
  await file?.close()
  return file?.sizeBytes === sizeBytes && file.mtimeMs === mtimeMs
}
