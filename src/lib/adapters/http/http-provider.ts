import type {EmbedderProvider} from '../../ports/embedder-provider.js'
import {httpClient} from './http-client.js'
import {HttpEmbedder} from './http-embedder.js'
import {JsonClient, type JsonClientOptions} from './json-client.js'
import type {Proxies} from './proxy-choice.js'
import {isService, serviceOf, type ServiceOptions} from './services.js'

export type HttpProviderOptions = ServiceOptions & JsonClientOptions & {readonly proxy?: Proxies}

/** Serves models behind an address: `openai:NAME`, `ollama:NAME`, `tei:URL`, `http(s)://…`, and `endpoint`. */
export function httpProvider(options: HttpProviderOptions): EmbedderProvider & {close(): Promise<void>} {
  const http = httpClient(options)
  const client = new JsonClient(http, options)
  return {
    provider: 'http',
    serves: isService,
    open: (spec, {known, signal}) =>
      HttpEmbedder.open(
        {client, service: serviceOf(spec.model, options), spec},
        {...(known ? {known} : {}), ...(signal ? {signal} : {})},
      ),
    close: () => http.close(),
  }
}
