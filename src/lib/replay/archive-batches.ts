import type {ReplayRequest} from '../model/operations/replay.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {ReplayedFile} from './replay-file.js'

/**
 * Files of which everything is safe go where they are kept, also those of an earlier call (`before`) that ended before it could move them.
 * What was written since it was loaded stays.
 */
export async function archiveBatches(
  files: BatchFiles,
  {dir, compress = false}: NonNullable<ReplayRequest['archive']>,
  done: readonly ReplayedFile[],
  before: readonly string[],
): Promise<void> {
  for (const path of before) await files.archive(path, dir, {compress})
  for (const file of done) {
    if (!file.whole || !(await isAsLoaded(files, file))) continue
    const archivedAs = await files.archive(file.file, dir, {compress})
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
