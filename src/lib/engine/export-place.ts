import {requireOwnFolder, type Claim} from '../artifacts/export/export-place.js'
import type {ExportManifest} from '../artifacts/export/export-manifest.js'
import type {ExportFolder} from '../ports/files/export-folder.js'
import type {Environment} from './environment.js'
import {waitFor} from './wait-for.js'

/** A folder that nobody else writes to until it is closed. */
export interface ExportPlace {
  readonly folder: ExportFolder
  /** What is there. */
  readonly before: ExportManifest | undefined
  close(): void
}

export async function exportFolderOf(dir: string): Promise<ExportFolder> {
  return (await import('../adapters/files/batches/export-folder.js')).createExportFolder(dir)
}

/**
 * Opens a folder for batches to leave to, when it is the corpus's own, and makes it when it is missing.
 * @throws RagError USAGE | BATCH_DAMAGED | STORE_NEWER, and nothing was touched | STORE_BUSY | STORE_READ_ONLY | STORE_UNUSABLE | DISK_FULL
 */
export async function openExportPlace(
  env: Environment,
  folder: ExportFolder,
  claim: Claim,
  signal?: AbortSignal,
): Promise<ExportPlace> {
  const tools = {folder, digest: env.digest}
  await requireOwnFolder(tools, claim)
  await folder.make()
  const {lockFile} = await import('../adapters/sqlite/folder-lock.js')
  await folder.requireWritable()
  const close = await waitFor(
    env,
    'STORE_BUSY',
    () => lockFile(folder.lockPath, 'exclusive', 'the folder'),
    signal,
  )
  try {
    // Another process may have had it until now.
    return {folder, before: await requireOwnFolder(tools, claim), close}
  } catch (error) {
    close()
    throw error
  }
}
