import {httpProvider} from '../adapters/http/http-provider.js'
import {HttpModelHub} from '../adapters/http/model-hub.js'
import {ModelFolders} from '../adapters/transformers/model-folders.js'
import {transformersProvider} from '../adapters/transformers/transformers-provider.js'
import type {RetryTools} from '../kernel/retry.js'
import type {EmbedderProvider} from '../ports/embedder-provider.js'
import type {HttpClient} from '../ports/http.js'
import type {ModelLibrary} from '../ports/model-library.js'
import type {RagOptions} from './rag-options.js'
import {workerUrl} from './worker-url.js'

/** What serves models that are not learned from the corpus. */
export interface ServedModels {
  /** The caller's own first. */
  readonly providers: readonly EmbedderProvider[]
  /** Models that run in this process. */
  readonly library: ModelLibrary
  close(): Promise<void>
}

export function createProviders(
  {embedding = {}, models = {}, providers: own = []}: RagOptions,
  {threads, http, tools}: {readonly threads: number; readonly http: HttpClient; readonly tools: RetryTools},
): ServedModels {
  const {dir, hubEndpoint: endpoint, hubToken: token, offline} = models
  const hub = offline ? undefined : new HttpModelHub({http, tools, endpoint, token})
  const library = new ModelFolders({dir, hub, clock: tools.clock})
  const providers = [
    ...own,
    httpProvider(http, embedding, tools),
    transformersProvider({library, threads, workerUrl}),
  ]
  return {
    providers,
    library,
    async close() {
      for (const provider of providers) await provider.close?.()
    },
  }
}
