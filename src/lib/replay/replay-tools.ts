import type {DocumentPut} from '../model/batch.js'
import type {BatchHeader} from '../model/batch-record.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {ContentKey, DocumentStore} from '../ports/store/store.js'
import type {ReadRecords} from './reading/read-records.js'
import type {ReadyDocument} from '../model/ready-document.js'
import type {Clock, ProgressSink} from '../ports/surroundings.js'

/** Takes prepared documents; what `flush` has returned from is durable. */
export interface DocumentSink {
  /** A promise only when there is something to wait for. */
  put(document: DocumentPut): Promise<void> | undefined
  flush(): Promise<void>
  /** Chunks of documents that were new or changed, since the last call. The others were there already. */
  takeStored(): number
}

/** What the replay of batches works with. */
export interface ReplayTools {
  readonly files: BatchFiles
  readonly clock: Clock
  readonly read: ReadRecords
  /** Called after each group of records with whether many of it were to be stored: only then is preparing ahead of use. */
  readonly foresee: (isWanted: boolean) => void
  readonly store: Pick<DocumentStore, 'knownContent'>
  readonly prepare: (input: ReadyDocument) => Promise<DocumentPut>
  /**
   * Decides whether vectors of a batch may enter the corpus, and makes its embedding version for the first.
   * @throws RagError MODEL_MISMATCH | DIMENSION_MISMATCH | USAGE when no model is named anywhere
   */
  readonly acceptVectors: (header: BatchHeader, dimension: number) => Promise<void>
}

/** The corpus that is being written. Without a sink nothing is: a dry run. */
export interface ReplayTarget {
  readonly corpusId: number | undefined
  readonly sink: DocumentSink | undefined
  readonly pipeline: string
  readonly language?: string | undefined
}

export interface ReplayRules {
  readonly reembed: boolean
  readonly skipExisting: boolean
  readonly strict: boolean
}

export interface ReplayCall {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}

export type {ContentKey}
