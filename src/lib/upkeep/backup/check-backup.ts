import type {BackupFile, BackupManifest} from '../../model/operations/backup.js'
import {restoreInterrupted} from '../../model/errors/program/interruption.js'
import {RagError, reasonOf} from '../../model/errors/rag-error.js'
import {backupDamaged, backupMissing} from '../../model/errors/store/restore.js'
import {storeNewer} from '../../model/errors/store/store.js'
import type {BackupFolder} from '../../ports/files/backup-folder.js'
import type {StoreSnapshots} from '../../ports/store/store-snapshots.js'
import type {Digest, ProgressSink} from '../../ports/surroundings.js'
import {parseManifest} from './backup-manifest.js'

export interface CheckTools {
  readonly folder: BackupFolder
  readonly snapshots: StoreSnapshots
  readonly digest: Digest
}

export interface CheckJob {
  /** Leave the index files out, damaged or not. */
  readonly noIndexes?: boolean | undefined
  /** The newest format of a store that can be restored. */
  readonly storeFormat: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}

/** A backup that was found whole: its manifest, and the files to be restored. */
export interface CheckedBackup {
  readonly manifest: BackupManifest
  readonly database: BackupFile
  readonly files: readonly BackupFile[]
}

/**
 * Reads every byte of a backup: manifest, sizes, SHA-256, the database's own checks, and whether it names what is there.
 * @throws RagError BACKUP_MISSING | BACKUP_DAMAGED | STORE_NEWER | INTERRUPTED
 */
export async function checkBackup(tools: CheckTools, job: CheckJob): Promise<CheckedBackup> {
  const {folder} = tools
  const text = await folder.readManifest()
  if (text === undefined)
    throw backupMissing(
      folder.path,
      (await folder.state()) === 'missing' ? 'there is no such folder' : 'there is no manifest in it',
    )
  const manifest = parseManifest(text, folder.path, tools.digest)
  if (manifest.storeFormat > job.storeFormat)
    throw storeNewer(folder.path, manifest.storeFormat, job.storeFormat)
  const files = manifest.files.filter(({kind}) => !job.noIndexes || kind !== 'index')
  const bad = await badFiles(tools, job, files)
  if (bad.length > 0)
    throw backupDamaged(
      folder.path,
      bad.map(({file, reason}) => `${file.file}: ${reason}`),
      bad.every(({file}) => file.kind === 'index'),
    )
  const database = files.find(({kind}) => kind === 'database')
  if (!database) throw backupDamaged(folder.path, ['it holds no database'], false)
  await checkDatabase(tools, manifest, database)
  return {manifest, database, files}
}

async function badFiles(
  {folder}: CheckTools,
  {signal, onProgress}: CheckJob,
  files: readonly BackupFile[],
): Promise<{readonly file: BackupFile; readonly reason: string}[]> {
  const bad: {file: BackupFile; reason: string}[] = []
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  let done = 0
  for (const file of files) {
    if (signal?.aborted) throw restoreInterrupted()
    const check = await checkFile(folder, file)
    if (!check.ok) bad.push({file, reason: check.reason})
    done += file.sizeBytes
    onProgress?.({phase: 'check', done, total, unit: 'bytes'})
  }
  return bad
}

async function checkFile(
  folder: BackupFolder,
  file: BackupFile,
): Promise<{ok: true} | {ok: false; reason: string}> {
  try {
    return await folder.files.check(file)
  } catch (error) {
    return {ok: false, reason: reasonOf(error)}
  }
}

async function checkDatabase(
  {folder, snapshots}: CheckTools,
  manifest: BackupManifest,
  database: BackupFile,
): Promise<void> {
  const path = folder.files.path(database.file)
  const faults: string[] = []
  try {
    faults.push(...(await snapshots.findFaults(path)))
    const facts = await snapshots.inspect(path)
    const there = new Set(
      [...manifest.files, ...manifest.leftOut].map(({sha256, sizeBytes}) => `${sizeBytes} ${sha256}`),
    )
    for (const {file, sizeBytes, sha256} of facts.files)
      if (!there.has(`${sizeBytes} ${sha256}`)) faults.push(`${file} is not in it`)
    if (JSON.stringify(facts.corpora) !== JSON.stringify(manifest.corpora))
      faults.push('its database holds other corpora than its manifest says')
  } catch (error) {
    if (error instanceof RagError && error.code === 'STORE_NEWER') throw error
    faults.push(reasonOf(error))
  }
  if (faults.length > 0) throw backupDamaged(folder.path, faults, false)
}
