import type {Analyser} from '../ports/analyser.js'
import type {Chunker} from '../ports/chunker.js'
import type {DocumentLoaders} from '../ports/document-loader.js'
import type {Lease} from '../ports/store/lease.js'
import type {SourceTree} from '../ports/files/source-tree.js'
import type {DocumentStore} from '../ports/store/store.js'
import type {Clock, Digest, ProgressSink} from '../ports/surroundings.js'

/** What the ingest stage works with. */
export interface IngestTools {
  readonly tree: SourceTree
  readonly loaders: DocumentLoaders
  readonly chunker: Chunker
  readonly analyser: Analyser
  readonly digest: Digest
  readonly clock: Clock
  readonly store: Pick<DocumentStore, 'getDocument' | 'listSources'>
}

/** The corpus being written, as far as this stage needs to know it. */
export interface IngestTarget {
  readonly corpusId: number
  readonly lease: Lease
  /** Analysis language for every document; absent = detected. */
  readonly language?: string | undefined
  /**
   * Asked before vectors that came with a document are stored; makes the embedding version when it is the first.
   * @throws RagError MODEL_MISMATCH | DIMENSION_MISMATCH
   */
  readonly acceptVectors: (dimension: number) => Promise<void>
}

export interface StageCall {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}
