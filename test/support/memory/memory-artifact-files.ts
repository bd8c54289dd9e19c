import {createHash} from 'node:crypto'
import {RagError} from '../../../src/lib/model/errors.js'
import type {SealedFile} from '../../../src/lib/model/segment.js'
import type {ArtifactFiles, FileCheck, OrphanFile} from '../../../src/lib/ports/files/artifact-files.js'

/** Write-once files in memory, with a way to write and read their bytes, since nothing else can reach them. */
export interface MemoryArtifactFiles extends ArtifactFiles {
  /** What a writer does with a staged path. */
  write(stagedPath: string, bytes: Uint8Array): void
  /** A copy of the bytes at a path that `stage` or `path` gave; undefined when there are none. */
  read(path: string): Uint8Array | undefined
}

const ROOT = 'memory:/'

/** For tests and for stores that leave nothing behind. Staged files are those of this process, so a vacuum spares them. */
export function createMemoryArtifactFiles(): MemoryArtifactFiles {
  const sealed = new Map<string, Uint8Array>()
  const staged = new Map<string, Uint8Array | undefined>()
  let counter = 0

  const freeName = (name: string): string => {
    for (let number = 2, candidate = name; ; number++) {
      if (!sealed.has(candidate)) return candidate
      candidate = `${name}~${number}`
    }
  }

  const within = (folder: string): string[] =>
    [...sealed.keys()].filter((file) => folder === '' || file.startsWith(`${folder}/`))

  return {
    async stage(name) {
      const path = `${ROOT}.${nameOf(name)}.${++counter}.tmp`
      staged.set(path, undefined)
      return path
    },
    async seal(stagedPath, name) {
      const bytes = staged.get(stagedPath)
      staged.delete(stagedPath)
      const file = freeName(nameOf(name))
      if (!bytes?.length) throw emptyFile(name)
      sealed.set(file, bytes)
      return {file, sizeBytes: bytes.length, sha256: sha256(bytes)}
    },
    async discard(stagedPath) {
      staged.delete(stagedPath)
    },
    path: (file) => ROOT + nameOf(file),
    present: async (row) => sealed.get(nameOf(row.file))?.length === row.sizeBytes,
    check: async (row) => compare(row, sealed.get(row.file)),
    async setAside(file) {
      const bytes = sealed.get(file)
      if (!bytes) return
      sealed.delete(file)
      sealed.set(`${file}.corrupt`, bytes)
    },
    async vacuum(folder, keep, options) {
      const {evenSetAside = false, except} = options ?? {}
      const removed = within(folder).filter(
        (file) => !isBelow(file, except) && isOrphan(file, {keep, sealed, evenSetAside}),
      )
      const bytes = removed.reduce((sum, file) => sum + (sealed.get(file)?.length ?? 0), 0)
      for (const file of removed) sealed.delete(file)
      return {removed, bytes}
    },
    orphans: async (folder, keep) =>
      within(folder)
        .filter((file) => isOrphan(file, {keep, sealed, evenSetAside: true}))
        .map((file) => orphanFile(file, sealed.get(file))),
    write(stagedPath, bytes) {
      if (staged.has(stagedPath)) staged.set(stagedPath, bytes.slice())
    },
    read: (path) => (staged.get(path) ?? sealed.get(path.slice(ROOT.length)))?.slice(),
  }
}

const emptyFile = (name: string): RagError =>
  new RagError('STORE_UNUSABLE', `The new file ${name} was not written as it should be: it is empty.`)

const nameOf = (name: string): string => {
  if (name.split('/').every((part) => /^[^.\s\\][^\s\\]*$/.test(part))) return name
  throw new RagError('INTERNAL', `"${name}" is not a name for a file of the store.`)
}

const isBelow = (file: string, folders: ReadonlySet<string> = new Set()): boolean =>
  [...folders].some((folder) => file.startsWith(`${folder}/`))

/** A file set aside stays while it is missed. */
function isOrphan(
  file: string,
  {
    keep,
    sealed,
    evenSetAside,
  }: {
    readonly keep: ReadonlySet<string>
    readonly sealed: ReadonlyMap<string, unknown>
    readonly evenSetAside: boolean
  },
): boolean {
  if (keep.has(file)) return false
  if (evenSetAside || !file.endsWith('.corrupt')) return true
  const name = file.slice(0, -'.corrupt'.length)
  return !keep.has(name) || sealed.has(name)
}

const orphanFile = (file: string, bytes: Uint8Array | undefined): OrphanFile => ({
  file,
  sizeBytes: bytes?.length ?? 0,
  kind: file.endsWith('.corrupt') ? 'set-aside' : 'unnamed',
})

function compare(row: SealedFile, bytes: Uint8Array | undefined): FileCheck {
  if (!bytes) return {ok: false, reason: 'it is missing'}
  if (bytes.length !== row.sizeBytes)
    return {ok: false, reason: `it has ${bytes.length} bytes instead of ${row.sizeBytes}`}
  return sha256(bytes) === row.sha256
    ? {ok: true}
    : {ok: false, reason: 'its SHA-256 is not the recorded one'}
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
