import type {CorpusSettings} from '../corpus.js'
import type {ErrorCode} from '../errors/error-table.js'
import type {RagError} from '../errors/rag-error.js'

/** What to bring in. At least one of `dirs`, `files`, `jsonl`, `stdin`, `documents`. */
export interface IngestRequest {
  readonly corpus: string
  readonly dirs?: readonly string[] | undefined
  readonly files?: readonly string[] | undefined
  /** Path of a JSON Lines file of documents, or `-` for standard input. */
  readonly jsonl?: string | undefined
  /** One document on standard input, under this id. */
  readonly stdin?: {readonly docId: string} | undefined
  /** Put before each relative path to make the document's id: `--id-prefix handbook/`. */
  readonly idPrefix?: string | undefined
  /** Settings given explicitly; they are kept with the corpus. Those left out stay as they were. */
  readonly settings?: Partial<CorpusSettings> | undefined
  /** Loader names (`md`, `html`, …) or extensions; absent = every type that is read. */
  readonly types?: readonly string[] | undefined
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  readonly ignoreFiles?: boolean | undefined
  readonly maxFileBytes?: number | undefined
  /** Documents a commit, default 100. */
  readonly batchSize?: number | undefined
  readonly embedBatchSize?: number | undefined
  /** Make vectors anew that are cached. */
  readonly noCache?: boolean | undefined
  /** Wait so long after each call of the embedder. */
  readonly sleepMs?: number | undefined
  /** Read, cut and embed everything anew, changed or not. */
  readonly force?: boolean | undefined
  /** Hash every file instead of trusting size and mtime. */
  readonly checksum?: boolean | undefined
  /** Delete documents of these roots whose file is gone, is something else now, or is left out by the rules of this request. */
  readonly prune?: boolean | undefined
  /** With `prune`: documents that the rules leave out stay. For a caller who can't name the rules that an earlier ingest went by. */
  readonly keepLeftOut?: boolean | undefined
  /** Stop after the text part: documents are found by keyword, vectors stay pending. */
  readonly textOnly?: boolean | undefined
  /** Don't fit the model anew, however much the corpus has grown. */
  readonly noRefit?: boolean | undefined
  /** What is embedded also leaves as batches into this folder, beside those of earlier runs. */
  readonly msgpackOut?: string | undefined
}

/** Something that was not taken in, and why. */
export interface InputFailure {
  readonly source: string
  readonly code: ErrorCode
  readonly message: string
}

/** Something of an input that was read as far as it goes, or left out. The input itself was taken in. */
export interface InputFault {
  readonly source: string
  /** Of the file, from 1. */
  readonly line?: number | undefined
  readonly message: string
}

/** The plan of an ingest (`--dry-run`): what would happen, by reading as little as possible. */
export interface IngestPlan {
  readonly corpus: string
  readonly add: readonly string[]
  readonly update: readonly string[]
  readonly unchanged: number
  readonly remove: readonly string[]
  readonly failed: readonly InputFailure[]
  /** Files of types that are not read, by extension. */
  readonly ignored: Readonly<Record<string, number>>
}

/** What left as batches. */
export interface LeftBatches {
  readonly dir: string
  /** The number of the run in the folder; absent when there was nothing to write. */
  readonly run?: number | undefined
  readonly files: readonly {readonly file: string; readonly records: number; readonly sizeBytes: number}[]
  readonly documents: number
  readonly records: number
  readonly vectors: number
  /** Documents that are named as deleted. */
  readonly deleted: number
  /** Of the files, that of a learned model included. */
  readonly bytes: number
  /** Documents that changed and have chunks without a vector: they leave when they have them. */
  readonly waiting: number
}

export interface IngestReport {
  readonly corpus: string
  readonly model: string
  readonly dimension: number
  readonly documents: {
    readonly added: number
    readonly updated: number
    readonly unchanged: number
    readonly deleted: number
    readonly failed: number
  }
  readonly chunks: {
    readonly added: number
    readonly kept: number
    readonly deleted: number
    readonly total: number
    readonly pending: number
  }
  readonly cache: {readonly embedHits: number; readonly embedMisses: number; readonly hitRate: number}
  readonly checkpoints: number
  readonly seconds: number
  /** Seconds until all text was searchable by keyword. */
  readonly textSeconds: number
  readonly documentsPerSecond: number
  readonly chunksPerSecond: number
  readonly indexDir: string
  readonly failed: readonly InputFailure[]
  /** Of the inputs that were read in this run. */
  readonly faults: readonly InputFault[]
  readonly ignored: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  /** With `msgpackOut`. */
  readonly left?: LeftBatches | undefined
  /** Why vectors are missing: the model could not be reached or used; or why batches could not leave. The text part is done all the same. */
  readonly failure?: RagError | undefined
  /** True when the call was interrupted: everything committed is safe, the rest is still to do. */
  readonly interrupted: boolean
}

/** One document given as text. */
export interface UpsertRequest {
  readonly corpus: string
  readonly docId: string
  readonly text: string
  readonly title?: string | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

export interface UpsertReport {
  readonly accepted: boolean
  readonly docId: string
  readonly upsertedDocs: number
  readonly skippedDocs: number
  readonly chunksCreated: number
  readonly corpusVersion: number
}
