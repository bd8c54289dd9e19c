import {holdsPassword} from '../../model/secrets/addresses.js'
import {addressHoldsPassword, notAnAddress} from '../../model/errors/request/settings.js'
import {chatModelUnknown} from '../../model/errors/model/chat.js'
import type {ChatModel} from '../../ports/chat-model.js'
import {bedrockChat} from './bedrock-chat.js'
import {ollamaChat} from './ollama-chat.js'
import {openaiChat} from './openai-chat.js'
import type {ChatNetwork} from './post-stream.js'

/** Where the services are, and their keys. */
export interface ChatPlaces {
  readonly openaiBaseUrl?: string | undefined
  readonly openaiKey?: string | undefined
  readonly ollamaHost?: string | undefined
  readonly awsRegion?: string | undefined
  readonly bedrockEndpoint?: string | undefined
}

const OPENAI = 'https://api.openai.com/v1'
const OLLAMA = 'http://127.0.0.1:11434'

/** A chat model by its name. Nothing is sent yet. @throws RagError USAGE | NATIVE_MODULE_MISSING */
export async function createChatModel(
  name: string,
  places: ChatPlaces,
  network: ChatNetwork,
): Promise<ChatModel> {
  const [, service, model] = /^(openai|ollama|bedrock):(\S+)$/.exec(name) ?? []
  if (service === undefined || model === undefined) throw chatModelUnknown(name)
  if (service === 'bedrock')
    return bedrockChat(model, {region: places.awsRegion, endpoint: places.bedrockEndpoint})
  if (service === 'ollama')
    return ollamaChat(network, model, address(places.ollamaHost ?? OLLAMA, 'OLLAMA_HOST'))
  const baseUrl = address(places.openaiBaseUrl ?? OPENAI, 'OPENAI_BASE_URL')
  return openaiChat(network, model, {baseUrl, key: places.openaiKey})
}

/** Ollama's variable may lack the scheme. @throws RagError USAGE */
function address(raw: string, variable: string): string {
  if (holdsPassword(raw))
    throw addressHoldsPassword({what: variable, address: raw, variable: 'OPENAI_API_KEY'})
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(raw) ? raw : `http://${raw}`
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text
  throw notAnAddress(variable)
}
