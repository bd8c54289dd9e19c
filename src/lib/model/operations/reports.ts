import type {CorpusSettings} from '../corpus.js'
import type {DocumentRecord} from '../document.js'
import type {StoredChunk} from '../chunk.js'

/** What `rag corpus show` tells. */
export interface CorpusReport {
  readonly corpus: string
  readonly tenant: string
  /** The name without the tenant. */
  readonly namespace: string
  readonly model: string
  /** Number of the live embedding version, 0 when there is none yet. */
  readonly embeddingVersion: number
  readonly dimension: number
  readonly documents: number
  readonly chunks: number
  readonly vectors: number
  readonly pending: number
  readonly dummy: number
  readonly segments: number
  /** Vectors that no segment covers yet; scanned exactly. */
  readonly tail: number
  readonly version: number
  /** Hash over the sorted ids and content hashes of the live documents. */
  readonly fingerprint: string
  /** Number of the earlier embedding version that is kept for going back to it. */
  readonly keptVersion?: number | undefined
  /** Index and model files on disk, those of a kept version included. */
  readonly bytes: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly languages: Readonly<Record<string, number>>
  readonly settings: CorpusSettings
  /** Who is writing it now. */
  readonly writer?: string | undefined
}

export interface CorpusDeletion {
  readonly corpus: string
  readonly documents: number
  readonly chunks: number
  readonly bytesFreed: number
}

export interface DocumentList {
  readonly documents: readonly DocumentRecord[]
  readonly total: number
}

export interface DocumentReport {
  readonly document: DocumentRecord
  readonly chunks: readonly StoredChunk[]
  /** Chunks that have a vector in the live version. */
  readonly embedded: number
}

/** What was found when all bytes of all files were read for what was deleted. */
export interface ByteProof {
  readonly absent: boolean
  readonly files: number
  readonly bytes: number
  readonly found: readonly {
    /** Below the data folder, or absolute. */
    readonly file: string
    /** `text`, `terms`, `vectors`, or why it can't be read. */
    readonly what: string
    /** False for files that are not rag's to change: sources, exports, backups. */
    readonly ours: boolean
  }[]
}

/** What a delete did. `hard` deletes say what was looked at to prove that nothing is left. */
export interface DeleteReport {
  readonly deleted: readonly string[]
  readonly missing: readonly string[]
  readonly chunksDeleted: number
  readonly corpusVersion: number
  readonly hard?:
    | {
        readonly rowsRemoved: number
        readonly vectorsRemoved: number
        readonly segmentsRewritten: number
        readonly cacheEntriesRemoved: number
        /** The version kept for a rollback, when it went too: its learned model may hold words of what was removed. */
        readonly keptVersionDropped?: number | undefined
        /** Also goes on with a removal of these documents that was cut off before. */
        readonly resumed: boolean
        /** Nothing is left to do; else the next write to the corpus, or the same command, goes on. */
        readonly finished: boolean
        /** Absent when there was nothing to remove. */
        readonly bytes?: ByteProof | undefined
        /** Each place that was checked afterwards, and whether it is free of the documents. */
        readonly proof: readonly {readonly place: string; readonly absent: boolean}[]
      }
    | undefined
}

/** Documents of a corpus that were to be removed for good, and may still be in its files or in caches. */
export interface UnfinishedDelete {
  readonly corpus: string
  readonly documents: number
  readonly begunAtMs: number
}

export interface StatusReport {
  readonly ok: boolean
  readonly dataDir: string
  readonly dbOk: boolean
  readonly indexStoreOk: boolean
  readonly jobQueueOk: boolean
  readonly buildInfo: {readonly version: string; readonly node: string; readonly storeFormat: number}
  readonly databaseBytes: number
  /** Removals for good that were cut off, by corpus. */
  readonly unfinishedDeletes: readonly UnfinishedDelete[]
  readonly corpora: readonly CorpusReport[]
  /** What is wrong or waiting, in words, with the command that mends it. */
  readonly notes: readonly string[]
}
