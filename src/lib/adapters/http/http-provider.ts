import type {RetryTools} from '../../kernel/retry.js'
import type {EmbedderProvider} from '../../ports/embedder-provider.js'
import type {HttpClient} from '../../ports/http.js'
import {HttpEmbedder} from './http-embedder.js'
import {JsonClient, type JsonClientOptions} from './json-client.js'
import {isService, serviceOf, type ServiceOptions} from './services.js'

export type HttpProviderOptions = ServiceOptions & JsonClientOptions

/** Serves models behind an address: `openai:NAME`, `ollama:NAME`, `tei:URL`, `http(s)://…`, and `endpoint`. */
export function httpProvider(
  http: HttpClient,
  options: HttpProviderOptions,
  tools: RetryTools,
): EmbedderProvider {
  const client = new JsonClient(http, options, tools)
  return {
    provider: 'http',
    serves: isService,
    open: (spec, {known, signal}) =>
      HttpEmbedder.open({client, service: serviceOf(spec.model, options), spec}, {known, signal}),
  }
}
