import {join} from 'node:path'
import type {BackupCorpus, BackupManifest, RestoreReport} from '../model/operations/backup.js'
import {RagError} from '../model/errors.js'
import type {CorpusName} from '../model/names.js'
import {corpusOfLease, WHOLE_STORE} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {
  backupDamaged,
  holdsAStore,
  storeInsideBackup,
  wouldTakeOthers,
} from '../upkeep/backup/backup-errors.js'
import {checkBackup, type CheckedBackup} from '../upkeep/backup/check-backup.js'
import {restoreStore} from '../upkeep/backup/restore-store.js'
import {backup, backupAdapters, type BackupAdapters} from './backup.js'
import {STORE_FORMAT} from './build-info.js'
import {corpusFolder, sweepCorpusFiles} from './corpus-folders.js'
import type {Environment} from './environment.js'
import type {CallOptions} from './rag-options.js'
import {waitFor} from './wait-for.js'
import {acquireLease} from './with-lease.js'

/** What `Rag.restore` may be told. */
export interface RestoreOptions extends CallOptions {
  /** Check everything and say what would be restored. */
  readonly dryRun?: boolean
  /** Refuse when the data folder holds a store with a corpus. */
  readonly onlyNew?: boolean
  /** Let a backup of one corpus take the place of a store that holds others, too. */
  readonly force?: boolean
  /** Make a backup of the old store beside it, before it is replaced. */
  readonly keepOld?: boolean
  /** Restore without the index files; they are built anew by the next ingest. */
  readonly noIndexes?: boolean
}

interface Restoring {
  readonly adapters: BackupAdapters
  readonly checked: CheckedBackup
  readonly options: RestoreOptions
}

/** `Rag.restore`. */
export async function restore(
  env: Environment,
  dir: string,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const startMs = env.clock.monotonic()
  const adapters = await backupAdapters(env, dir)
  for (const own of [env.dataDir, env.indexDir])
    if (await adapters.folder.holds(own)) throw storeInsideBackup(adapters.folder.path, own)
  const {signal, onProgress, noIndexes = false} = options
  const unlock = await waitFor(env, 'STORE_BUSY', () => adapters.lock('shared'), signal)
  try {
    const checked = await checkBackup(
      {...adapters, digest: env.digest},
      {
        storeFormat: STORE_FORMAT,
        noIndexes,
        ...(signal ? {signal} : {}),
        ...(onProgress ? {onProgress} : {}),
      },
    )
    const restoring = {adapters, checked, options}
    const outcome = options.dryRun ? await foresee(env, restoring) : await replace(env, restoring)
    const {number, createdAtMs, corpora} = checked.manifest
    return {
      dir: adapters.folder.path,
      dataDir: env.dataDir,
      indexDir: env.indexDir,
      dryRun: options.dryRun === true,
      number,
      createdAtMs,
      corpora,
      files: checked.files.length,
      bytes: checked.files.reduce((sum, file) => sum + file.sizeBytes, 0),
      ...outcome,
      seconds: (env.clock.monotonic() - startMs) / 1000,
    }
  } finally {
    unlock()
  }
}

type Outcome = Pick<RestoreReport, 'replaced' | 'keptOld' | 'notes'>

async function foresee(env: Environment, {adapters, options, checked}: Restoring): Promise<Outcome> {
  const found = await env.reader().then(
    async (store) => ({store, leases: await store.listLeases()}),
    (error: unknown) => ({error}),
  )
  const notes = notesOf(checked.manifest)
  if ('error' in found) {
    const code = found.error instanceof RagError ? found.error.code : undefined
    if (code === 'STORE_MISSING') return {replaced: [], notes}
    if (code !== 'STORE_DAMAGED') throw found.error
    if (options.onlyNew) throw holdsAStore(env.dataDir, [])
    return {
      replaced: [],
      notes: [...notes, 'The database there is damaged; it would be kept under another name.'],
    }
  }
  const replaced = await corporaOf(found.store)
  refuse(env, {adapters, checked, options}, replaced)
  const writing = found.leases.filter((lease) => lease.alive).map((lease) => corpusOfLease(lease.corpus))
  if (writing.length > 0)
    notes.push(`Being written now, which would stop the restore: ${[...new Set(writing)].join(', ')}.`)
  return {replaced, notes}
}

