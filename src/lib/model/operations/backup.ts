import type {CorpusName} from '../names.js'
import type {SealedFile} from '../segment.js'

/** An index or model file by the name that the store has for it. */
export interface StoreFile extends SealedFile {
  readonly kind: 'index' | 'model'
}

/** A file of a backup: `file` is its path in the backup, `name` that of what it is a copy of. */
export interface BackupFile extends SealedFile {
  readonly kind: 'database' | 'index' | 'model' | 'config'
  readonly name: string
}

/** A file that the store names and that was not whole when it was to be copied. Made anew from the store when it is needed. */
export interface LeftOutFile extends StoreFile {
  readonly reason: string
}

/** A corpus as it stands in a backup. */
export interface BackupCorpus {
  readonly corpus: CorpusName
  readonly createdAtMs: number
  readonly version: number
  readonly documents: number
  readonly chunks: number
  readonly vectors: number
  readonly pending: number
}

/** What a database copied at one instant holds, and the files that it names. */
export interface SnapshotFacts {
  readonly storeFormat: number
  readonly corpora: readonly BackupCorpus[]
  readonly files: readonly StoreFile[]
}

/** What a backup says of itself. Without one a folder is no backup. */
export interface BackupManifest {
  /** Counts the backups made into this folder, from 1. */
  readonly number: number
  readonly createdAtMs: number
  readonly ragVersion: string
  readonly storeFormat: number
  /** The one corpus it holds; absent: all of the store. */
  readonly corpus?: CorpusName | undefined
  /** The store it was made of, as an absolute path. */
  readonly dataDir: string
  /** Tells the state of that store's database; absent when it was written at that moment. */
  readonly state?: string | undefined
  readonly corpora: readonly BackupCorpus[]
  readonly files: readonly BackupFile[]
  readonly leftOut: readonly LeftOutFile[]
}

export interface BackupReport {
  /** Absolute path of the folder. */
  readonly dir: string
  readonly number: number
  readonly createdAtMs: number
  readonly corpus?: CorpusName | undefined
  readonly corpora: readonly BackupCorpus[]
  readonly files: number
  readonly bytes: number
  /** Those of them that were copied now; the others were there from before. */
  readonly copiedFiles: number
  readonly copiedBytes: number
  /** Copies of the database that were thrown away because files they name were removed meanwhile. */
  readonly retries: number
  readonly leftOut: readonly LeftOutFile[]
  /** Chunks that are not what was stored, as `CORPUS: DOCUMENT#c0001`. Such a copy is only made where no backup was before. */
  readonly damagedTexts: readonly string[]
  readonly seconds: number
}

export interface RestoreReport {
  /** Absolute paths. */
  readonly dir: string
  readonly dataDir: string
  readonly indexDir: string
  readonly dryRun: boolean
  readonly number: number
  readonly createdAtMs: number
  readonly corpora: readonly BackupCorpus[]
  readonly files: number
  readonly bytes: number
  /** Corpora that were (or would be) replaced or lost, by name. */
  readonly replaced: readonly string[]
  /** The old store: a backup of it, or its damaged database under another name. */
  readonly keptOld?: string | undefined
  readonly notes: readonly string[]
  readonly seconds: number
}
