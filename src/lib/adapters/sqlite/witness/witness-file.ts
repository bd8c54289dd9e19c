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
  COPY_OFFSET,
  CORPORA_OFFSET,
  corpusOffset,
  decodeRecord,
  encodeRecord,
  isOfCommit,
  isOfCorpus,
  RECORD_BYTES,
  slotOffset,
  SLOTS,
  type CommitRecord,
  type CopiedLog,
  type CorpusRecord,
} from './witness-records.js'

/** The witness of the database at `path`. */
export const witnessPath = (path: string): string => `${path}-commits`

/** What the witness tells before it is asked for corpora. */
export interface WitnessHead {
  readonly latest: CommitRecord
  /** The log as it was when copying it to the database began, if that has not ended. */
  readonly copying: CopiedLog | undefined
}

/** The latest commit that the witness tells of; undefined when there is none, or it can't be read. */
export function readHead(path: string): WitnessHead | undefined {
  const bytes = readStart(witnessPath(path), CORPORA_OFFSET)
  if (!bytes) return undefined
  const [latest] = recordsIn(bytes.subarray(0, COPY_OFFSET))
    .filter(isOfCommit)
    .sort((a, b) => b.number - a.number)
  const copy = decodeRecord(bytes.subarray(COPY_OFFSET))
  const copying = copy?.store === latest?.store && copy && 'copying' in copy ? copy.copying : undefined
  return latest && {latest, copying}
}

/** The latest commits of corpora, for a message about a loss. */
export function readCorpora(path: string): readonly CorpusRecord[] {
  try {
    return recordsIn(readFileSync(witnessPath(path)).subarray(CORPORA_OFFSET)).filter(isOfCorpus)
  } catch {
    return []
  }
}

function readStart(path: string, length: number): Buffer | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(length)
      readSync(file, bytes, 0, length, 0)
      return bytes
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

function recordsIn(bytes: Uint8Array): readonly NonNullable<ReturnType<typeof decodeRecord>>[] {
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

  /** The log is going to be copied to the database. Only where it is synced: else it could outlive what it tells of. */
  beginCopy(copying: CopiedLog): void {
    this.#noteCopy(copying)
  }

  /** Whether somebody began to, and has not ended. */
  get isCopying(): boolean {
    return readHead(this.#database)?.copying !== undefined
  }

  /** All of it is there. */
  endCopy(): void {
    this.#noteCopy(undefined)
  }

  #noteCopy(copying: CopiedLog | undefined): void {
    const head = this.#durability === 'full' ? readHead(this.#database) : undefined
    if (!head || (copying === undefined && head.copying === undefined)) return
    try {
      const file = this.#open()
      writeSync(file, encodeRecord({store: head.latest.store, copying}), 0, RECORD_BYTES, COPY_OFFSET)
      fdatasyncSync(file)
    } catch {
      // A word less for a case of two misfortunes.
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
    if (isOfCommit(known) && known.store === record.store && known.number >= record.number) return
    writeSync(file, encodeRecord(record), 0, RECORD_BYTES, offset)
  }
}

function readRecord(file: number, offset: number): ReturnType<typeof decodeRecord> {
  const bytes = Buffer.alloc(RECORD_BYTES)
  return readSync(file, bytes, 0, RECORD_BYTES, offset) === RECORD_BYTES ? decodeRecord(bytes) : undefined
}
