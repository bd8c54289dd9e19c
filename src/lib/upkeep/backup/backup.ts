import {join} from 'node:path'
import {requireCorpus} from '../../corpus/require-corpus.js'
import {waitFor} from '../../kernel/wait-for.js'
import {
  backupInsideStore,
  noRoomForBackup,
  notABackupFolder,
  otherBackup,
  otherStore,
} from '../../model/errors/store/backup.js'
import {commitsLost} from '../../model/errors/store/store.js'
import {RagError} from '../../model/errors/rag-error.js'
import {backupInterrupted} from '../../model/errors/program/interruption.js'
import {corpusName} from '../../model/names.js'
import type {BackupFile, BackupManifest, BackupReport} from '../../model/operations/backup.js'
import type {CallOptions} from '../../model/operations/call.js'
import type {BackupFolder} from '../../ports/files/backup-folder.js'
import type {Services} from '../../ports/services.js'
import type {Clock} from '../../ports/surroundings.js'
import {backupAdapters, type BackupJob, type BackupTools} from './backup-job.js'
import {formatManifest, parseManifest, scopeName, wasBackup} from './backup-manifest.js'
import {takeSnapshot, type TakenSnapshot} from './take-snapshot.js'

/*
 * The whole of a backup: the folder is checked, made and locked; then the snapshot of the database and the files that it names, the settings, the
 * manifest, and the vacuum of what only the backup before named. `take-snapshot.ts` copies files.
 */

/** A state of the database is trusted when it was this old: the steps of a file system's clock are shorter. */
const SETTLED_MS = 2000

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'build'
  | 'clock'
  | 'dataDir'
  | 'digest'
  | 'files'
  | 'indexDir'
  | 'indexFiles'
  | 'modelFiles'
  | 'store'
  | 'waitMs'
>

/** What `Rag.backup` takes. */
export interface BackupOptions extends CallOptions {
  /** Only this corpus. */
  readonly corpus?: string | undefined
  /** Replace a backup of another store or of other corpora. */
  readonly force?: boolean | undefined
  /** Read the files that are there from before, and copy damaged ones anew. */
  readonly verify?: boolean | undefined
}

/** `Rag.backup`. */
export async function backup(services: Needs, dir: string, options: BackupOptions): Promise<BackupReport> {
  const corpus = options.corpus === undefined ? undefined : corpusName(options.corpus)
  const store = await services.store.read()
  if (corpus !== undefined) await requireCorpus(store, corpus)
  const {lock, ...adapters} = await backupAdapters(services, dir)
  const tools: BackupTools = {
    ...adapters,
    sources: {index: services.indexFiles, model: services.modelFiles},
    clock: services.clock,
    digest: services.digest,
  }
  const {signal, onProgress, force = false, verify = false} = options
  const job = {
    dataDir: services.dataDir,
    indexDir: services.indexDir,
    configFile: join(services.dataDir, 'config.json'),
    ragVersion: services.build.version,
    force,
    verify,
    ...(corpus === undefined ? {} : {corpus}),
    signal,
    onProgress,
  }
  await checkBackupPlace(tools, job)
  // What is gone here may be in the backup that is there.
  const lost = await store.lostCommits()
  if (lost && (await adapters.folder.readManifest()) !== undefined) throw commitsLost(services.dataDir, lost)
  await adapters.folder.make()
  const unlock = await waitFor(services, 'STORE_BUSY', () => lock('exclusive'), signal)
  try {
    return await writeBackup(tools, job)
  } finally {
    unlock()
  }
}

/** @throws RagError USAGE | BACKUP_DAMAGED | BACKUP_MISSING | STORE_NEWER when backups must not be made into the folder */
async function checkBackupPlace(tools: BackupTools, job: BackupJob): Promise<void> {
  const {folder} = tools
  for (const own of [job.dataDir, job.indexDir])
    if (await folder.isWithin(own)) throw backupInsideStore(folder.path, own)
  if ((await folder.state()) === 'foreign') throw notABackupFolder(folder.path)
  // Before its lock is taken, which leaves a file there.
  await previousBackup(tools, job)
}

/**
 * Makes a backup into a folder that `checkBackupPlace` has passed and whose lock is held: the database as it is at one instant, then
 * the index and model files which that names, at last the manifest. Files that are there from an earlier backup are not copied
 * again. At any instant the folder holds the backup before or the new one; others go on writing the store.
 * @throws RagError STORE_MISSING | CORPUS_MISSING | STORE_DAMAGED | STORE_BUSY | DISK_FULL | STORE_READ_ONLY | STORE_UNUSABLE |
 * INTERRUPTED | USAGE
 */
