import {knownSecrets} from '../model/secrets/known-secrets.js'
import type {Logger} from '../ports/surroundings.js'
import type {RagOptions} from './rag-options.js'

/** Keys and passwords of the options are masked from now on, wherever something is told. */
export function keepSecrets({embedding = {}, chat = {}, models = {}}: RagOptions): void {
  for (const key of [embedding.endpointKey, embedding.openaiKey, chat.openaiKey, models.hubToken])
    knownSecrets.addKey(key)
  const {proxy = {}} = embedding
  for (const address of [
    embedding.endpoint,
    embedding.openaiBaseUrl,
    embedding.ollamaHost,
    proxy.http,
    proxy.https,
    chat.openaiBaseUrl,
    chat.ollamaHost,
    chat.bedrockEndpoint,
    models.hubEndpoint,
  ])
    knownSecrets.addAddress(address)
}

/** A logger that is told no secret. */
export function withoutSecrets(logger: Logger): Logger {
  const clean = (fields: Parameters<Logger['info']>[1]): typeof fields =>
    fields && (JSON.parse(knownSecrets.mask(JSON.stringify(fields))) as typeof fields)
  return {
    debug: (message, fields) => logger.debug(knownSecrets.mask(message), clean(fields)),
    info: (message, fields) => logger.info(knownSecrets.mask(message), clean(fields)),
    warn: (message, fields) => logger.warn(knownSecrets.mask(message), clean(fields)),
  }
}
