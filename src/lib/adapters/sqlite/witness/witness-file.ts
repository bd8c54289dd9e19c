import {
  closeSync,
  fchmodSync,
  fchownSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import {dirname} from 'node:path'
import type {Durability} from '../../../ports/store/commit-witness.js'
import {syncFolder} from '../../system/durable-folders.js'
import {folderError} from '../errors.js'
import {
  corpusOffset,
  decodeRecord,
  encodeRecord,
  isOfCorpus,
  RECORD_BYTES,
  slotOffset,
  SLOTS,
  type CommitRecord,
  type CorpusRecord,
} from './witness-records.js'

/** The witness of the database at `path`. */
export const witnessPath = (path: string): string => `${path}-commits`

/** The latest commit that the witness tells of; undefined when there is none, or it can't be read. */
export function readLatest(path: string): CommitRecord | undefined {
  const file = openQuietly(witnessPath(path))
  if (file === undefined) return undefined
  try {
    const bytes = Buffer.alloc(SLOTS * RECORD_BYTES)
    readSync(file, bytes, 0, bytes.length, 0)
    const [first, ...others] = recordsIn(bytes)
    return others.reduce((latest, record) => (record.number > latest!.number ? record : latest), first)
  } catch {
    return undefined
  } finally {
    closeSync(file)
  }
}

/** The latest commits of corpora, for a message about a loss. */
export function readCorpora(path: string): readonly CorpusRecord[] {
  try {
    return recordsIn(readFileSync(witnessPath(path)).subarray(SLOTS * RECORD_BYTES)).filter(isOfCorpus)
  } catch {
    return []
  }
}

function openQuietly(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}

function recordsIn(bytes: Uint8Array): readonly (CommitRecord | CorpusRecord)[] {
  return Array.from({length: Math.floor(bytes.length / RECORD_BYTES)}, (_, i) =>
    decodeRecord(bytes.subarray(i * RECORD_BYTES, (i + 1) * RECORD_BYTES)),
  ).filter((record) => record !== undefined)
}

/**
 * The small file beside a database that tells of its commits. Records are written in place, each a sector; the latest commit is that of
 * the largest number, whoever wrote it last. Opened for the first write, and kept open.
 */
export class WitnessFile {
  readonly #database: string
  readonly #path: string
  readonly #durability: Durability
  #file: number | undefined
  #isOfOneStore = false
  #isSynced = true
  /** What could not be written after a commit: written before the next. */
  #missing: (() => void) | undefined

  constructor(path: string, durability: Durability) {
    this.#database = path
    this.#path = witnessPath(path)
    this.#durability = durability
  }

  /** Before a commit: what keeps the file from being written must be known before anything is committed. @throws RagError */
  prepare(): void {
    try {
      this.#open()
      this.#missing?.()
      this.#missing = undefined
    } catch (error) {
      throw folderError(dirname(this.#path), error)
    }
  }

  /** After a commit, which has happened whatever becomes of this. */
  record(latest: CommitRecord, corpus?: CorpusRecord): void {
    const write = (): void => {
      const file = this.#open()
      this.#keepOfOneStore(file, latest)
      if (corpus) this.#write(file, corpusOffset(corpus.corpusId), corpus)
      this.#write(file, slotOffset(latest.number), latest)
      this.#isSynced = this.#durability === 'full'
      if (this.#isSynced) fdatasyncSync(file)
    }
    try {
      write()
    } catch {
      this.#missing = write
    }
  }

  close(): void {
    if (this.#file === undefined) return
    try {
      if (!this.#isSynced) fdatasyncSync(this.#file)
    } finally {
      closeSync(this.#file)
      this.#file = undefined
    }
  }

  #open(): number {
    return (this.#file ??= this.#openExisting() ?? this.#create())
  }

  #openExisting(): number | undefined {
    try {
      return openSync(this.#path, 'r+')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** Whoever may write the database may write it, and its name is durable. Another process may be making it as well. */
  #create(): number {
    const file = openSync(this.#path, 'a+')
    try {
      const {mode, uid, gid} = statSync(this.#database)
      fchmodSync(file, mode & 0o777)
      if (statSync(this.#path).uid !== uid) fchownSync(file, uid, gid)
    } catch {
      // Then it has the rights that this user's files have.
    } finally {
      closeSync(file)
    }
    syncFolder(dirname(this.#path))
    return openSync(this.#path, 'r+')
  }

  /** What is there of another store says nothing any more. */
  #keepOfOneStore(file: number, {store}: CommitRecord): void {
    if (this.#isOfOneStore) return
    const known = Array.from({length: SLOTS}, (_, slot) => readRecord(file, slot * RECORD_BYTES))
    if (known.some((record) => record !== undefined && record.store !== store)) ftruncateSync(file, 0)
    this.#isOfOneStore = true
  }

  #write(file: number, offset: number, record: CommitRecord | CorpusRecord): void {
    const known = readRecord(file, offset)
    if (known?.store === record.store && known.number >= record.number) return
    writeSync(file, encodeRecord(record), 0, RECORD_BYTES, offset)
  }
}

function readRecord(file: number, offset: number): CommitRecord | CorpusRecord | undefined {
  const bytes = Buffer.alloc(RECORD_BYTES)
  return readSync(file, bytes, 0, RECORD_BYTES, offset) === RECORD_BYTES ? decodeRecord(bytes) : undefined
}
