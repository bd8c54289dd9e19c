import {existsSync, statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {dataDirEmpty} from '../../lib/model/errors/request/settings.js'
import type {Resolved} from './resolved.js'
import type {Surroundings} from '../surroundings.js'

/**
 * The folder of the store: `--data-dir` > `RAG_DATA_DIR` > the nearest `.rag/` in this folder or above > `./.rag`.
 * Makes nothing. Always absolute.
 */
export function findDataDir(
  flag: string | undefined,
  {cwd, env}: Pick<Surroundings, 'cwd' | 'env'>,
): Resolved<string> {
  if (flag === '') throw dataDirEmpty()
  if (flag !== undefined) return {value: resolve(cwd, flag), origin: 'flag', where: '--data-dir'}
  const named = env['RAG_DATA_DIR'] ?? ''
  if (named !== '') return {value: resolve(cwd, named), origin: 'env', where: 'RAG_DATA_DIR'}
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, '.rag')
    if (isFolder(candidate)) return {value: candidate, origin: 'found', where: 'nearest .rag folder'}
    if (dirname(folder) === folder) break
  }
  return {value: resolve(cwd, '.rag'), origin: 'default', where: 'default'}
}

function isFolder(path: string): boolean {
  try {
    return existsSync(path) && statSync(path).isDirectory()
  } catch {
    return false // Vanished meanwhile, or not ours to see: then it is not this command's store.
  }
}
