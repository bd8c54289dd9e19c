import {closeSync, openSync, readSync, realpathSync, readdirSync, statSync} from 'node:fs'
import {basename, dirname, join, relative, resolve, sep} from 'node:path'
import {fileOfOtherKind, fileOfStore} from '../../lib/model/errors/files/output-file.js'
import type {RagConfig} from '../settings/resolve-config.js'

/** A file that a flag names to be written, and replaced when it is there. */
export interface OwnFile {
  /** `--metrics` */
  readonly flag: string
  readonly path: string
  /** What it holds, in words. */
  readonly kind: string
  /** Whether a file that begins so is one. */
  readonly isOfKind: (beginning: string) => boolean
}

/** Folders in which a store keeps files. */
export interface StoreFolders {
  readonly dataDir: string
  readonly indexDir?: string | undefined
  readonly cacheDir?: string | undefined
}

export const storeFolders = (settings: RagConfig): StoreFolders => ({
  dataDir: settings.dataDir.value,
  indexDir: settings.index_dir.value,
  cacheDir: settings.cache_dir.value,
})

/** Names in a data folder that are the store's, there or not yet. */
const OF_STORE = /^\.?((rag|cache)\.db([-.].*)?|config\.json|indexes|models|restore)$/
const BEGINNING = 64 * 1024

/**
 * Where the file is to be written: links are followed, and stay. It is not there, empty, or one of its kind; and none of the store.
 * @throws RagError USAGE
 */
export function ownFile(file: OwnFile, folders: StoreFolders): string {
  const path = realPath(resolve(file.path))
  if (isOfStore(path, folders)) throw fileOfStore(file.flag, file.path, path)
  const facts = statSync(path, {throwIfNoEntry: false})
  if (!facts) return path
  if (!facts.isFile()) throw fileOfOtherKind(file.flag, file.path, file.kind)
  const beginning = facts.size === 0 ? '' : beginningOf(path)
  if (beginning.trim() !== '' && !file.isOfKind(beginning))
    throw fileOfOtherKind(file.flag, file.path, file.kind)
  return path
}

function isOfStore(path: string, {dataDir, indexDir, cacheDir}: StoreFolders): boolean {
  const data = realPath(resolve(dataDir))
  const [first = ''] = relative(data, path).split(sep)
  if (OF_STORE.test(first)) return true
  if (indexDir !== undefined && isBelow(realPath(resolve(indexDir)), path)) return true
  if (
    cacheDir !== undefined &&
    dirname(path) === realPath(resolve(cacheDir)) &&
    OF_STORE.test(basename(path))
  )
    return true
  return isLinkedTo(path, data)
}

/** Whether it is a file of the data folder by another name. */
function isLinkedTo(path: string, folder: string): boolean {
  const facts = statSync(path, {throwIfNoEntry: false})
  if (!facts || facts.nlink < 2) return false
  return filesIn(folder).some((name) => {
    const own = OF_STORE.test(name) ? statSync(join(folder, name), {throwIfNoEntry: false}) : undefined
    return own?.ino === facts.ino && own.dev === facts.dev
  })
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const isBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep)

/** Without links, also of what is not there yet. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path))
  }
}

function beginningOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(BEGINNING)
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, BEGINNING, 0))
  } finally {
    closeSync(file)
  }
}

const SAMPLE = /^[A-Za-z_:][\w:]*(\{.*\})?[ \t]+[-+]?(\d[\d.eE+-]*|NaN|Inf)([ \t]+-?\d+)?$/

/** Prometheus' text: comments and samples, line by line; a last line that is cut may be either. */
export function isPrometheusText(beginning: string): boolean {
  const lines = beginning.split('\n')
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines
  const isSaid = (line: string): boolean => /^# (HELP|TYPE) /.test(line) || SAMPLE.test(line)
  return whole.some(isSaid) && whole.every((line) => line === '' || line.startsWith('#') || isSaid(line))
}

/** A JSON array, though it may be damaged further on. */
export const isJsonArray = (beginning: string): boolean =>
  /^\ufeff?\s*\[/.test(beginning) && !beginning.includes('\0')
