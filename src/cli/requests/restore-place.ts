import {existsSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {noFolderToRestoreInto, sharedIndexDir} from '../../lib/model/errors/store/restore.js'
import {resolveConfig, type GivenFlags, type RagConfig} from '../settings/resolve-config.js'
import type {Surroundings} from '../surroundings.js'

/**
 * The settings for restoring into another data folder: those that hold there. A folder of index files that was named for the
 * current store must not serve both: each would remove what the other one names.
 * @throws RagError USAGE | CONFIG_INVALID
 */
export function restorePlace(
  into: string,
  {settings, flags, around}: {settings: RagConfig; flags: GivenFlags; around: Surroundings},
): RagConfig {
  if (into.trim() === '') throw noFolderToRestoreInto()
  const dataDir = resolve(around.cwd, into)
  const there = resolveConfig({...flags, 'data-dir': dataDir}, around)
  const {value: indexDir, origin, where} = there.index_dir
  const isShared = settings.dataDir.value !== dataDir && existsSync(join(settings.dataDir.value, 'rag.db'))
  if (isShared && origin === 'env') throw sharedIndexDir(String(indexDir), where, settings.dataDir.value)
  return there
}
