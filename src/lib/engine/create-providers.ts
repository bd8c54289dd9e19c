import type {EmbedderProvider} from '../ports/embedder-provider.js'
import type {RagOptions} from './rag-options.js'

/** All that serves models which are not learned from the corpus; the caller's own are asked first. */
export async function createProviders(options: RagOptions): Promise<readonly EmbedderProvider[]> {
  const {httpProvider} = await import('../adapters/http/http-provider.js')
  return [...(options.providers ?? []), httpProvider(options.embedding ?? {})]
}
