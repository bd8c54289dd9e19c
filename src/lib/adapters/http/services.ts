import {addressHoldsPassword} from '../../model/errors/request/settings.js'
import {holdsPassword} from '../../model/secrets/addresses.js'

/** How a kind of service is asked for embeddings. */
export interface EmbeddingService {
  /** `openai`, `ollama`, `tei`, `http`. */
  readonly provider: string
  readonly url: string
  /** The model's name as the service knows it. */
  readonly model: string
  readonly key?: string | undefined
  /** Bodies to ask with; the first that is understood is used from then on. */
  readonly bodies: readonly ((texts: readonly string[]) => unknown)[]
}

export interface ServiceOptions {
  /** Used for `http`, and by the name `endpoint`. */
  readonly endpoint?: string | undefined
  readonly openaiBaseUrl?: string | undefined
  readonly openaiKey?: string | undefined
  readonly ollamaHost?: string | undefined
  /** For `tei:` and `http`. */
  readonly endpointKey?: string | undefined
}

const DEFAULT_ENDPOINT = 'http://127.0.0.1:8000/model/embed'

const NAMES = /^(openai|ollama|tei):(.+)$|^(https?:\/\/.+)$|^(endpoint)$/

export const isService = (model: string): boolean => NAMES.test(model)

/** The service that a model's name means. */
export function serviceOf(model: string, options: ServiceOptions): EmbeddingService {
  const [, kind, name = '', url] = NAMES.exec(model) ?? []
  if (kind === 'openai') return openai(name, options)
  if (kind === 'ollama') return ollama(name, options)
  if (kind === 'tei') return tei(name, options)
  return endpoint(url, options)
}

const keyed = (key: string | undefined): {readonly key?: string | undefined} =>
  key === undefined ? {} : {key}

const openai = (name: string, {openaiBaseUrl, openaiKey}: ServiceOptions): EmbeddingService => ({
  provider: 'openai',
  url: `${base(open('OPENAI_BASE_URL', openaiBaseUrl, 'OPENAI_API_KEY') ?? 'https://api.openai.com/v1')}/embeddings`,
  model: name,
  ...keyed(openaiKey),
  bodies: [(input) => ({model: name, input, encoding_format: 'float'})],
})

const ollama = (name: string, {ollamaHost}: ServiceOptions): EmbeddingService => ({
  provider: 'ollama',
  url: `${base(open('OLLAMA_HOST', ollamaHost, 'EMBED_API_KEY') ?? 'http://127.0.0.1:11434')}/api/embed`,
  model: name,
  bodies: [(input) => ({model: name, input, truncate: true})],
})

const tei = (url: string, {endpointKey}: ServiceOptions): EmbeddingService => ({
  provider: 'tei',
  url: url.endsWith('/embed') ? unnamed(url) : `${base(unnamed(url))}/embed`,
  model: pathOf(url),
  ...keyed(endpointKey),
  bodies: [(inputs) => ({inputs, truncate: true})],
})

const endpoint = (url: string | undefined, options: ServiceOptions): EmbeddingService => ({
  provider: 'http',
  url:
    url === undefined
      ? (open('EMBED_ENDPOINT', options.endpoint, 'EMBED_API_KEY') ?? DEFAULT_ENDPOINT)
      : unnamed(url),
  model: url === undefined ? 'endpoint' : pathOf(url),
  ...keyed(options.endpointKey),
  bodies: [(texts) => ({texts}), (inputs) => ({inputs}), (input) => ({input})],
})

/** @throws RagError USAGE for an address with a password in it */
function open(what: string, address: string | undefined, variable: string): string | undefined {
  if (address !== undefined && holdsPassword(address)) throw addressHoldsPassword({what, address, variable})
  return address
}

/** A name and password in the name of a model of an earlier version of rag: they were never sent. */
const unnamed = (url: string): string => url.replace(/^(https?:\/\/)[^/?#]*@/i, '$1')

const base = (url: string): string => (/^https?:\/\//.test(url) ? url : `http://${url}`).replace(/\/+$/, '')

/** A service may move to another host without becoming another. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url
}
