import {parseJson} from '../../model/parse-json.js'
import type {BackupFile} from '../../model/operations/backup.js'
import {restoreInterrupted} from '../../model/errors/program/interruption.js'
import {reasonOf} from '../../model/errors/rag-error.js'
import {backupChanged} from '../../model/errors/store/restore.js'
import type {ArtifactFiles} from '../../ports/files/artifact-files.js'
import type {BackupFolder, FileCopier, TextFiles} from '../../ports/files/backup-folder.js'
import type {Lease} from '../../ports/store/lease.js'
import type {StoreSnapshots} from '../../ports/store/store-snapshots.js'
import type {ProgressSink} from '../../ports/surroundings.js'
import type {CheckedBackup} from './check-backup.js'

export interface RestoreTools {
  readonly folder: BackupFolder
  /** Of the store to restore into. */
  readonly snapshots: StoreSnapshots
  readonly copier: FileCopier
  readonly texts: TextFiles
  readonly targets: Readonly<Record<'index' | 'model', ArtifactFiles>>
  /** For the copy of the database, below the data folder. */
  readonly staging: ArtifactFiles
}

export interface RestoreJob {
  /** Of the whole store. */
  readonly lease: Lease
  readonly configFile: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}

/** Where the copy of the database is made ready, below the data folder. */
export const RESTORE_FOLDER = 'restore'

interface Renamed {
  readonly kind: 'index' | 'model'
  readonly from: string
  readonly to: string
}

/**
 * Restores a backup that was found whole into a store whose lease is held. First the index and model files, under names that are
 * free: those in use stay as they are. Then the database, in one step: before it the store is the old one, after it the new.
 * What the old one alone named is an orphan then, and is the caller's to vacuum.
 * @returns notes for a person
 * @throws RagError BACKUP_DAMAGED | DISK_FULL | STORE_READ_ONLY | STORE_UNUSABLE | STORE_BUSY | INTERRUPTED
 */
export async function restoreStore(
  tools: RestoreTools,
  backup: CheckedBackup,
  job: RestoreJob,
): Promise<readonly string[]> {
  await tools.staging.vacuum(RESTORE_FOLDER, new Set())
  try {
    const renamed = await placeFiles(tools, backup, job)
    const database = await bring(tools, backup.database, {
      files: tools.staging,
      name: `${RESTORE_FOLDER}/rag.db`,
    })
    await tools.snapshots.putInPlace(tools.staging.path(database), {
      lease: job.lease,
      renamed,
      signal: job.signal,
      onBytes: (done, total) => job.onProgress?.({phase: 'copy', done, total, unit: 'bytes'}),
    })
    // From here on the store is the new one, and no failure may say otherwise.
    return await placeConfig(tools, backup, job).catch((error: unknown) => [
      `config.json was not restored: ${reasonOf(error)}`,
    ])
  } finally {
    await tools.staging.vacuum(RESTORE_FOLDER, new Set())
  }
}

async function placeFiles(
  tools: RestoreTools,
  {files}: CheckedBackup,
  {signal, onProgress}: RestoreJob,
): Promise<readonly Renamed[]> {
  const renamed: Renamed[] = []
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  let done = 0
  for (const file of files) {
    if (file.kind !== 'index' && file.kind !== 'model') continue
    if (signal?.aborted) throw restoreInterrupted()
    const target = tools.targets[file.kind]
    const isThere = (await target.check({...file, file: file.name})).ok
    const name = isThere ? file.name : await bring(tools, file, {files: target, name: file.name})
    if (name !== file.name) renamed.push({kind: file.kind, from: file.name, to: name})
    done += file.sizeBytes
    onProgress?.({phase: 'copy', done, total, unit: 'bytes'})
  }
  return renamed
}

/** The name under which it was copied in. */
async function bring(
  {copier, folder}: RestoreTools,
  file: BackupFile,
  {files, name}: {readonly files: ArtifactFiles; readonly name: string},
): Promise<string> {
  const source = {path: folder.files.path(file.file), expected: file}
  const copied = await copier.copyInto(files, source, name)
  if ('sealed' in copied) return copied.sealed.file
  throw backupChanged(source.path, copied.problem)
}

/**
 * Settings stay as they are where there are any: they belong to the place, not to the documents. The folder of the index files is
 * never restored: two stores must not share one.
 */
async function placeConfig(
  {folder, texts}: RestoreTools,
  {files}: CheckedBackup,
  {configFile}: RestoreJob,
): Promise<readonly string[]> {
  const config = files.find(({kind}) => kind === 'config')
  if (!config || (await texts.read(configFile)) !== undefined) return []
  const text = (await texts.read(folder.files.path(config.file))) ?? ''
  const {index_dir: indexDir, ...settings} = parseSettings(text)
  await texts.replace(configFile, indexDir === undefined ? text : `${JSON.stringify(settings, null, 2)}\n`)
  return indexDir === undefined
    ? []
    : ['config.json was restored without "index_dir": two stores must not share a folder of index files.']
}

function parseSettings(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parseJson(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? {...value} : {}
  } catch {
    return {}
  }
}