export async function writeBackup(tools: BackupTools, job: BackupJob): Promise<BackupReport> {
  const {folder, digest, clock} = tools
  const startMs = clock.monotonic()
  const previous = await previousBackup(tools, job)
  await vacuum(folder, previous?.files)
  try {
    const before = await tools.snapshots.state()
    const taken = await takeSnapshot(tools, job, {previous, state: before.text})
    refuseOtherStore(folder.path, {previous, taken, force: job.force === true})
    const config = await copyConfig(tools, job)
    const manifest: BackupManifest = {
      number: taken.number,
      createdAtMs: clock.now(),
      ragVersion: job.ragVersion,
      storeFormat: taken.facts.storeFormat,
      ...(job.corpus === undefined ? {} : {corpus: job.corpus}),
      dataDir: job.dataDir,
      ...(await settledState(tools, before.text)),
      corpora: taken.facts.corpora,
      files: [...taken.files, ...config],
      leftOut: taken.leftOut,
    }
    if (job.signal?.aborted) throw backupInterrupted()
    await folder.writeManifest(formatManifest(manifest, digest))
    await vacuum(folder, manifest.files)
    return reportOf(manifest, {taken, dir: folder.path, startMs, clock})
  } catch (error) {
    await vacuumAfterFailure(tools, previous)
    const isFull = error instanceof RagError && error.code === 'DISK_FULL'
    throw isFull ? noRoomForBackup(folder.path, previous !== undefined, error) : error
  }
}

/**
 * The backup in the folder. One whose manifest is damaged counts for none, but is not replaced without `force`.
 * @throws RagError USAGE for the manifest of another program, also with `force`
 */
async function previousBackup(
  {folder, digest}: BackupTools,
  {corpus, force}: BackupJob,
): Promise<BackupManifest | undefined> {
  const text = await folder.readManifest()
  if (text === undefined) return undefined
  let previous: BackupManifest
  try {
    previous = parseManifest(text, folder.path, digest)
  } catch (error) {
    if (!force) throw error
    // What is replaced by force must have been a backup.
    if (!wasBackup(text)) throw notABackupFolder(folder.path)
    return undefined
  }
  if (previous.corpus !== corpus && !force)
    throw otherBackup(folder.path, scopeName(previous.corpus), scopeName(corpus))
  return previous
}

/** A store that was lost and begun anew must not replace the backup of what was lost. */
function refuseOtherStore(
  dir: string,
  {
    previous,
    taken,
    force,
  }: {
    readonly previous: BackupManifest | undefined
    readonly taken: TakenSnapshot
    readonly force: boolean
  },
): void {
  if (force || previous === undefined || previous.corpora.length === 0) return
  const isKnown = previous.corpora.some((old) =>
    taken.facts.corpora.some((now) => now.corpus === old.corpus && now.createdAtMs === old.createdAtMs),
  )
  if (!isKnown)
    throw otherStore(
      dir,
      previous.corpora.map(({corpus}) => corpus),
    )
}

async function copyConfig(
  {copier, texts, folder}: BackupTools,
  {configFile}: BackupJob,
): Promise<readonly BackupFile[]> {
  if (((await texts.read(configFile)) ?? '') === '') return []
  const copied = await copier.copyInto(folder.files, {path: configFile}, 'data/config.json')
  return 'sealed' in copied ? [{kind: 'config', name: 'config.json', ...copied.sealed}] : []
}

async function settledState(
  {snapshots, clock}: BackupTools,
  before: string,
): Promise<{readonly state?: string | undefined}> {
  const {text, changedAtMs} = await snapshots.state()
  const settled = text === before && changedAtMs <= clock.now() - SETTLED_MS
  return settled ? {state: text} : {}
}

function vacuum(folder: BackupFolder, keep: readonly BackupFile[] = []): Promise<unknown> {
  return folder.files.vacuum('data', new Set(keep.map(({file}) => file)))
}

/** Which manifest is there is not known after some failures: files of either are kept. */
async function vacuumAfterFailure(
  {folder, digest}: BackupTools,
  previous: BackupManifest | undefined,
): Promise<void> {
  try {
    const text = await folder.readManifest()
    const there = text === undefined ? undefined : parseManifest(text, folder.path, digest)
    await vacuum(folder, [...(previous?.files ?? []), ...(there?.files ?? [])])
  } catch {
    // Then nothing is removed now; the next backup does it.
  }
}

function reportOf(
  manifest: BackupManifest,
  {
    taken,
    dir,
    startMs,
    clock,
  }: {readonly taken: TakenSnapshot; readonly dir: string; readonly startMs: number; readonly clock: Clock},
): BackupReport {
  const {number, createdAtMs, corpus, corpora, files, leftOut} = manifest
  return {
    dir,
    number,
    createdAtMs,
    ...(corpus === undefined ? {} : {corpus}),
    corpora,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    copiedFiles: taken.copiedFiles,
    copiedBytes: taken.copiedBytes,
    retries: taken.retries,
    leftOut,
    damagedTexts: taken.damagedTexts,
    seconds: (clock.monotonic() - startMs) / 1000,
  }
}
