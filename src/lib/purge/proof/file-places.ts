/** What a file is to a purge. `foreign`: not ours to change, or not of this corpus. */
export type Place = 'database' | 'cache' | 'segment' | 'model' | 'restore' | 'foreign'

/** Absolute paths without links. */
export interface Folders {
  readonly dataDir: string
  readonly indexDir: string
  /** Of the caches; undefined when they are in no folder. */
  readonly cacheDir: string | undefined
  /** Folder of the corpus among index and model files. */
  readonly corpus: string
}

/** What a file below the folders is, by its path. Pure. */
export function placeOf(path: string, {dataDir, indexDir, cacheDir, corpus}: Folders): Place {
  const below = (folder: string | undefined): string | undefined =>
    folder !== undefined && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined
  if (/^rag\.db(?:-wal|-shm|-journal)?$/.test(below(dataDir) ?? '')) return 'database'
  if (/^cache\.db(?:-wal|-shm|-journal|\.corrupt)?$/.test(below(cacheDir) ?? '')) return 'cache'
  if (below(indexDir)?.startsWith(`${corpus}/`)) return 'segment'
  if (below(`${dataDir}/models`)?.startsWith(`${corpus}/`)) return 'model'
  return below(dataDir)?.startsWith('restore/') ? 'restore' : 'foreign'
}

/** Terms alone are evidence where nothing but what documents say is written in words. */
export const tellsByTerms = (place: Place): boolean =>
  place === 'database' || place === 'segment' || place === 'model'

/** As a person would name it: below the data folder, relative to it. */
export const nameOf = (path: string, {dataDir}: Pick<Folders, 'dataDir'>): string =>
  path.startsWith(`${dataDir}/`) ? path.slice(dataDir.length + 1) : path
