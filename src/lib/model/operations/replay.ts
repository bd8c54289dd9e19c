import type {CorpusSettings} from '../corpus.js'
import type {ErrorCode} from '../errors/error-table.js'
import type {RagError} from '../errors/rag-error.js'
import type {InputFailure} from './ingest.js'

/** Which batches to load, and what to do about vectors. At least one of `files` and `globs`. */
export interface ReplayRequest {
  readonly corpus: string
  /** Paths, taken in this order, after what `globs` match. */
  readonly files?: readonly string[] | undefined
  /** Patterns of paths; what they match is taken in the order of the paths. */
  readonly globs?: readonly string[] | undefined
  /** Settings given explicitly; they are kept with the corpus. */
  readonly settings?: Partial<CorpusSettings> | undefined
  /** Make every vector anew by the corpus's model, whatever the records bring. */
  readonly reembed?: boolean | undefined
  /** Store zeros of this length where a record has no vector and the corpus's model can't make one here. */
  readonly dummyFill?: number | undefined
  /** Pass over records whose content the corpus holds already. */
  readonly skipExisting?: boolean | undefined
  readonly embedBatchSize?: number | undefined
  /** Wait so long after each call of the embedder. */
  readonly sleepMs?: number | undefined
  /** Move files that were replayed whole into a folder. */
  readonly archive?: {readonly dir: string; readonly compress?: boolean | undefined} | undefined
  /** The first bad record ends the call; what was committed before stays. Of an export with a missing batch nothing is taken. */
  readonly strict?: boolean | undefined
  /** Names of files that are done, kept between calls: those in it and unchanged since are not read again. */
  readonly stateFile?: string | undefined
  /** Absolute paths of batches that the caller knows to be loaded: exports that name them count them as taken. For whoever takes batches as they come. */
  readonly taken?: ReadonlySet<string> | undefined
  readonly dryRun?: boolean | undefined
}

export interface ReplayFileReport {
  readonly file: string
  /** Records read, bad ones included. */
  readonly records: number
  readonly inserted: number
  /** By `skipExisting`. */
  readonly skipped: number
  /** Content that another record of the set had before. */
  readonly duplicates: number
  readonly failed: number
  /** The first fault of the file, if any. */
  readonly error?: {readonly code: ErrorCode; readonly message: string} | undefined
  /** Every record was read, and stored, skipped or a duplicate. */
  readonly whole: boolean
  readonly archivedAs?: string | undefined
}

/** A batch that a manifest names, that is not there, and that was not taken before either. */
export interface MissingBatch {
  /** Where it should lie. */
  readonly file: string
  readonly records: number
}

export interface ReplayReport {
  readonly corpus: string
  readonly model: string
  readonly dimension: number
  readonly dryRun: boolean
  readonly files: readonly ReplayFileReport[]
  /** Of the exports that the files are of. Each is a failure too; what its run deletes was kept. */
  readonly missing: readonly MissingBatch[]
  readonly inserted: number
  readonly skipped: number
  readonly duplicates: number
  readonly failed: number
  /** Chunks stored with a placeholder. */
  readonly dummies: number
  readonly chunks: {readonly total: number; readonly pending: number; readonly dummy: number}
  readonly cache: {readonly embedHits: number; readonly embedMisses: number; readonly hitRate: number}
  readonly checkpoints: number
  readonly seconds: number
  readonly recordsPerSecond: number
  /** Every bad record and file, with file, record number and byte offset in its message; at most 1,000. */
  readonly failures: readonly InputFailure[]
  readonly notes: readonly string[]
  /** Why vectors are missing: the model could not be reached or used. The text part is done all the same. */
  readonly failure?: RagError | undefined
  readonly interrupted: boolean
}
