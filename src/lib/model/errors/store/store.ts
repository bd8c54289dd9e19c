import {describeLoss, type LostCommits} from '../../lost-commits.js'
import {COMMITTED_IS_SAFE, TRY_AFTER_OTHER, WAIT_FOR_OTHER} from '../phrases.js'
import {RagError} from '../rag-error.js'

/** The data folder and its database: opening, reading, writing, locking. */

export const storeMissing = (dataDir: string): RagError =>
  new RagError('STORE_MISSING', `There is no store at ${dataDir}: nothing has been ingested yet.`, {
    hint: 'Make one with: rag ingest --dir FOLDER   (or name another with --data-dir or RAG_DATA_DIR)',
  })

export const storeNewer = (path: string, found: number, known: number): RagError =>
  new RagError(
    'STORE_NEWER',
    `The store ${path} has format ${found}; this version of rag knows formats up to ${known}. Nothing was changed.`,
    {hint: 'Install the newer rag that wrote it, or name another store with --data-dir.'},
  )

export const storeLocked = (path: string, cause: unknown): RagError =>
  new RagError(
    'STORE_BUSY',
    `The store ${path} is locked by another process for too long. ${COMMITTED_IS_SAFE}`,
    {
      cause,
      hint: TRY_AFTER_OTHER,
    },
  )

export const storeLockedForRestore = (path: string): RagError =>
  new RagError(
    'STORE_BUSY',
    `The store ${path} is locked by another process for too long. Nothing was restored.`,
    {hint: TRY_AFTER_OTHER},
  )

/** `folder` says which: "the backup folder /srv/backup". */
export const folderBusy = (folder: string, cause: unknown): RagError =>
  new RagError('STORE_BUSY', `Another process is using ${folder}. Nothing was changed.`, {
    hint: WAIT_FOR_OTHER,
    cause,
  })

export const storeFull = (path: string, cause: unknown): RagError =>
  new RagError('DISK_FULL', `No space is left for the store ${path}. ${COMMITTED_IS_SAFE}`, {
    cause,
    hint: 'Free some space, then run the same command again; it goes on where it stopped.',
  })

export const noRoomForStore = (path: string, cause: unknown): RagError =>
  new RagError('DISK_FULL', `No space is left to make the data folder ${path}. Nothing was changed.`, {cause})

export const noRoomToRead = (path: string, folder: string, cause: unknown): RagError =>
  new RagError(
    'DISK_FULL',
    `${path} lies where nothing can be written, so it is read from a copy, and there is no room for one in ${folder}.`,
    {hint: 'Make room there, or name another folder with TMPDIR.', cause},
  )

/** `what`: 'trigger "x"'. */
export const storeNotOurs = (path: string, what: string): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `The store ${path} holds the ${what}, which rag did not make: it would run with what is written. Nothing was changed.`,
    {
      hint: 'See what else is wrong: rag verify. Restore a backup that you trust: rag restore DIR. It can still be searched, and exported: rag export --out DIR',
    },
  )

export const storeReadOnly = (path: string, why: string, cause: unknown): RagError =>
  new RagError('STORE_READ_ONLY', `The store ${path} can't be written: ${why}. Nothing was changed.`, {cause})

export const folderReadOnly = (path: string, systemCode: string, cause: unknown): RagError =>
  new RagError(
    'STORE_READ_ONLY',
    `The data folder ${path} can't be written (${systemCode}). Nothing was changed.`,
    {hint: 'Give this user the right to write there, or name another folder with --data-dir.', cause},
  )

export const storeDamaged = (path: string, why: string, cause: unknown): RagError =>
  new RagError('STORE_DAMAGED', `The store ${path} is damaged or not a rag store: ${why}.`, {
    cause,
    hint: 'Keep a copy of the folder, then restore it from a backup or ingest the documents into a new one.',
  })

export const commitsLost = (dataDir: string, lost: LostCommits): RagError =>
  new RagError(
    'COMMITS_LOST',
    `${describeLoss(lost)} that were reported as done are gone from ${dataDir}: the write-ahead log was damaged or lost. Nothing was changed; what is left can be searched.`,
    {hint: 'Restore from a backup: rag restore DIR   (or go on without them: rag verify --accept-loss)'},
  )

/** Of the same, to whom an answer was given all the same. */
export const lossNote = (lost: LostCommits): string =>
  `${describeLoss(lost)} that were reported as done are gone: rag verify says more.`

/** Rows by `TABLE KEY`. */
export const rowsDamaged = (path: string, rows: readonly string[]): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `What the store ${path} holds is not what was stored: ${rowList(rows)}. It is not shown, and nothing was changed.`,
    {hint: ROWS_HINT},
  )

/** A word beside an answer from which damaged rows were left out. */
export const rowsLeftOut = (rows: readonly string[]): string =>
  `Damaged rows of the store were left out: ${rowList(rows)}. ${ROWS_HINT}`

const ROWS_HINT =
  'What one flipped bit did, this sets right: rag verify --repair. Else restore from a backup, or ingest the document again with --force.'

function rowList(rows: readonly string[]): string {
  return rows.slice(0, 3).join(', ') + (rows.length > 3 ? ` and ${rows.length - 3} more` : '')
}

export const storeUnreadable = (path: string, why: string, cause: unknown): RagError =>
  new RagError('STORE_UNUSABLE', `The store ${path} can't be read or written: ${why}. ${COMMITTED_IS_SAFE}`, {
    cause,
  })

export const storeEmptied = (path: string, evidence: string, folder: string): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `The database ${path} is empty, and was not always: ${evidence} lies beside it. Nothing was changed: the index and model files are untouched.`,
    {hint: `Restore it from a backup: rag restore DIR   (or move ${folder} away, to begin a new store)`},
  )

export const storeUnusable = (path: string, why: string, cause?: unknown): RagError =>
  new RagError('STORE_UNUSABLE', `The data folder ${path} can't be used: ${why}.`, {
    hint: 'Name another folder with --data-dir or RAG_DATA_DIR.',
    cause,
  })

export const noWriteAheadLog = (path: string): RagError =>
  new RagError('STORE_UNUSABLE', `The file system of ${path} does not support a write-ahead log.`)

/** A compiled dependency that was not built for this machine. `why` is one line. */
export const nativeModuleMissing = (name: string, why: string, cause: unknown): RagError =>
  new RagError('NATIVE_MODULE_MISSING', `The native module ${name} can't be loaded: ${why}.`, {
    hint: `Build it again with: npm rebuild ${name}`,
    cause,
  })
