import type {ChatModel} from '../ports/chat-model.js'
import type {Services} from '../ports/services.js'
import type {CallOptions} from '../model/operations/call.js'
import type {SearchEngine} from '../retrieve/search-engine.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'analyser' | 'cache' | 'clock' | 'digest' | 'logger' | 'store'>

export interface AskTools {
  readonly services: Needs
  readonly searches: SearchEngine
  /** Opens a chat model by name, once. @throws RagError USAGE | NATIVE_MODULE_MISSING */
  readonly chatModel: (name: string) => Promise<ChatModel>
}

/** How to answer one question, beside the question. */
export interface AskCall extends CallOptions {
  /** Called with each piece of the answer as it comes. */
  readonly onText?: ((piece: string) => void) | undefined
}