async function replace(env: Environment, restoring: Restoring): Promise<Outcome> {
  const {adapters, checked, options} = restoring
  const {signal, onProgress} = options
  const notes = notesOf(checked.manifest)
  const {store, aside} = await openTarget(env, restoring)
  const lease = await acquireLease(env, {
    store,
    corpus: WHOLE_STORE,
    purpose: 'restore',
    ...(signal ? {signal} : {}),
  })
  // No heartbeat: it would wait for the step that puts the database in place, on the thread that does it.
  try {
    const replaced = await corporaOf(store)
    refuse(env, restoring, replaced)
    const keptOld = options.keepOld && replaced.length > 0 ? await keepOld(env) : aside
    const made = await restoreStore(
      {
        ...adapters,
        targets: {index: env.indexFiles, model: env.modelFiles},
        staging: env.restoreFiles(),
      },
      checked,
      {
        lease,
        configFile: join(env.dataDir, 'config.json'),
        ...(signal ? {signal} : {}),
        ...(onProgress ? {onProgress} : {}),
      },
    )
    await requireRestored(env, restoring)
    await sweep(env, store, replaced)
    return {replaced, notes: [...notes, ...made], ...(keptOld === undefined ? {} : {keptOld})}
  } finally {
    await store.releaseLease(lease).catch(() => undefined)
  }
}

/** @throws RagError USAGE when more would be lost than was said */
function refuse(
  env: Environment,
  {adapters, checked, options}: Restoring,
  there: readonly CorpusName[],
): void {
  if (options.onlyNew && there.length > 0) throw holdsAStore(env.dataDir, there)
  const {corpus} = checked.manifest
  if (corpus === undefined || options.force || options.keepOld) return
  const others = there.filter((name) => name !== corpus)
  if (others.length > 0) throw wouldTakeOthers(adapters.folder.path, corpus, others)
}

/** The store to restore into, made when it is missing. One that can't be opened is set aside: nobody else can use it either. */
async function openTarget(
  env: Environment,
  {adapters, options}: Restoring,
): Promise<{readonly store: Store; readonly aside?: string}> {
  try {
    const store = await env.writer('create')
    await store.listLeases()
    await store.listCorpora()
    return {store}
  } catch (error) {
    if (!(error instanceof RagError) || error.code !== 'STORE_DAMAGED') throw error
    if (options.onlyNew) throw holdsAStore(env.dataDir, [])
    await env.close()
    const aside = await adapters.snapshots.setAside()
    return {store: await env.writer('create'), aside}
  }
}

/** What can't be copied can't be kept. */
const oldIsDamaged = (error: RagError): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `--keep-old can't make a copy of the store that is there, for it is damaged. ${error.message} Nothing was restored, and nothing changed.`,
    {
      hint: 'Restore into another folder (--into NEW) and look at the old one there, or restore without --keep-old, which replaces it.',
      cause: error,
    },
  )

async function keepOld(env: Environment): Promise<string> {
  const stamp = new Date(env.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')
  for (let number = 1; ; number++) {
    const dir = `${env.dataDir}.before-restore-${stamp}${number === 1 ? '' : `-${number}`}`
    const {folder} = await backupAdapters(env, dir)
    if ((await folder.look()) !== 'missing') continue
    try {
      await backup(env, dir, {})
    } catch (error) {
      throw error instanceof RagError && error.code === 'STORE_DAMAGED' ? oldIsDamaged(error) : error
    }
    return dir
  }
}

/** Opens what was restored, as any command will; without a write, for which there may be no room. */
async function requireRestored(env: Environment, {adapters, checked}: Restoring): Promise<void> {
  const facts = await adapters.snapshots.inspect(join(env.dataDir, 'rag.db'))
  const told = (corpora: readonly BackupCorpus[]): string =>
    JSON.stringify(corpora.map((it) => [it.corpus, it.documents, it.chunks, it.vectors, it.pending]))
  if (told(facts.corpora) !== told(checked.manifest.corpora))
    throw backupDamaged(adapters.folder.path, ['what was restored has other counts'], false)
}

/** Removes the files that only the old store named. */
async function sweep(env: Environment, store: Store, replaced: readonly CorpusName[]): Promise<void> {
  const corpora = await store.listCorpora()
  for (const corpus of corpora) await sweepCorpusFiles(env, store, corpus)
  for (const name of replaced) {
    if (corpora.some((corpus) => corpus.name === name)) continue
    await env.indexFiles.sweep(corpusFolder({name}), new Set())
    await env.modelFiles.sweep(corpusFolder({name}), new Set())
  }
}

async function corporaOf(store: Store): Promise<readonly CorpusName[]> {
  return (await store.listCorpora()).map(({name}) => name)
}

function notesOf({leftOut}: BackupManifest): string[] {
  return leftOut.map(
    ({file, reason}) =>
      `${file} was not in order when the backup was made (${reason}); the next ingest makes it anew.`,
  )
}
