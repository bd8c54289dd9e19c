import {availableParallelism} from 'node:os'
import {join, resolve} from 'node:path'
import {createAnalyser} from '../text/analysis/create-analyser.js'
import {createArtifactFiles} from '../adapters/files/artifacts/artifact-files.js'
import {namesOf, type StagingProcess} from '../adapters/files/artifacts/artifact-names.js'
import type {DigestSource} from '../adapters/files/artifacts/digest-thread.js'
import {openSqliteStore} from '../adapters/sqlite/open-store.js'
import {systemClock} from '../adapters/system/clock.js'
import {systemDigest} from '../adapters/system/digest.js'
import {nodeVersion, systemProcesses} from '../adapters/system/process-table.js'
import {corpusMissing} from '../model/errors.js'
import type {Corpus} from '../model/corpus.js'
import {specOf, type EmbedderIdentity, type ModelSpec} from '../model/embedding.js'
import {corpusName} from '../model/names.js'
import type {Analyser} from '../ports/analyser.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {Embedder, FittedModel} from '../ports/embedder.js'
import type {ChatModel} from '../ports/chat-model.js'
import type {KeyValueCache} from '../ports/store/key-value-cache.js'
import type {EmbedderProvider} from '../ports/embedder-provider.js'
import type {HttpClient} from '../ports/http.js'
import type {ModelLibrary} from '../ports/model-library.js'
import type {ProcessTable} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import type {Clock, Digest, Logger} from '../ports/surroundings.js'
import type {SegmentBuilder} from '../ports/vector-index.js'
import type {ServedModels} from './create-providers.js'
import type {RagOptions} from './rag-options.js'
import {workerUrl} from './worker-url.js'

const GIB = 1024 ** 3

/** Vectors are costly to make anew; results of searches and answers are small. */
const CACHE_LIMITS = {embeddings: 1.5 * GIB, retrieval: 0.25 * GIB, answers: 0.25 * GIB}

const SILENT: Logger = {debug: () => undefined, info: () => undefined, warn: () => undefined}

/** The adapters of one opened store, each made when it is first needed. */
export class Environment {
  readonly dataDir: string
  readonly indexDir: string
  readonly threads: number
  readonly waitMs: number
  readonly clock: Clock
  readonly logger: Logger
  readonly digest: Digest = systemDigest
  readonly nodeVersion: string = nodeVersion
  readonly processes: ProcessTable = systemProcesses()
  readonly analyser: Analyser = createAnalyser()
  readonly indexFiles: ArtifactFiles
  readonly modelFiles: ArtifactFiles
  #reader: Promise<Store> | undefined
  #writer: Promise<Store> | undefined
  #lsa: Promise<FittedModel> | undefined
  #builder: Promise<SegmentBuilder> | undefined
  #cache: Promise<KeyValueCache> | undefined
  #http: Promise<HttpClient> | undefined
  #served: Promise<ServedModels> | undefined
  readonly #chats = new Map<string, Promise<ChatModel>>()
  readonly #options: RagOptions
  readonly #kept = new Map<string, Promise<Embedder>>()

  constructor(options: RagOptions) {
    this.#options = options
    this.dataDir = resolve(options.dataDir)
    this.indexDir = resolve(options.indexDir ?? join(this.dataDir, 'indexes'))
    this.threads = Math.max(1, options.maxWorkers ?? availableParallelism())
    this.waitMs = options.waitMs ?? 0
    this.clock = options.clock ?? systemClock
    this.logger = options.logger ?? SILENT
    const files = this.artifactFiles()
    this.indexFiles = files.index
    this.modelFiles = files.model
  }

  /** The database of a restore under way, in the data folder. */
  restoreFiles(): ArtifactFiles {
    return createArtifactFiles({root: this.dataDir, self: this.#staging(), isOurs: namesOf('database')})
  }

  #staging(): StagingProcess {
    const {pid, host} = this.processes.self()
    return {pid, host, isAlive: (other) => this.processes.isRunning(other)}
  }

  /** The index and model files; with `digest`, they are hashed by that. */
  artifactFiles(digest?: DigestSource): {readonly index: ArtifactFiles; readonly model: ArtifactFiles} {
    const self = this.#staging()
    const files = (root: string, isOurs: (base: string) => boolean): ArtifactFiles =>
      createArtifactFiles({root, self, isOurs, ...(digest ? {digest} : {})})
    return {
      index: files(this.indexDir, namesOf('segment')),
      model: files(join(this.dataDir, 'models'), namesOf('model')),
    }
  }

  /** For reading; the store must be there. @throws RagError STORE_MISSING */
  reader(): Promise<Store> {
    if (this.#writer) return this.#writer
    return (this.#reader ??= this.#open('read').catch((error: unknown) => {
      this.#reader = undefined
      throw error
    }))
  }

