/**
 * # upkeep: what keeps a store whole
 *
 * **For**: status, verification and repair, backup and restore, deletion.
 *
 * **Terms**
 * - *finding*: what is wrong, how bad, and what mends it. *diagnosis*: a finding with what would mend it.
 * - *repair plan*: ordered steps for each corpus.
 * - *orphan*: a file that no row names.
 * - *manifest*: what a backup says of itself; without one a folder is no backup.
 *
 * **Promises**
 * - `verify` takes no lease and changes nothing but the dates of the last check.
 * - A repair sends nothing to an embedder, and leaves a damaged database as it is.
 * - At any instant a backup folder holds the backup before or the new one. A restore happens altogether or not at all, after every byte of the
 *   backup was checked.
 * - What was deleted for good is in no file, and the report names the places that were searched.
 *
 * **Steps** (each use case in one file: `verify-store.ts`, `repair-store.ts`, `backup.ts`, `restore.ts`, `delete-documents.ts`)
 * ```
 *   verify    checks ─► diagnoses ─► planRepair ─► rows, keywords, vectors, models, segments, versions, orphans ─► checks
 *   backup    snapshot of the database ─► files that it names ─► manifest ─► files of the backup before go
 *   restore   checkBackup ─► what is there ─► planRestore ─► files ─► database in one step ─► old files go
 *   delete    rows ─► (hard: segments, learned model, caches) ─► proof
 * ```
 */
export {backup, type BackupOptions} from './backup/backup.js'
export {restore, type RestoreOptions} from './backup/restore.js'
export {deleteDocuments} from './deletion/delete-documents.js'
export {deleteCorpus, listCorpora, showCorpus, status} from './status/reports.js'
export {verifyStore} from './verify/verify-store.js'
