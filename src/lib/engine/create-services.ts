import {availableParallelism} from 'node:os'
import {join, resolve} from 'node:path'
import {openSqliteStore} from '../adapters/sqlite/open-store.js'
import {systemClock} from '../adapters/system/clock.js'
import {collectGarbage} from '../adapters/system/collect-garbage.js'
import {systemDigest} from '../adapters/system/digest.js'
import {freeMemory} from '../adapters/system/free-memory.js'
import {nodeVersion, systemProcesses} from '../adapters/system/process-table.js'
import type {Services} from '../ports/services.js'
import type {KeyValueCache} from '../ports/store/key-value-cache.js'
import type {Clock, Logger} from '../ports/surroundings.js'
import type {SegmentBuilder} from '../ports/vector-index.js'
import {createAnalyser} from '../text/analysis/create-analyser.js'
import {RAG_VERSION, STORE_FORMAT} from './build-info.js'
import {closeAll} from './close-all.js'
import {artifactFiles, createFileServices, DocumentReader} from './file-services.js'
import {keepSecrets, withoutSecrets} from './keep-secrets.js'
import {OpenedModels} from './model-services.js'
import type {RagOptions} from './rag-options.js'
import {OpenedStore, type OpenStore} from './store-access.js'
import {workerUrl} from './worker-url.js'

const GIB = 1024 ** 3
/** Vectors are costly to make anew; results of searches and answers are small. */
const CACHE_LIMITS = {embeddings: 1.5 * GIB, retrieval: 0.25 * GIB, answers: 0.25 * GIB}

const SILENT: Logger = {debug: () => undefined, info: () => undefined, warn: () => undefined}

/** The services of one opened store, and how to close them. */
export interface OpenedServices {
  readonly services: Services
  close(): Promise<void>
}

/** What a test puts in the place of the store of this machine. */
export interface OtherStore {
  readonly open: OpenStore
}

/** The composition root: chooses an adapter for each port. Nothing is read or made until a service is asked for. */
export function createServices(options: RagOptions, other?: OtherStore): OpenedServices {
  const dataDir = resolve(options.dataDir)
  const indexDir = resolve(options.indexDir ?? join(dataDir, 'indexes'))
  const threads = Math.max(1, options.maxWorkers ?? availableParallelism())
  const clock = options.clock ?? systemClock
  keepSecrets(options)
  const logger = options.logger ? withoutSecrets(options.logger) : SILENT
  const processes = systemProcesses()
  const analyser = createAnalyser()
  const place = {dataDir, indexDir, clock, processes}
  const store = new OpenedStore(
    other?.open ??
      ((access) =>
        openSqliteStore({
          path: join(dataDir, 'rag.db'),
          clock,
          processes,
          access,
          artifactRoots: [indexDir, join(dataDir, 'models')],
          durability: options.durability,
        })),
    {dataDir, logger},
  )
  const reader = new DocumentReader()
  const models = new OpenedModels(options, {analyser, clock, threads})
  const cache = new OpenedCache(options, {dataDir, clock, logger})
  const index = new OpenedIndexAdapters(threads)
  return {
    services: {
      clock,
      logger,
      digest: systemDigest,
      processes,
      build: {version: RAG_VERSION, node: nodeVersion, storeFormat: STORE_FORMAT},
      dataDir,
      indexDir,
      threads,
      waitMs: options.waitMs ?? 0,
      analyser,
      store,
      ...artifactFiles(place),
      files: createFileServices(place, reader),
      models,
      index,
      memory: {collect: collectGarbage, free: freeMemory},
      cache: (how) => cache.get(how),
      workerUrl,
    },
    async close() {
      await reader.close()
      await index.close()
      await models.close()
      await cache.close()
      await store.reopen()
    },
  }
}

/** The cache beside the store, or the caller's own, which stays the caller's to close. */
class OpenedCache {
  readonly #options: NonNullable<RagOptions['cache']>
  readonly #place: {readonly dataDir: string; readonly clock: Clock; readonly logger: Logger}
  #cache: Promise<KeyValueCache> | undefined

  constructor(
    {cache = {}}: RagOptions,
    place: {readonly dataDir: string; readonly clock: Clock; readonly logger: Logger},
  ) {
    this.#options = cache
    this.#place = place
  }

  async get({evenOff = false}: {readonly evenOff?: boolean | undefined} = {}): Promise<
    KeyValueCache | undefined
  > {
    const {off, store, dir, limits, ttlMs} = this.#options
    if (off && !evenOff) return undefined
    if (store) return store
    const {dataDir, clock, logger} = this.#place
    return (this.#cache ??= import('../adapters/sqlite/cache/sqlite-cache.js').then(
      ({SqliteCache}) =>
        new SqliteCache({
          path: join(resolve(dir ?? dataDir), 'cache.db'),
          clock,
          logger,
          limits: {...CACHE_LIMITS, ...limits},
          ttlMs,
        }),
    ))
  }

  async close(): Promise<void> {
    await closeAll([this.#cache])
    this.#cache = undefined
  }
}

/** HNSW files by hnswlib, and exact search in memory. */
class OpenedIndexAdapters {
  readonly #threads: number
  #builder: Promise<SegmentBuilder> | undefined

  constructor(threads: number) {
    this.#threads = threads
  }

  builder(): Promise<SegmentBuilder> {
    return (this.#builder ??= import('../adapters/hnsw/segment-builder.js').then(({createSegmentBuilder}) =>
      createSegmentBuilder({threads: this.#threads, workerUrl}),
    ))
  }

  async loader(options?: {readonly leastEf?: number | undefined}): ReturnType<Services['index']['loader']> {
    return (await import('../adapters/hnsw/segment-loader.js')).createSegmentLoader(options)
  }

  async exact(): ReturnType<Services['index']['exact']> {
    return (await import('../adapters/exact/exact-segment.js')).createExactSegment
  }

  async close(): Promise<void> {
    await (await this.#builder)?.close()
    this.#builder = undefined
  }
}
