import {parseAge} from '../flags/parse-age.js'
import {parseSize} from '../flags/parse-size.js'

/** One setting: where it may be given, how it is read, and what holds when nobody gave it. */
export interface Setting<T> {
  readonly about: string
  /** Environment variables, the first that is set counts. */
  readonly env: readonly string[]
  /** The value of a text, or undefined when it is not one. */
  readonly parse: (text: string) => T | undefined
  /** What a right value is, in words: `a whole number from 1`. */
  readonly wanted: string
  readonly fallback?: T
  /** Shown by `rag config` when there is no fallback: who decides then. */
  readonly otherwise?: string
  /** The value is not shown. */
  readonly secret?: true
  /** Accepted, but changes nothing in this version: `rag config` does not list it. */
  readonly unused?: true
}

const text = (raw: string): string | undefined => (raw === '' ? undefined : raw)

const oneOf =
  <const T extends string>(...words: readonly T[]) =>
  (raw: string): T | undefined =>
    words.find((word) => word === raw)

/** A whole number from `least` up. */
export function wholeNumber(
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (raw: string) => number | undefined {
  return (raw) => {
    const value = /^\d{1,16}$/.test(raw) ? Number(raw) : NaN
    return value >= least && value <= most ? value : undefined
  }
}

const seconds =
  (least: number, most: number) =>
  (raw: string): number | undefined => {
    const value = /^\d{0,15}\.?\d{1,15}$/.test(raw) ? Number(raw) : NaN
    return value >= least && value <= most ? value : undefined
  }

/** Every setting of `rag`, by its name in `.rag/config.json`. The flag of the same meaning has `-` for `_`. */
export const SETTINGS = {
  corpus: {
    about: 'corpus to work on',
    env: ['RAG_CORPUS'],
    parse: text,
    wanted: 'a corpus name',
    fallback: 'default',
  },
  model: {
    about: 'embedding model of corpora made from now on',
    env: ['RAG_MODEL', 'EMBED_MODEL_NAME'],
    parse: text,
    wanted: 'a model name',
    otherwise: "the corpus's own; lsa for a new one",
  },
  index_dir: {
    about: 'folder of the index segments',
    env: ['INDEX_DIR'],
    parse: text,
    wanted: 'a folder',
    otherwise: 'indexes/ in the data folder',
  },
  max_workers: {
    about: 'worker threads',
    env: ['RAG_MAX_WORKERS'],
    parse: wholeNumber(1, 1024),
    wanted: 'a whole number from 1 to 1024',
    otherwise: 'all cores',
  },
  durability: {
    about: 'full syncs the witness of each commit; normal leaves it to the system until the store is closed',
    env: ['RAG_DURABILITY'],
    parse: oneOf('full', 'normal'),
    wanted: 'full or normal',
    fallback: 'full',
  },
  chunk_size: {
    about: 'tokens a chunk',
    env: [],
    parse: wholeNumber(1),
    wanted: 'a whole number from 1',
    otherwise: "the corpus's own",
  },
  chunk_overlap: {
    about: 'tokens that a chunk repeats of the one before',
    env: [],
    parse: wholeNumber(0),
    wanted: 'a whole number from 0',
    otherwise: "the corpus's own",
  },
  batch_size: {
    about: 'documents a commit of ingest',
    env: [],
    parse: wholeNumber(1),
    wanted: 'a whole number from 1',
    fallback: 100,
  },
  embed_batch_size: {
    about: 'texts given to the embedder at once',
    env: [],
    parse: wholeNumber(1),
    wanted: 'a whole number from 1',
    otherwise: "the embedder's own",
  },
  max_file_size: {
    about: 'files over it are not read by ingest',
    env: [],
    parse: parseSize,
    wanted: 'a size such as 64MB',
    fallback: 64 * 1024 ** 2,
  },
  embed_endpoint: {
    about: 'address of the embedding service that the model "endpoint" means',
    env: ['EMBED_ENDPOINT'],
    parse: text,
    wanted: 'an address',
    fallback: 'http://127.0.0.1:8000/model/embed',
  },
  allow_redirects: {
    about: 'whether texts follow an embedding service that leads to another host',
    env: ['RAG_ALLOW_REDIRECTS'],
    parse: oneOf('on', 'off'),
    wanted: 'on or off',
    fallback: 'off',
  },
  embed_timeout: {
    about: "seconds that a search waits for its query's vector before keyword search answers alone",
    env: ['RAG_EMBED_TIMEOUT'],
    parse: seconds(0.01, 3600),
    wanted: 'a number from 0.01 to 3600',
    otherwise: '2 for a service; as long as it takes for a model in this process',
  },
  model_dir: {
    about: 'folder of the models that run in this process',
    env: ['RAG_MODEL_DIR'],
    parse: text,
    wanted: 'a folder',
    otherwise: "rag/models in the user's cache folder",
  },
  cache: {
    about: 'whether vectors and results are cached',
    env: ['RAG_CACHE'],
    parse: oneOf('on', 'off'),
    wanted: 'on or off',
    fallback: 'on',
  },
  cache_dir: {
    about: 'folder of cache.db',
    env: ['RAG_CACHE_DIR'],
    parse: text,
    wanted: 'a folder',
    otherwise: 'the data folder',
  },
  cache_limit_embeddings: {
    about: 'most bytes of cached vectors',
    env: [],
    parse: parseSize,
    wanted: 'a size such as 1GB',
    fallback: 1.5 * 1024 ** 3,
  },
  cache_limit_retrieval: {
    about: 'most bytes of cached search results',
    env: [],
    parse: parseSize,
    wanted: 'a size such as 1GB',
    fallback: 0.25 * 1024 ** 3,
  },
  cache_limit_answers: {
    about: 'most bytes of cached answers',
    env: [],
    parse: parseSize,
    wanted: 'a size such as 1GB',
    fallback: 0.25 * 1024 ** 3,
  },
  cache_ttl: {
    about: 'do not use cached results that are older',
    env: [],
    parse: parseAge,
    wanted: 'a time such as 30d, 12h or 90m',
    otherwise: 'no limit: a result never goes out of date',
  },
  mode: {
    about: 'sides that a search asks',
    env: [],
    parse: oneOf('hybrid', 'keyword', 'vector'),
    wanted: 'hybrid, keyword or vector',
    fallback: 'hybrid',
  },
  top_k: {
    about: 'hits of a search',
    env: [],
    parse: wholeNumber(1, 1000),
    wanted: 'a whole number from 1 to 1000',
    fallback: 10,
  },
  chat_model: {
    about: 'model that rag ask lets answer: openai:NAME, ollama:NAME or bedrock:MODEL',
    env: ['RAG_CHAT_MODEL'],
    parse: text,
    wanted: 'the name of a chat model',
    otherwise: 'none: sentences of the documents',
  },
  log_level: {
    about: 'least level of structured log lines on stderr',
    env: ['RAG_LOG_LEVEL'],
    parse: oneOf('debug', 'info', 'warn', 'silent'),
    wanted: 'debug, info, warn or silent',
    otherwise: 'off: warnings are plain lines',
  },
  log_format: {
    about: 'json writes structured log lines even without a level',
    env: ['RAG_LOG_FORMAT'],
    parse: oneOf('text', 'json'),
    wanted: 'text or json',
    otherwise: 'text',
  },
  database_url: {
    about: 'address of a PostgreSQL store',
    env: ['DATABASE_URL', 'SUPABASE_DB_URL'],
    parse: text,
    wanted: 'a URL',
    otherwise: 'none',
    secret: true,
    unused: true,
  },
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof SETTINGS
export type SettingValue<K extends SettingName> = Exclude<
  ReturnType<(typeof SETTINGS)[K]['parse']>,
  undefined
>

/** The line for `--help`: what it is and which environment variables give it. */
export function withEnv(about: string, ...names: readonly string[]): string {
  return names.length === 0 ? about : `${about} [env: ${names.join(' or ')}]`
}
