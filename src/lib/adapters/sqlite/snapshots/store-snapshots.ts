import {existsSync, renameSync, statSync} from 'node:fs'
import type {Database} from 'better-sqlite3'
import type {SnapshotFacts, StoreFile} from '../../../model/operations/backup.js'
import {damagedStoreNotBackedUp} from '../../../model/errors/store/backup.js'
import {corpusMissing} from '../../../model/errors/corpus/names.js'
import type {CorpusName} from '../../../model/names.js'
import type {StoreSnapshots} from '../../../ports/store/store-snapshots.js'
import type {Clock} from '../../../ports/surroundings.js'
import {Connection} from '../connection.js'
import {stateOf} from './copy-aside.js'
import {countCorpus} from '../documents/corpus-counts.js'
import {corpusStore, deleteCorpusRows} from '../documents/corpus-table.js'
import {folderError, mapSqliteError} from '../errors.js'
import {storeFormat, refuseNewer} from '../migrate.js'
import {loadDriver, openDatabase} from '../open-database.js'
import {putInPlace} from './put-in-place.js'
import {copyPages, damagedTexts, faultsOf, openCopyOf} from './snapshot-copy.js'

/** Snapshots of the store in the database at `path`. */
export function sqliteSnapshots({
  path,
  clock,
}: {
  readonly path: string
  readonly clock: Clock
}): StoreSnapshots {
  const withCopy = async <T>(
    copy: string,
    readonly: boolean,
    work: (db: Database) => T | Promise<T>,
  ): Promise<T> => {
    const Driver = await loadDriver()
    let db: Database | undefined
    try {
      db = openCopyOf(Driver, copy, {readonly})
      return await work(db)
    } catch (error) {
      throw mapSqliteError(error, copy)
    } finally {
      db?.close()
    }
  }
  return {
    state: () => Promise.resolve({text: stateOf(path), changedAtMs: changedAt(path)}),
    async liveFiles() {
      const db = await openDatabase(path, 'read')
      try {
        return filesOf(db)
      } finally {
        db.close()
      }
    },
    async take(to, options) {
      const live = await openDatabase(path, 'read')
      try {
        // A transaction that is open already is the one that all steps read in: no commit begins the copy anew.
        live.exec('BEGIN')
        live.prepare('SELECT count(*) FROM sqlite_schema').get()
        await copyPages(live, to, options)
      } catch (error) {
        throw mapSqliteError(error, to)
      } finally {
        live.close()
      }
      return withCopy(to, false, async (db) => {
        const on = new Connection(db, clock, path)
        finishCopy(on, options.corpus)
        return {damagedTexts: await damagedTexts(on, options)}
      })
    },
    inspect: (copy) => withCopy(copy, true, (db) => factsOf(new Connection(db, clock, copy))),
    findFaults: (copy) => withCopy(copy, true, faultsOf),
    putInPlace: (copy, options) => putInPlace({live: path, copy, clock}, options),
    setAside: () => Promise.resolve(setAside(path)),
  }
}

function changedAt(path: string): number {
  const times = [path, `${path}-wal`].flatMap((file) => {
    const facts = statSync(file, {throwIfNoEntry: false})
    return facts && (file === path || facts.size > 0) ? [facts.mtimeMs, facts.ctimeMs] : []
  })
  return Math.max(0, ...times)
}

/** Makes a copy of pages a snapshot: one file, no lease held, only what was asked for, and whole. */
function finishCopy(on: Connection, corpus: CorpusName | undefined): void {
  on.db.pragma('synchronous = OFF') // It is synced as a whole, later.
  on.db.pragma('journal_mode = DELETE')
  on.db.exec('UPDATE leases SET held = 0')
  if (corpus !== undefined) keepOnly(on, corpus)
  const faults = faultsOf(on.db)
  if (faults.length > 0) throw damagedStoreNotBackedUp(on.path, faults)
}

function keepOnly(on: Connection, name: CorpusName): void {
  const corpora = on.sql<{id: number; name: string}>('SELECT id, name FROM corpora ORDER BY name').all()
  if (!corpora.some((corpus) => corpus.name === name))
    throw corpusMissing(
      name,
      corpora.map((corpus) => corpus.name),
    )
  on.db.transaction(() => {
    for (const corpus of corpora) if (corpus.name !== name) deleteCorpusRows(on, corpus.id)
    on.sql('DELETE FROM leases WHERE corpus <> ?').run(name)
    keepConversationsAbout(on, name)
  })()
  on.db.exec('VACUUM')
}

/** A copy of one corpus must not tell what others were asked about, nor by whom. */
function keepConversationsAbout(on: Connection, name: CorpusName): void {
  const others = '(SELECT session_id FROM messages WHERE corpus <> ?)'
  on.sql(
    `DELETE FROM message_sources WHERE message_id IN (SELECT id FROM messages WHERE session_id IN ${others})`,
  ).run(name)
  on.sql('CREATE TEMP TABLE others AS SELECT DISTINCT session_id FROM messages WHERE corpus <> ?').run(name)
  on.sql('DELETE FROM messages WHERE session_id IN (SELECT session_id FROM others)').run()
  on.sql('DELETE FROM sessions WHERE id IN (SELECT session_id FROM others)').run()
  on.sql('DELETE FROM profiles').run()
}

async function factsOf(on: Connection): Promise<SnapshotFacts> {
  refuseNewer(on.db)
  const corpora = await corpusStore(on).listCorpora()
  return {
    storeFormat: storeFormat(on.db),
    corpora: await Promise.all(
      corpora.map(async ({id, name: corpus, createdAtMs, version}) => {
        const {documents, chunks, vectors, pending} = await countCorpus(on, id)
        return {corpus, createdAtMs, version, documents, chunks, vectors, pending}
      }),
    ),
    files: filesOf(on.db),
  }
}

function filesOf(db: Database): StoreFile[] {
  return db
    .prepare<[], StoreFile>(
      `SELECT 'index' AS kind, file, size_bytes AS sizeBytes, sha256 FROM segments
       UNION SELECT 'model', model_file, model_size_bytes, model_sha256 FROM embedding_versions
       WHERE model_file IS NOT NULL ORDER BY kind, file`,
    )
    .all()
}

/** A database, its log, the index of that, and the witness of its commits. */
const PARTS = ['', '-wal', '-shm', '-commits'] as const

/** The database goes first: a log without one is thrown away when a new one is made; a database without its log would lose what is in it. */
function setAside(path: string): string {
  for (let number = 1; ; number++) {
    const aside = `${path}.damaged-${number}`
    if (PARTS.some((end) => existsSync(aside + end))) continue
    try {
      for (const end of PARTS) if (existsSync(path + end)) renameSync(path + end, aside + end)
      return aside
    } catch (error) {
      throw folderError(path, error)
    }
  }
}
