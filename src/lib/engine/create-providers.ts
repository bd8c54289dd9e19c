import {randomInt} from 'node:crypto'
import {httpProvider} from '../adapters/http/http-provider.js'
import {HttpModelHub} from '../adapters/http/model-hub.js'
import {ModelFolders} from '../adapters/transformers/model-folders.js'
import {transformersProvider} from '../adapters/transformers/transformers-provider.js'
import type {EmbedderProvider} from '../ports/embedder-provider.js'
import type {HttpClient} from '../ports/http.js'
import type {ModelLibrary} from '../ports/model-library.js'
import type {Clock} from '../ports/surroundings.js'
import type {RagOptions} from './rag-options.js'
import {workerUrl} from './worker-url.js'

/** How long a busy service is left alone differs between processes, and is no part of any result. */
const jitter = (): number => randomInt(2 ** 32) / 2 ** 32

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
  {clock, threads, http}: {readonly clock: Clock; readonly threads: number; readonly http: HttpClient},
): ServedModels {
  const {dir, hubEndpoint: endpoint, hubToken: token, offline} = models
  const hub = offline
    ? undefined
    : new HttpModelHub({http, ...(endpoint ? {endpoint} : {}), ...(token ? {token} : {})})
  const library = new ModelFolders({dir, hub, clock})
  const providers = [
    ...own,
    httpProvider(http, {...embedding, random: jitter}),
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
