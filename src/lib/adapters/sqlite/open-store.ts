import type {ProcessTable} from '../../ports/store/lease.js'
import type {Durability} from '../../ports/store/commit-witness.js'
import type {Store} from '../../ports/store/store.js'
import type {Clock} from '../../ports/surroundings.js'
import {Connection} from './connection.js'
import {corpusSnapshots} from './snapshots/corpus-snapshots.js'
import {corpusStore} from './documents/corpus-table.js'
import {documentStore} from './documents/document-table.js'
import {keywordIndex} from './keywords/keyword-index.js'
import {leaseStore} from './lease-table.js'
import {purgeLog} from './documents/purge-log.js'
import {openDatabase, type Access} from './open-database.js'
import {segmentLog} from './vectors/segment-table.js'
import {sessionStore} from './sessions/session-table.js'
import {storeUpkeep} from './verify/upkeep-store.js'
import {storeVerifier} from './verify/verify-store.js'
import {vectorStore} from './vectors/vector-store.js'
import {commitWitness, readWitnessed} from './witness/commit-witness.js'
import {WitnessFile} from './witness/witness-file.js'

export interface SqliteStoreOptions {
  /** Path of `rag.db`. */
  readonly path: string
  readonly clock: Clock
  readonly processes: ProcessTable
  readonly access: Access
  /** As `openDatabase` takes them. */
  readonly artifactRoots?: readonly string[]
  /** Default `full`. */
  readonly durability?: Durability | undefined
}

/** Opens the embedded store. @throws as `openDatabase` */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const {path, access, artifactRoots, durability = 'full'} = options
  const witnessed = readWitnessed(path)
  const db = await openDatabase(path, access, artifactRoots)
  if (!db.readonly) db.pragma('wal_autocheckpoint = 0') // The connection does it.
  const on = new Connection(db, options.clock, path, new WitnessFile(path, durability))
  return {
    ...corpusStore(on),
    ...corpusSnapshots(on),
    ...documentStore(on),
    ...vectorStore(on),
    ...segmentLog(on),
    ...keywordIndex(on),
    ...leaseStore(on, options.processes),
    ...purgeLog(on),
    ...sessionStore(on),
    ...storeUpkeep(on),
    ...storeVerifier(on),
    ...commitWitness(on, witnessed),
  }
}
