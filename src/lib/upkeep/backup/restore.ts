import {join} from 'node:path'
import type {BackupCorpus, RestoreReport} from '../../model/operations/backup.js'
import {RagError} from '../../model/errors/rag-error.js'
import {backupDamaged, keptStoreDamaged, storeInsideBackup} from '../../model/errors/store/restore.js'
import type {CorpusName} from '../../model/names.js'
import {corpusOfLease, WHOLE_STORE} from '../../ports/store/lease.js'
import type {Store} from '../../ports/store/store.js'
import {checkBackup, type CheckedBackup} from './check-backup.js'
import {foreseen, planRestore, type RestoreFacts, type RestoreTarget} from './restore-plan.js'
import {restoreStore} from './restore-store.js'
import {backup} from './backup.js'
import {backupAdapters, type BackupAdapters} from './backup-job.js'
import {corpusFolder, vacuumFiles} from '../../corpus/corpus-folders.js'
import type {Services} from '../../ports/services.js'
import type {CallOptions} from '../../model/operations/call.js'
import {waitFor} from '../../kernel/wait-for.js'
import {acquireLease} from '../../corpus/with-lease.js'

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
