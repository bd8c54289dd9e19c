import type {
  BackupFile,
  BackupManifest,
  LeftOutFile,
  SnapshotFacts,
  StoreFile,
} from '../../model/operations/backup.js'
import {keepsChanging, textsDamaged} from '../../model/errors/store/backup.js'
import {backupInterrupted} from '../../model/errors/program/interruption.js'
import type {BackupJob, BackupTools} from './backup-job.js'

/** Database, index and model files in the backup's folder, not yet named by a manifest. */
export interface TakenSnapshot {
  readonly number: number
  readonly facts: SnapshotFacts
  readonly files: readonly BackupFile[]
  readonly leftOut: readonly LeftOutFile[]
  /** Passages that are not what was stored. */
  readonly damagedTexts: readonly string[]
  readonly copiedFiles: number
  readonly copiedBytes: number
  readonly retries: number
}

interface Known {
  readonly previous: BackupManifest | undefined
  /** The state of the live database before anything was read. */
  readonly state: string
}

/** How often the database is copied anew because a file that it names was removed meanwhile. */
const MOST_ATTEMPTS = 5

/**
 * Copies the database and what it names. A file that is gone when its turn comes was removed by a writer who replaced it: then the
 * database is copied anew. One that the store still names is damaged there; it is left out, for it is made of the rest.
 * Damaged texts can be made of nothing: a copy with them replaces no backup. @throws RagError STORE_DAMAGED | STORE_BUSY
 */
export async function takeSnapshot(tools: BackupTools, job: BackupJob, known: Known): Promise<TakenSnapshot> {
  const collected = new Collection(tools, job, known.previous)
  const unchanged = await unchangedDatabase(tools, job, known)
  if (unchanged && (await collected.collect(unchanged.facts.files)))
    return collected.result({...unchanged, number: unchanged.number, retries: 0, damagedTexts: []})
  const number = (known.previous?.number ?? 0) + 1
  for (let retries = 0; retries < MOST_ATTEMPTS; retries++) {
    const name = `data/rag-${number}.db`
    const staged = await tools.folder.files.stage(name)
    try {
      const {damagedTexts} = await tools.snapshots.take(staged, {
        corpus: job.corpus,
        signal: job.signal,
        onBytes: (done, total) => job.onProgress?.({phase: 'copy', done, total, unit: 'bytes'}),
      })
      if (damagedTexts.length > 0 && known.previous) throw textsDamaged(job.dataDir, damagedTexts)
      const facts = await tools.snapshots.inspect(staged)
      if (!(await collected.collect(facts.files))) continue
      const sealed = await tools.folder.files.seal(staged, name)
      collected.count(sealed.sizeBytes)
      return collected.result({
        facts,
        number,
        retries,
        damagedTexts,
        database: {kind: 'database', name: 'rag.db', ...sealed},
      })
    } finally {
      await tools.folder.files.discard(staged)
    }
  }
  throw keepsChanging(job.dataDir)
}

/** The database of the backup before, when the live one was not written since. */
async function unchangedDatabase(
  {folder}: BackupTools,
  {corpus, dataDir, verify}: BackupJob,
  {previous, state}: Known,
): Promise<{facts: SnapshotFacts; number: number; database: BackupFile} | undefined> {
  const database = previous?.files.find((file) => file.kind === 'database')
  if (!previous || !database || previous.state !== state) return undefined
  if (previous.dataDir !== dataDir || previous.corpus !== corpus) return undefined
  if (!(await isThere(folder.files, database, verify === true))) return undefined
  const files = previous.files.flatMap(({kind, name, sizeBytes, sha256}): StoreFile[] =>
    kind === 'index' || kind === 'model' ? [{kind, file: name, sizeBytes, sha256}] : [],
  )
  const {corpora, storeFormat, number, leftOut} = previous
  return {facts: {corpora, storeFormat, files: [...files, ...leftOut]}, number, database}
}

async function isThere(
  files: BackupTools['folder']['files'],
  file: BackupFile,
  verify: boolean,
): Promise<boolean> {
  return verify ? (await files.check(file)).ok : files.present(file)
}

const keyOf = (file: StoreFile): string => `${file.kind} ${file.file} ${file.sizeBytes} ${file.sha256}`

/** The index and model files of a backup in the making. What one attempt has copied, the next need not copy again. */
class Collection {
  readonly #tools: BackupTools
  readonly #job: BackupJob
  /** Files in the folder, by what they are copies of. */
  readonly #have = new Map<string, BackupFile>()
  readonly #checked = new Set<string>()
  #files: BackupFile[] = []
  #leftOut: LeftOutFile[] = []
  #copiedFiles = 0
  #copiedBytes = 0

  constructor(tools: BackupTools, job: BackupJob, previous: BackupManifest | undefined) {
    this.#tools = tools
    this.#job = job
    for (const file of previous?.files ?? [])
      if (file.kind === 'index' || file.kind === 'model')
        this.#have.set(keyOf({...file, kind: file.kind, file: file.name}), file)
  }

  /** False when one was removed meanwhile. */
  async collect(wanted: readonly StoreFile[]): Promise<boolean> {
    this.#files = []
    this.#leftOut = []
    const total = wanted.reduce((sum, file) => sum + file.sizeBytes, 0)
    let done = 0
    for (const file of wanted) {
      if (this.#job.signal?.aborted) throw backupInterrupted()
      if (!(await this.#one(file))) return false
      done += file.sizeBytes
      this.#job.onProgress?.({phase: 'copy', done, total, unit: 'bytes'})
    }
    return true
  }

  async #one(file: StoreFile): Promise<boolean> {
    const known = await this.#known(file)
    if (known) {
      this.#files.push(known)
      return true
    }
    const {copier, folder, sources} = this.#tools
    const where = file.kind === 'index' ? 'indexes' : 'models'
    const source = {path: sources[file.kind].path(file.file), expected: file}
    const copied = await copier.copyInto(folder.files, source, `data/${where}/${file.file}`)
    if ('problem' in copied) {
      const live = await this.#tools.snapshots.liveFiles()
      if (!live.some((other) => keyOf(other) === keyOf(file))) return false
      this.#leftOut.push({...file, reason: copied.problem})
      return true
    }
    const made: BackupFile = {kind: file.kind, name: file.file, ...copied.sealed}
    this.#have.set(keyOf(file), made)
    this.#checked.add(made.file)
    this.#files.push(made)
    this.count(made.sizeBytes)
    return true
  }

  async #known(file: StoreFile): Promise<BackupFile | undefined> {
    const known = this.#have.get(keyOf(file))
    if (!known || this.#checked.has(known.file)) return known
    if (!(await isThere(this.#tools.folder.files, known, this.#job.verify === true))) return undefined
    this.#checked.add(known.file)
    return known
  }

  count(copiedBytes: number): void {
    this.#copiedFiles++
    this.#copiedBytes += copiedBytes
  }

  result({
    database,
    ...taken
  }: Pick<TakenSnapshot, 'facts' | 'number' | 'retries' | 'damagedTexts'> & {
    readonly database: BackupFile
  }): TakenSnapshot {
    return {
      ...taken,
      files: [database, ...this.#files],
      leftOut: this.#leftOut,
      copiedFiles: this.#copiedFiles,
      copiedBytes: this.#copiedBytes,
    }
  }
}
