import type {Place} from './block.js'
import type {ModelSpec, VectorKind} from './embedding.js'
import type {Metadata} from './metadata.js'

/** What a batch says of itself beside its records. All of it may be missing. */
export interface BatchHeader {
  readonly version?: number | undefined
  readonly source?: string | undefined
  readonly batchTag?: string | undefined
  /** ISO 8601. */
  readonly createdAt?: string | undefined
  readonly embeddingDim?: number | undefined
  /** The model that made the vectors, by whatever name its user knows it. */
  readonly model?: string | undefined
  /** Present in what `rag export` wrote. */
  readonly origin?: BatchOrigin | undefined
}

/** What an exported batch was taken from: enough to make the same corpus of it. */
export interface BatchOrigin {
  readonly corpus: string
  /** The corpus's settings, as JSON. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly dimension?: number | undefined
  readonly fingerprint?: string | undefined
  /** How a served model is named and used. */
  readonly spec?: ModelSpec | undefined
}

/** A record of a batch, checked. */
export interface BatchRecord {
  readonly text: string
  readonly embedding?: Float32Array | undefined
  readonly metadata: Metadata
  readonly source?: string | undefined
  readonly batchTag?: string | undefined
  /** Present in what `rag export` wrote. */
  readonly chunk?: ExportedChunk | undefined
}

/** Where an exported record stood. Records of one document follow each other, in order. */
export interface ExportedChunk {
  readonly docId: string
  /** From 1; 0 for a document without text, which has one record. */
  readonly ordinal: number
  /** Chunks of the document. */
  readonly of: number
  readonly heading: readonly string[]
  /** Both 0 for one whose place is no range of lines. */
  readonly lines: readonly [number, number]
  /** Where it stands when that is no range of lines. */
  readonly place?: Place | undefined
  readonly tokens: number
  readonly overlap: number
  /** The chunk's own metadata; the record's is the document's with it laid over. */
  readonly metadata?: Metadata | undefined
  /** `none`: it had no vector when it was exported. */
  readonly vector: VectorKind | 'none'
  /** On the document's first record. */
  readonly document?: ExportedDocument | undefined
}

export interface ExportedDocument {
  readonly docHash: string
  readonly title: string
  readonly language: string
  readonly metadata: Metadata
  readonly source: {
    readonly source: string
    readonly root?: string | undefined
    readonly sizeBytes?: number | undefined
    readonly mtimeMs?: number | undefined
    readonly sha256?: string | undefined
    readonly readAtMs?: number | undefined
    readonly pipeline?: string | undefined
  }
}
