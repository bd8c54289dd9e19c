import {join} from 'node:path'
import type {BackupCorpus, BackupFile, RestoreReport} from '../../model/operations/backup.js'
import {restoreInterrupted} from '../../model/errors/program/interruption.js'
import {parseJson} from '../../model/input/parse-json.js'
import {RagError, reasonOf} from '../../model/errors/rag-error.js'
import {
  backupChanged,
  backupDamaged,
  keptStoreDamaged,
  storeInsideBackup,
} from '../../model/errors/store/restore.js'
import type {CorpusName} from '../../model/names.js'
import type {ArtifactFiles} from '../../ports/files/artifact-files.js'
import {corpusOfLease, WHOLE_STORE} from '../../ports/store/lease.js'
import type {Store} from '../../ports/store/store.js'
import {checkBackup, type CheckedBackup} from './check-backup.js'
import {foreseen, planRestore, type RestoreFacts, type RestoreTarget} from './restore-plan.js'
import {backup} from './backup.js'
import {
  backupAdapters,
  RESTORE_FOLDER,
  type BackupAdapters,
  type RestoreJob,
  type RestoreTools,
} from './backup-job.js'
import {corpusFolder, vacuumFiles} from '../../corpus/corpus-folders.js'
import type {Services} from '../../ports/services.js'
import type {CallOptions} from '../../model/operations/call.js'
import {waitFor} from '../../kernel/wait-for.js'
import {acquireLease} from '../../corpus/with-lease.js'

/*
 * The whole of a restore: the backup is locked and checked to the last byte; what is at the place is inspected, and `planRestore` says what
 * becomes of it; under the lease of the whole store the old one is kept, the files are copied in under free names, and the database is
 * replaced in one step; what is there then is compared with the manifest, and the files that only the old store named go.
 */

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
  | 'processes'
  | 'store'
  | 'waitMs'
>

/** What `Rag.restore` takes. */
export interface RestoreOptions extends CallOptions {
  /** Check everything and say what would be restored. */
  readonly dryRun?: boolean | undefined
  /** Refuse when the data folder holds a store with a corpus. */
  readonly onlyNew?: boolean | undefined
  /** Let a backup of one corpus take the place of a store that holds others, too. */
  readonly force?: boolean | undefined
  /** Make a backup of the old store beside it, before it is replaced. */
  readonly keepOld?: boolean | undefined
  /** Restore without the index files; they are built anew by the next ingest. */
  readonly noIndexes?: boolean | undefined
}

/** A file that got another name than the backup has for it, which the rows must name then. */
interface Renamed {
  readonly kind: 'index' | 'model'
  readonly from: string
  readonly to: string
}

interface Restoring {
  readonly adapters: BackupAdapters
  readonly checked: CheckedBackup
  readonly options: RestoreOptions
}

/** `Rag.restore`. */
export async function restore(services: Needs, dir: string, options: RestoreOptions): Promise<RestoreReport> {
  const startMs = services.clock.monotonic()
  const adapters = await backupAdapters(services, dir)
  for (const own of [services.dataDir, services.indexDir])
    if (await adapters.folder.holds(own)) throw storeInsideBackup(adapters.folder.path, own)
  const {signal, onProgress, noIndexes = false} = options
  const unlock = await waitFor(services, 'STORE_BUSY', () => adapters.lock('shared'), signal)
  try {
    const checked = await checkBackup(
      {...adapters, digest: services.digest},
      {
        storeFormat: services.build.storeFormat,
        noIndexes,
        signal,
        onProgress,
      },
    )
    const restoring = {adapters, checked, options}
    const outcome = options.dryRun ? await dryRun(services, restoring) : await replace(services, restoring)
    const {number, createdAtMs, corpora} = checked.manifest
    return {
      dir: adapters.folder.path,
      dataDir: services.dataDir,
      indexDir: services.indexDir,
      dryRun: options.dryRun === true,
      number,
      createdAtMs,
      corpora,
      files: checked.files.length,
      bytes: checked.files.reduce((sum, file) => sum + file.sizeBytes, 0),
      ...outcome,
      seconds: (services.clock.monotonic() - startMs) / 1000,
    }
  } finally {
    unlock()
  }
}

type Outcome = Pick<RestoreReport, 'replaced' | 'keptOld' | 'notes'>

async function dryRun(services: Pick<Services, 'dataDir' | 'store'>, restoring: Restoring): Promise<Outcome> {
  const target = await inspectTarget(() => services.store.read())
  const plan = planRestore(factsOf(services, restoring, target))
  return {replaced: plan.replaced, notes: [...plan.notes, ...foreseen(plan)]}
}

