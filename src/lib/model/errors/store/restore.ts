import {RagError, reasonOf} from '../rag-error.js'
import {usage} from '../usage.js'

/** Reading a backup, and putting it in place. */

export const backupMissing = (dir: string, why: string): RagError =>
  new RagError('BACKUP_MISSING', `${dir} is no backup: ${why}. Nothing was changed.`, {
    hint: 'A backup is a folder that rag backup has made, with a manifest.json in it.',
  })

export const backupIsExport = (dir: string): RagError =>
  new RagError('BACKUP_MISSING', `${dir} is no backup but an export. Nothing was changed.`, {
    hint: `Read it back with rag replay --glob '${dir}/*.msgpack*', or name another folder.`,
  })

export const backupDamaged = (dir: string, faults: readonly string[], onlyIndexes: boolean): RagError =>
  new RagError(
    'BACKUP_DAMAGED',
    `The backup ${dir} is damaged: ${faults.slice(0, 4).join('; ')}${faults.length > 4 ? `; and ${faults.length - 4} more` : ''}. Nothing was changed.`,
    onlyIndexes
      ? {
          hint: 'Only index files are concerned. They can be left out, and are built anew by the next ingest: --no-indexes',
        }
      : {},
  )

export const backupManifestDamaged = (dir: string, cause: unknown): RagError =>
  new RagError(
    'BACKUP_DAMAGED',
    `The manifest of the backup ${dir} is damaged: ${reasonOf(cause)}. Nothing was changed.`,
    {cause, hint: 'Its database is a plain SQLite file below data/ and may still be whole.'},
  )

export const backupNewer = (dir: string, found: number, known: number): RagError =>
  new RagError(
    'STORE_NEWER',
    `The backup ${dir} has format ${found}; this version of rag knows formats up to ${known}. Nothing was changed.`,
    {hint: 'Install the newer rag that made it.'},
  )

export const backupChanged = (path: string, problem: string): RagError =>
  new RagError('BACKUP_DAMAGED', `${path} changed while it was restored: ${problem}. The store is as it was.`)

export const storeInsideBackup = (dir: string, own: string): RagError =>
  usage(
    `The store's folder ${own} lies in the backup ${dir}, and the next backup into it would take it away. Nothing was changed.`,
    'Name a folder elsewhere: --into NEW, and INDEX_DIR',
  )

export const wouldTakeOthers = (dir: string, corpus: string, others: readonly string[]): RagError =>
  usage(
    `${dir} is a backup of the corpus "${corpus}" alone. The store would lose ${others
      .slice(0, 4)
      .map((name) => `"${name}"`)
      .join(', ')}${others.length > 4 ? ` and ${others.length - 4} more` : ''}. Nothing was changed.`,
    'Restore it beside the store: --into NEW. If the others may go, say so: --force; --keep-old keeps a copy of them.',
  )

export const holdsAStore = (dataDir: string, corpora: readonly string[]): RagError =>
  usage(
    `${dataDir} holds a store${corpora.length > 0 ? ` with ${corpora.slice(0, 4).join(', ')}` : ''}. Nothing was changed.`,
    'Name a new folder, or say that it may be replaced: --force',
  )

/** What can't be copied can't be kept. */
export const keptStoreDamaged = (error: RagError): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `--keep-old can't make a copy of the store that is there, for it is damaged. ${error.message} Nothing was restored, and nothing changed.`,
    {
      hint: 'Restore into another folder (--into NEW) and look at the old one there, or restore without --keep-old, which replaces it.',
      cause: error,
    },
  )

export const sharedIndexDir = (indexDir: string, variable: string, dataDir: string): RagError =>
  usage(
    `${variable} names ${indexDir}, where the index files of ${dataDir} are: two stores must not share a folder. Nothing was changed.`,
    `Name another for the new store, or none: ${variable}= rag restore …`,
  )

export const noFolderToRestoreInto = (): RagError =>
  usage('--into names no folder.', 'Name the data folder to restore into: --into NEW')
