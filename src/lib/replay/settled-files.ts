import type {RagError} from '../model/errors/rag-error.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {ReplayedFile} from './replay-file.js'

/** Of files that are not to be read at all, and why. */
export const refusedFiles = (refused: ReadonlyMap<string, RagError>): readonly ReplayedFile[] =>
  [...refused].map(([path, error]) => refusedFile(path, error))

/** What became of a file that can't be taken. */
export function refusedFile(path: string, {code, message}: RagError): ReplayedFile {
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
  outOfDate: readonly (readonly [path: string, records: number])[],
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
