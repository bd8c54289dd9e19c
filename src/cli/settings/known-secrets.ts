import {knownSecrets} from '../../lib/index.js'
import type {Surroundings} from '../surroundings.js'

/** Variables that hold a key. */
const KEYS = [
  'EMBED_API_KEY',
  'OPENAI_API_KEY',
  'HF_TOKEN',
  'HUGGING_FACE_HUB_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_BEARER_TOKEN_BEDROCK',
]

/** Variables that hold an address, which may have a password in it. */
const ADDRESSES = [
  'EMBED_ENDPOINT',
  'RAG_MODEL',
  'EMBED_MODEL_NAME',
  'OPENAI_BASE_URL',
  'OLLAMA_HOST',
  'HF_ENDPOINT',
  'AWS_ENDPOINT_URL_BEDROCK_RUNTIME',
  'DATABASE_URL',
  'SUPABASE_DB_URL',
  ...['http', 'https', 'all'].flatMap((kind) => [`${kind}_proxy`, `${kind.toUpperCase()}_PROXY`]),
]

/** What of the environment and the arguments is secret is masked from now on, before anything is said. */
export function keepSecrets(env: Surroundings['env'], argv: readonly string[]): void {
  for (const name of KEYS) knownSecrets.addKey(env[name])
  for (const name of ADDRESSES) knownSecrets.addAddress(env[name])
  for (const word of argv) if (word.includes('//')) knownSecrets.addAddress(word.slice(word.indexOf('//')))
}
