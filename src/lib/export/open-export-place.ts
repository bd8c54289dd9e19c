import {requireOwnFolder, type Claim} from './export-place.js'
import type {ExportManifest} from './export-manifest.js'
import type {ExportFolder} from '../ports/files/export-folder.js'
import type {Services} from '../ports/services.js'
import {waitFor} from '../kernel/wait-for.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'clock' | 'digest' | 'files' | 'waitMs'>

/** A folder that nobody else writes to until it is closed. */
export interface ExportPlace {
  readonly folder: ExportFolder
  /** What is there. */
  readonly before: ExportManifest | undefined
  close(): void
}

/**
 * Opens a folder for batches to leave to, when it is the corpus's own, and makes it when it is missing.
 * @throws RagError USAGE | BATCH_DAMAGED | STORE_NEWER, and nothing was touched | STORE_BUSY | STORE_READ_ONLY | STORE_UNUSABLE | DISK_FULL
 */
export async function openExportPlace(
  services: Needs,
  folder: ExportFolder,
  claim: Claim,
  signal?: AbortSignal,
): Promise<ExportPlace> {
  const tools = {folder, digest: services.digest}
  await requireOwnFolder(tools, claim)
  await folder.make()
  await folder.requireWritable()
  const close = await waitFor(
    services,
    'STORE_BUSY',
    () => services.files.lock(folder.lockPath, 'exclusive', 'the folder'),
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