/** Plans twice: by what is there, and, as it may be another by then, by what is there once the lease of the whole store is held. */
async function replace(services: Needs, restoring: Restoring): Promise<Outcome> {
  const {adapters, checked, options} = restoring
  const {signal, onProgress} = options
  const {store, aside} = await openTarget(services, restoring)
  const lease = await acquireLease(services, {
    store,
    corpus: WHOLE_STORE,
    purpose: 'restore',
    signal,
  })
  // No heartbeat: it would wait for the step that puts the database in place, on the thread that does it.
  try {
    const target = await inspectStore(store)
    const plan = planRestore(factsOf(services, restoring, target))
    const keptOld = plan.old === 'back-up' ? await keepOld(services) : aside
    const made = await restoreStore(
      {
        ...adapters,
        targets: {index: services.indexFiles, model: services.modelFiles},
        staging: services.files.restoreFiles(),
      },
      checked,
      {
        lease,
        configFile: join(services.dataDir, 'config.json'),
        signal,
        onProgress,
      },
    )
    await requireRestored(services, restoring)
    await vacuum(services, store, plan.replaced)
    return {
      replaced: plan.replaced,
      notes: [...plan.notes, ...made],
      ...(keptOld === undefined ? {} : {keptOld}),
    }
  } finally {
    await store.releaseLease(lease).catch(() => undefined)
  }
}

const factsOf = (
  {dataDir}: Pick<Services, 'dataDir'>,
  {adapters, checked, options}: Restoring,
  target: RestoreTarget,
): RestoreFacts => ({
  manifest: checked.manifest,
  backupDir: adapters.folder.path,
  dataDir,
  target,
  options,
})

/** What is at the place to restore into. Reads only. @throws RagError what keeps it from being read, but damage */
async function inspectTarget(open: () => Promise<Store>): Promise<RestoreTarget> {
  try {
    return await inspectStore(await open())
  } catch (error) {
    const code = error instanceof RagError ? error.code : undefined
    if (code === 'STORE_MISSING') return {state: 'missing'}
    if (code === 'STORE_DAMAGED') return {state: 'damaged'}
    throw error
  }
}

async function inspectStore(store: Store): Promise<Extract<RestoreTarget, {readonly state: 'store'}>> {
  const leases = await store.listLeases()
  const corpora = (await store.listCorpora()).map(({name}) => name)
  const writing = leases.filter(({alive}) => alive).map(({corpus}) => corpusOfLease(corpus))
  return {state: 'store', corpora, writing: [...new Set(writing)]}
}

/** The store to restore into, made when it is missing. One that can't be opened is set aside: nobody else can use it either. */
async function openTarget(
  services: Pick<Services, 'dataDir' | 'store'>,
  restoring: Restoring,
): Promise<{readonly store: Store; readonly aside?: string | undefined}> {
  const open = (): Promise<Store> => services.store.write('create', {evenAfterLoss: true})
  const target = await inspectTarget(open)
  // What a store holds is decided on under its lease.
  if (target.state !== 'damaged') return {store: await open()}
  planRestore(factsOf(services, restoring, target))
  await services.store.reopen()
  const aside = await restoring.adapters.snapshots.setAside()
  return {store: await open(), aside}
}

async function keepOld(services: Needs): Promise<string> {
  const stamp = new Date(services.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')
  for (let number = 1; ; number++) {
    const dir = `${services.dataDir}.before-restore-${stamp}${number === 1 ? '' : `-${number}`}`
    const {folder} = await backupAdapters(services, dir)
    if ((await folder.state()) !== 'missing') continue
    try {
      await backup(services, dir, {})
    } catch (error) {
      throw error instanceof RagError && error.code === 'STORE_DAMAGED' ? keptStoreDamaged(error) : error
    }
    return dir
  }
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
    const database = await copyIn(tools, backup.database, {
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
    const name = isThere ? file.name : await copyIn(tools, file, {files: target, name: file.name})
    if (name !== file.name) renamed.push({kind: file.kind, from: file.name, to: name})
    done += file.sizeBytes
    onProgress?.({phase: 'copy', done, total, unit: 'bytes'})
  }
  return renamed
}

/** The name under which it was copied in. */
async function copyIn(
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

/** Opens what was restored, as any command will; without a write, for which there may be no room. */
async function requireRestored(
  services: Pick<Services, 'dataDir'>,
  {adapters, checked}: Restoring,
): Promise<void> {
  const facts = await adapters.snapshots.inspect(join(services.dataDir, 'rag.db'))
  const countsOf = (corpora: readonly BackupCorpus[]): string =>
    JSON.stringify(corpora.map((it) => [it.corpus, it.documents, it.chunks, it.vectors, it.pending]))
  if (countsOf(facts.corpora) !== countsOf(checked.manifest.corpora))
    throw backupDamaged(adapters.folder.path, ['what was restored has other counts'], false)
}

/** Removes the files that only the old store named. */
async function vacuum(
  services: Pick<Services, 'indexFiles' | 'modelFiles'>,
  store: Store,
  replaced: readonly CorpusName[],
): Promise<void> {
  const corpora = await store.listCorpora()
  for (const corpus of corpora) await vacuumFiles(services, store, corpus)
  for (const name of replaced) {
    if (corpora.some((corpus) => corpus.name === name)) continue
    await services.indexFiles.vacuum(corpusFolder({name}), new Set())
    await services.modelFiles.vacuum(corpusFolder({name}), new Set())
  }
}
