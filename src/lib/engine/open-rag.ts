import type {Rag} from './rag.js'
import type {RagOptions} from './rag-options.js'

/** Opens a store. Nothing is read or made until the first call. */
export async function openRag(_options: RagOptions): Promise<Rag> {
  throw new Error('not wired yet')
}
