import type {Database} from 'better-sqlite3'
import {storeNewer} from '../../model/errors/store/store.js'
import type {Migration} from './migration.js'
import {first} from './migrations/0001-first.js'
import {verified} from './migrations/0002-verified.js'
import {rebuild} from './migrations/0003-rebuild.js'
import {states} from './migrations/0004-states.js'
import {sessions} from './migrations/0005-sessions.js'
import {changes} from './migrations/0006-changes.js'
import {shortKeys} from './migrations/0007-short-keys.js'
import {proofs} from './migrations/0008-proofs.js'
import {commits} from './migrations/0009-commits.js'
import {places} from './migrations/0010-places.js'

/** All steps, in order. */
export const MIGRATIONS: readonly Migration[] = [
  first,
  verified,
  rebuild,
  states,
  sessions,
  changes,
  shortKeys,
  proofs,
  commits,
  places,
]

/** The format that this version of rag writes. */
export const STORE_FORMAT = MIGRATIONS.at(-1)!.format

/** The format of an open database; 0 for an empty one. */
export function storeFormat(db: Database): number {
  return db.pragma('user_version', {simple: true}) as number
}

/** @throws RagError STORE_NEWER when the database was written by a later version of rag */
export function refuseNewer(db: Database): void {
  const found = storeFormat(db)
  if (found > STORE_FORMAT) throw storeNewer(db.name, found, STORE_FORMAT)
}

/**
 * Brings the database to `STORE_FORMAT`, one transaction a step. Safe when several processes do it at once: who comes
 * second waits for the lock, then finds the step done.
 */
export function migrate(db: Database): void {
  refuseNewer(db)
  migrateTo(db, STORE_FORMAT)
}

/** The same up to a format. */
export function migrateTo(db: Database, format: number): void {
  for (const step of MIGRATIONS) {
    if (storeFormat(db) >= step.format || step.format > format) continue
    db.transaction(() => {
      if (storeFormat(db) >= step.format) return
      db.exec(step.sql)
      db.pragma(`user_version = ${step.format}`)
    }).immediate()
  }
}