  /** For writing; `create` makes a store that is missing. @throws RagError STORE_MISSING without `create` */
  writer(access: 'create' | 'write'): Promise<Store> {
    return (this.#writer ??= this.#open(access).catch((error: unknown) => {
      this.#writer = undefined
      throw error
    }))
  }

  async #open(access: 'create' | 'write' | 'read'): Promise<Store> {
    const {clock, processes} = this
    const artifactRoots = [this.indexDir, join(this.dataDir, 'models')]
    return openSqliteStore({path: join(this.dataDir, 'rag.db'), clock, processes, access, artifactRoots})
  }

  /** The learned model, used by default. */
  lsa(): Promise<FittedModel> {
    return (this.#lsa ??= import('../lsa/create-lsa.js').then(({createLsa}) =>
      createLsa({analyser: this.analyser, threads: this.threads, workerUrl}),
    ))
  }

  /** What serves models by name. */
  async providers(): Promise<readonly EmbedderProvider[]> {
    return (await this.#servedModels()).providers
  }

  /** Models that run in this process. */
  async modelLibrary(): Promise<ModelLibrary> {
    return (await this.#servedModels()).library
  }

  #servedModels(): Promise<ServedModels> {
    return (this.#served ??= import('./create-providers.js').then(async ({createProviders}) =>
      createProviders(this.#options, {clock: this.clock, threads: this.threads, http: await this.http()}),
    ))
  }

  /** What goes over the network goes through it. */
  http(): Promise<HttpClient> {
    const {proxy} = this.#options.embedding ?? {}
    return (this.#http ??= import('../adapters/http/http-client.js').then(({httpClient}) =>
      httpClient(proxy ? {proxy} : {}),
    ))
  }

  /**
   * An embedder of queries that is opened once and stays so until the store is closed, however often the corpus changes meanwhile:
   * loading a model takes longer than many searches. What can't be opened is tried again the next time.
   */
  async keptOpen(
    {spec, known}: {readonly spec: ModelSpec; readonly known: EmbedderIdentity | undefined},
    open: () => Promise<Embedder>,
  ): Promise<Embedder> {
    const key = JSON.stringify([specOf(spec), known?.fingerprint])
    const opened = this.#kept.get(key) ?? open()
    this.#kept.set(key, opened)
    try {
      const embedder = await opened
      const {identity, limits, defaultWeight} = embedder
      return {
        identity,
        limits,
        defaultWeight,
        embed: (inputs, options) => embedder.embed(inputs, options),
        close: () => Promise.resolve(),
      }
    } catch (error) {
      this.#kept.delete(key)
      throw error
    }
  }

  /** A chat model by its name, opened once. @throws RagError USAGE | CHAT_REFUSED | NATIVE_MODULE_MISSING */
  chatModel(name: string): Promise<ChatModel> {
    const own = this.#options.chatModels?.find((model) => model.name === name)
    if (own) return Promise.resolve(own)
    const opened =
      this.#chats.get(name) ??
      import('../adapters/chat/create-chat-model.js').then(async ({createChatModel}) =>
        createChatModel(name, this.#options.chat ?? {}, await this.http()),
      )
    this.#chats.set(name, opened)
    return opened
  }

  /** Caches of embeddings and results; undefined when they are off, unless what is in them is to be looked at or removed. */
  async cache({evenOff = false}: {readonly evenOff?: boolean} = {}): Promise<KeyValueCache | undefined> {
    const {cache = {}} = this.#options
    if (cache.off && !evenOff) return undefined
    if (cache.store) return cache.store
    return (this.#cache ??= import('../adapters/sqlite/cache/sqlite-cache.js').then(
      ({SqliteCache}) =>
        new SqliteCache({
          path: join(resolve(cache.dir ?? this.dataDir), 'cache.db'),
          clock: this.clock,
          logger: this.logger,
          limits: {...CACHE_LIMITS, ...cache.limits},
          ...(cache.ttlMs === undefined ? {} : {ttlMs: cache.ttlMs}),
        }),
    ))
  }

  segmentBuilder(): Promise<SegmentBuilder> {
    return (this.#builder ??= import('../adapters/hnsw/segment-builder.js').then(({createSegmentBuilder}) =>
      createSegmentBuilder({threads: this.threads, workerUrl}),
    ))
  }

  async close(): Promise<void> {
    await (await this.#builder)?.close()
    await closeAll([...this.#kept.values(), ...this.#chats.values()])
    await closeAll([this.#served, this.#http, this.#cache, this.#reader, this.#writer])
    this.#kept.clear()
    this.#chats.clear()
    this.#served = undefined
    this.#http = undefined
    this.#cache = undefined
    this.#reader = undefined
    this.#writer = undefined
    this.#builder = undefined
  }
}

/** What could not be opened needs no closing. */
async function closeAll(opened: readonly (Promise<{close(): Promise<void>}> | undefined)[]): Promise<void> {
  const there = opened.filter((one) => one !== undefined)
  for (const one of await Promise.allSettled(there)) if (one.status === 'fulfilled') await one.value.close()
}

/** @throws RagError BAD_NAME | CORPUS_MISSING */
export async function requireCorpus(store: Store, raw: string): Promise<Corpus> {
  const name = corpusName(raw)
  const corpus = await store.getCorpus(name)
  if (corpus) return corpus
  throw corpusMissing(
    name,
    (await store.listCorpora()).map((known) => known.name),
  )
}
