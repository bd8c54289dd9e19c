import type {EmbedderIdentity, ModelSpec} from '../model/embedding.js'
import type {Embedder} from './embedder.js'
import type {ProgressSink} from './surroundings.js'

/** Serves models that are not learned from the corpus: run in this process, or asked for over the network. */
export interface EmbedderProvider {
  /** Kept with each embedding version: `transformers`, `openai`, `ollama`, `tei`, `http`. */
  readonly provider: string
  /** Whether a model of this name is its own. Pure; of all providers one at most says so. */
  serves(model: string): boolean
  /**
   * Sees that a model is at hand, before work begins that would be of no use without it; may fetch it.
   * @throws RagError MODEL_MISSING | MODEL_UNUSABLE | USAGE | INTERRUPTED
   */
  prepare?(
    spec: ModelSpec,
    call: {readonly signal?: AbortSignal | undefined; readonly onProgress?: ProgressSink | undefined},
  ): Promise<void>
  /**
   * Opens a model and finds out its identity: from its folder, or by asking for one vector. With `known`, that of the vectors stored so
   * far, a service need not be asked: its first answer is held against it instead.
   * @throws RagError MODEL_MISSING | MODEL_UNUSABLE | MODEL_DAMAGED | EMBEDDER_UNREACHABLE | EMBEDDER_REFUSED | EMBEDDER_BAD_ANSWER | MODEL_MISMATCH
   */
  open(
    spec: ModelSpec,
    options: {
      readonly kind: 'query' | 'passage'
      readonly known?: EmbedderIdentity | undefined
      readonly signal?: AbortSignal | undefined
      /** Called while a model is fetched. */
      readonly onProgress?: ProgressSink | undefined
    },
  ): Promise<Embedder>
  /** Gives connections back. */
  close?(): Promise<void>
}
