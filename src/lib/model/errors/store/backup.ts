import {RagError} from '../rag-error.js'
import {usage} from '../usage.js'

/** Making a backup. */

export const backupNoFolder = (path: string): RagError =>
  usage(`${path} is no folder.`, 'A backup is a folder: name another place.')

export const backupInsideStore = (dir: string, dataDir: string): RagError =>
  usage(
    `The backup folder ${dir} lies in the store's own folder ${dataDir}: what takes the one away would take both.`,
    'Name a folder elsewhere, best on another disk.',
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

export const keepsChanging = (dataDir: string): RagError =>
  new RagError(
    'STORE_BUSY',
    `Index files of ${dataDir} were replaced again and again while they were copied. What was backed up before is whole.`,
    {hint: 'Try again later.'},
  )

/** `failed`: what the system says of it. */
export function noRoomForBackup(dir: string, hadOne: boolean, failed: RagError): RagError {
  const {hint = 'Make room, then run the same command again.', cause = failed} = failed
  return new RagError(
    'DISK_FULL',
    `There is no room left in ${dir} for the backup${hadOne ? '; the one that was there before is whole' : ''}.`,
    {hint, cause},
  )
}

export const textsDamaged = (dataDir: string, damaged: readonly string[]): RagError =>
  new RagError(
    'STORE_DAMAGED',
    `What the store ${dataDir} holds is not what was stored: ${damaged.slice(0, 3).join(', ')}${damaged.length > 3 ? ` and ${damaged.length - 3} more` : ''}. The backup from before was left as it is.`,
    {
      hint: 'What one flipped bit did, this sets right: rag verify --repair. Else ingest the documents again with --force, restore the backup, or delete them: rag docs delete ID. An empty folder takes a backup of the store as it is.',
    },
  )

export const damagedStoreNotBackedUp = (path: string, faults: readonly string[]): RagError =>
  new RagError('STORE_DAMAGED', `The store ${path} is damaged: ${faults.slice(0, 3).join('; ')}.`, {
    hint: 'What was backed up before was left as it is. See what can be mended: rag verify',
  })
