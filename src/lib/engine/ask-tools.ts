import type {ChatModel} from '../ports/chat-model.js'
import type {Environment} from './environment.js'
import type {CallOptions} from './rag-options.js'
import type {SearchEngine} from './search-engine.js'

export interface AskTools {
  readonly env: Environment
  readonly searches: SearchEngine
  /** Opens a chat model by name, once. @throws RagError USAGE | NATIVE_MODULE_MISSING */
  readonly chatModel: (name: string) => Promise<ChatModel>
}

/** How to answer one question, beside the question. */
export interface AskCall extends CallOptions {
  /** Told of each piece of the answer as it comes. */
  readonly onText?: (piece: string) => void
}
