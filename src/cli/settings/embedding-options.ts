import type {EmbeddingOptions} from '../../lib/index.js'
import type {RagConfig} from './resolve-config.js'
import type {Surroundings} from '../surroundings.js'

/** Where embedding services are, by the settings and the usual variables. Keys come from the environment alone. */
export function embeddingOptions(settings: RagConfig, env: Surroundings['env']): EmbeddingOptions {
  return {
    allowRedirects: settings.allow_redirects.value === 'on',
    endpoint: settings.embed_endpoint.value,
    endpointKey: env['EMBED_API_KEY'],
    openaiBaseUrl: env['OPENAI_BASE_URL'],
    openaiKey: env['OPENAI_API_KEY'],
    ollamaHost: env['OLLAMA_HOST'],
    proxy: {
      http: env['http_proxy'] ?? env['HTTP_PROXY'],
      https: env['https_proxy'] ?? env['HTTPS_PROXY'],
      no: env['no_proxy'] ?? env['NO_PROXY'],
    },
  }
}
