import type {CacheTable, KeyValueCache} from '../ports/store/key-value-cache.js'
import type {EmbedderProvider} from '../ports/embedder-provider.js'
import type {ChatModel} from '../ports/chat-model.js'
import type {Durability} from '../ports/store/commit-witness.js'
import type {Clock, Logger} from '../ports/surroundings.js'

/** Caches of a store. Anything in them may be deleted at any time. */
export interface CacheOptions {
  /** A cache of the caller's own, which stays the caller's to close; the rest then says nothing. */
  readonly store?: KeyValueCache | undefined
  /** Folder of `cache.db`. Default: the data folder. */
  readonly dir?: string | undefined
  /** Most bytes of each table. Together 2 GiB by default. */
  readonly limits?: Partial<Readonly<Record<CacheTable, number>>> | undefined
  /** Older results are not used. Default: no limit; a result never goes out of date. */
  readonly ttlMs?: number | undefined
  /** Neither use nor keep anything. */
  readonly off?: boolean | undefined
}

/** How to open a store with `openRag`. Only `dataDir` is needed. */
export interface RagOptions {
  /** Folder of the store. Made by the first call that writes; a call that only reads never makes it. */
  readonly dataDir: string
  /** Index segments elsewhere (a faster disk, say). Default `dataDir/indexes`. */
  readonly indexDir?: string | undefined
  /** Worker threads for fitting, embedding and index building. Default: all cores. */
  readonly maxWorkers?: number | undefined
  /** How long a writer waits for another one to finish. Default 0: fail at once with LEASE_HELD. */
  readonly waitMs?: number | undefined
  /** Where results are cached, and how much. */
  readonly cache?: CacheOptions | undefined
  /** Where embedding services are, their keys, and how to reach them. */
  readonly embedding?: EmbeddingOptions | undefined
  /** Where models that run in this process lie, and where they are fetched from. */
  readonly models?: ModelOptions | undefined
  /** Embedders of the caller's own, asked before those that are built in. */
  readonly providers?: readonly EmbedderProvider[] | undefined
  /** Where the services of chat models are, and their keys. */
  readonly chat?: ChatOptions | undefined
  /** A chat model of the caller's own, asked for by its name. */
  readonly chatModels?: readonly ChatModel[] | undefined
  /** What a power cut may take from the witness of commits. Default `full`: nothing. Commits themselves are always synced. */
  readonly durability?: Durability | undefined
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** Addresses and keys of embedding services, as the environment gives them; no part of what is stored. */
export interface EmbeddingOptions {
  /** Of the model `endpoint`. Default `http://127.0.0.1:8000/model/embed`. */
  readonly endpoint?: string | undefined
  readonly endpointKey?: string | undefined
  readonly openaiBaseUrl?: string | undefined
  readonly openaiKey?: string | undefined
  readonly ollamaHost?: string | undefined
  readonly proxy?:
    | {
        readonly http?: string | undefined
        readonly https?: string | undefined
        readonly no?: string | undefined
      }
    | undefined
  /** Texts may be sent on to another origin, where a service leads to one; keys never are. Default: no. */
  readonly allowRedirects?: boolean | undefined
  /** For one try. Default 60 s. */
  readonly timeoutMs?: number | undefined
}

/** Models that run in this process; no part of what is stored. */
export interface ModelOptions {
  /** Folder of models: `dir/owner/name`. Without it only models named by their path can be opened. */
  readonly dir?: string | undefined
  /** Of a hub that speaks as huggingface.co does. */
  readonly hubEndpoint?: string | undefined
  readonly hubToken?: string | undefined
  /** Fetch nothing. */
  readonly offline?: boolean | undefined
}

/** Addresses and keys of chat services, as the environment gives them. */
export interface ChatOptions {
  readonly openaiBaseUrl?: string | undefined
  readonly openaiKey?: string | undefined
  readonly ollamaHost?: string | undefined
  readonly awsRegion?: string | undefined
  readonly bedrockEndpoint?: string | undefined
}
