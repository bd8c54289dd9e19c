import {RagError, reasonOf} from '../../model/errors.js'
import {readingInterrupted} from '../../model/errors/program/interruption.js'
import type {ByteProof} from '../../model/operations/reports.js'
import type {StoredFiles} from '../../ports/files/stored-files.js'
import type {Store} from '../../ports/store/store.js'
import {ByteSearch} from './byte-search.js'
import {excludeStored, excludeStoredVectors} from './exclude-stored.js'
import {nameOf, placeOf, tellsByTerms, type Folders, type Place} from './file-places.js'
import {KINDS, type Needle, type NeedleSet} from './needle-set.js'

/** A file that still holds something, or that could not be read. */
export interface FoundFile {
  readonly path: string
  readonly place: Place
  readonly what: string
}

export interface Absence {
  readonly found: readonly FoundFile[]
  readonly files: number
  readonly bytes: number
}

/**
 * Reads every byte of every file below the folders for what purges must not have left: pieces of text, words, vectors. Nothing is asked
 * for by its name. A million bytes at a time are held; what is packed is unpacked on the way.
 */
export async function proveAbsence(
  {store, files, folders}: {readonly store: Store; readonly files: StoredFiles; readonly folders: Folders},
  sets: readonly NeedleSet[],
  signal?: AbortSignal,
): Promise<Absence> {
  await excludeStored(store, sets)
  const hits: (Omit<FoundFile, 'what'> & {readonly needles: ReadonlySet<Needle>; readonly why?: string})[] =
    []
  const {dataDir, indexDir, cacheDir} = folders
  const paths = await files.list([dataDir, indexDir, ...(cacheDir === undefined ? [] : [cacheDir])])
  let bytes = 0
  for (const path of paths) {
    const place = placeOf(path, folders)
    try {
      const read = await searchFile(files, path, sets, signal)
      bytes += read.bytes
      const needles = new Set([...read.found].filter(({kind}) => kind !== 'terms' || tellsByTerms(place)))
      if (needles.size > 0) hits.push({path, place, needles})
    } catch (error) {
      if (!(error instanceof RagError) || error.code === 'INTERRUPTED') throw error
      hits.push({path, place: 'foreign', needles: new Set(), why: `it can't be read: ${reasonOf(error)}`})
    }
  }
  await excludeStoredVectors(store, sets, new Set(hits.flatMap(({needles}) => [...needles])))
  const found = hits.flatMap(({path, place, needles, why}) => {
    const left = [...needles].filter((needle) => sets.some((set) => set.has(needle)))
    return left.length > 0 || why !== undefined ? [{path, place, what: why ?? kindsOf(left)}] : []
  })
  return {found, files: paths.length, bytes}
}

const kindsOf = (needles: readonly Needle[]): string =>
  KINDS.filter((kind) => needles.some((needle) => needle.kind === kind)).join(', ')

async function searchFile(
  files: StoredFiles,
  path: string,
  sets: readonly NeedleSet[],
  signal: AbortSignal | undefined,
): Promise<{readonly found: ReadonlySet<Needle>; readonly bytes: number}> {
  const searches = sets.map((set) => new ByteSearch(set))
  let bytes = 0
  let isRaw = true
  for await (const layer of files.read(path)) {
    for await (const piece of layer) {
      if (signal?.aborted) throw readingInterrupted(path)
      if (isRaw) bytes += piece.length
      for (const search of searches) search.push(piece)
    }
    for (const search of searches) search.end()
    isRaw = false
  }
  return {found: new Set(searches.flatMap((search) => [...search.found])), bytes}
}

/** What people are told of it. */
export function byteProof({found, files, bytes}: Absence, folders: Pick<Folders, 'dataDir'>): ByteProof {
  return {
    absent: found.length === 0,
    files,
    bytes,
    found: found.map(({path, place, what}) => ({
      file: nameOf(path, folders),
      what,
      ours: place !== 'foreign',
    })),
  }
}
