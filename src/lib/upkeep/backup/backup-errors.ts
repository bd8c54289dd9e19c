import {RagError, usage} from '../../model/errors.js'

export const backupInsideStore = (dir: string, dataDir: string): RagError =>
  usage(
    `The backup folder ${dir} lies in the store's own folder ${dataDir}: what takes the one away would take both.`,
    'Name a folder elsewhere, best on another disk.',
  )

export const storeInsideBackup = (dir: string, own: string): RagError =>
  usage(
    `The store's folder ${own} lies in the backup ${dir}, and the next backup into it would take it away. Nothing was changed.`,
    'Name a folder elsewhere: --into NEW, and INDEX_DIR',
  )

export const notABackupFolder = (dir: string): RagError =>
  usage(
    `${dir} is not empty, and holds no backup. Nothing was changed.`,
    'Name a new folder, an empty one, or one that holds a backup already.',
  )

export const otherBackup = (dir: string, holds: string, wanted: string): RagError =>
  usage(
    `${dir} holds a backup of ${holds}, which a backup of ${wanted} would replace. Nothing was changed.`,
    'Name another folder, or say that it may be replaced: --force',
  )

export const otherStore = (dir: string, corpora: readonly string[]): RagError =>
  usage(
    `${dir} holds a backup with ${corpora
      .slice(0, 4)
      .map((name) => `"${name}"`)
      .join(
        ', ',
      )}, and this store has none of these: it was emptied, or is another one. Nothing was changed.`,
    'If that backup may be replaced, say so: --force',
  )

export const wouldTakeOthers = (dir: string, corpus: string, others: readonly string[]): RagError =>
  usage(
    `${dir} is a backup of the corpus "${corpus}" alone. The store would lose ${others
      .slice(0, 4)
      .map((name) => `"${name}"`)
      .join(', ')}${others.length > 4 ? ` and ${others.length - 4} more` : ''}. Nothing was changed.`,
    'Restore it beside the store: --into NEW. If the others may go, say so: --force; --keep-old keeps a copy of them.',
  )

export const keepsChanging = (dataDir: string): RagError =>
  new RagError(
    'STORE_BUSY',
    `Index files of ${dataDir} were replaced again and again while they were copied. What was backed up before is whole.`,
    {hint: 'Try again later.'},
  )

/** Adds to what went wrong that the backup before it is whole. */
export function backupFailed(error: unknown, dir: string, hadOne: boolean): unknown {
  if (!(error instanceof RagError)) return error
  const {code, hint, cause} = error
  if (code !== 'DISK_FULL') return error
  return new RagError(
    'DISK_FULL',
    `There is no room left in ${dir} for the backup${hadOne ? '; the one that was there before is whole' : ''}.`,
    {hint: hint === undefined ? 'Make room, then run the same command again.' : hint, cause: cause ?? error},
  )
}

export const textsDamaged = (dataDir: string, damaged: readonly string[]): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `Texts in the store ${dataDir} are not what was stored: ${damaged.slice(0, 3).join(', ')}${damaged.length > 3 ? ` and ${damaged.length - 3} more` : ''}. The backup from before was left as it is.`,
    {
      hint: 'Ingest the documents again with --force, restore the backup, or delete them: rag docs delete ID. An empty folder takes a backup of the store as it is.',
    },
  )

export const backupMissing = (dir: string, why: string): RagError =>
  new RagError('BACKUP_MISSING', `${dir} is no backup: ${why}. Nothing was changed.`, {
    hint: 'A backup is a folder that rag backup has made, with a manifest.json in it.',
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

export const holdsAStore = (dataDir: string, corpora: readonly string[]): RagError =>
  usage(
    `${dataDir} holds a store${corpora.length > 0 ? ` with ${corpora.slice(0, 4).join(', ')}` : ''}. Nothing was changed.`,
    'Name a new folder, or say that it may be replaced: --force',
  )
