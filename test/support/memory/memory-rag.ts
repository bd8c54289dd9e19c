import {mkdirSync} from 'node:fs'
import path from 'node:path'
import {createServices} from '../../../src/lib/engine/create-services.js'
import {createRag} from '../../../src/lib/engine/open-rag.js'
import {storeMissing} from '../../../src/lib/model/errors/store/store.js'
import {systemClock} from '../../../src/lib/adapters/system/clock.js'
import {systemProcesses} from '../../../src/lib/adapters/system/process-table.js'
import type {Rag, RagOptions} from '../../../src/lib/index.js'
import type {KeyValueCache} from '../../../src/lib/ports/store/key-value-cache.js'
import type {Store} from '../../../src/lib/ports/store/store.js'
import type {Clock} from '../../../src/lib/ports/surroundings.js'
import type {CorpusSnapshot} from '../corpus-snapshot.js'
import type {RagStores, RowCounts, SeqVector, VersionRow} from '../rag-stores.js'
import {createMemoryCache} from './memory-cache.js'
import {memoryFaults, memorySnapshot} from './memory-inspection.js'
import {MemoryState} from './memory-state.js'
import {storeOver} from './memory-store.js'

interface Database {
  readonly state: MemoryState
  readonly store: Store
}

const LIMITS = {embeddings: 1e9, retrieval: 1e9, answers: 1e9}

/**
 * Opens the public face over stores and caches in memory, one for each folder. In the data folder there are only files: learned models
 * (`models/`), index segments (`indexes/`) and what locks the work on them. They stay real, for hnswlib and the reader of models take paths.
 * A backup copies a file of a database, and finds none here. The clock is that of the call that makes the store.
 */
export class MemoryStores implements RagStores {
  readonly #databases = new Map<string, Database>()
  readonly #caches = new Map<string, KeyValueCache>()

  open(options: RagOptions): Promise<Rag> {
    const dataDir = path.resolve(options.dataDir)
    const clock = options.clock ?? systemClock
    const cache = {store: this.#cache(dataDir, clock, options.cache), ...options.cache}
    const open = async (access: 'create' | 'write' | 'read'): Promise<Store> => {
      const database = this.#databases.get(dataDir)
      if (!database && access !== 'create') throw storeMissing(dataDir)
      return (database ?? this.#create(dataDir, clock)).store
    }
    return Promise.resolve(createRag(createServices({...options, cache}, {open})))
  }

  snapshot(dataDir: string, corpus: string): CorpusSnapshot {
    return memorySnapshot(this.#state(dataDir), corpus)
  }

  faults(dataDir: string): readonly string[] {
    return memoryFaults(this.#state(dataDir), dataDir)
  }

  versions(dataDir: string): readonly VersionRow[] {
    const versions = [...this.#state(dataDir).versions.values()].sort((a, b) => a.number - b.number)
    return versions.map(({number, state, kept}) => [number, state, kept === true])
  }

  liveVectors(dataDir: string): readonly SeqVector[] {
    const {versions, vectors} = this.#state(dataDir)
    return [...vectors.values()]
      .filter(({versionId}) => versions.get(versionId)?.state === 'live')
      .sort((a, b) => a.seq - b.seq)
      .map(({seq, vector}) => [seq, Buffer.from(vector.slice().buffer).toString('hex')])
  }

  rows(dataDir: string): RowCounts {
    const {chunks, vectors} = this.#state(dataDir)
    const deletedChunks = [...chunks.values()].filter(({deleted}) => deleted).length
    return {chunks: chunks.size, deletedChunks, vectors: vectors.size, pages: 0}
  }

  #state(dataDir: string): MemoryState {
    const database = this.#databases.get(path.resolve(dataDir))
    if (!database) throw storeMissing(dataDir)
    return database.state
  }

  #create(dataDir: string, clock: Clock): Database {
    mkdirSync(dataDir, {recursive: true})
    const state = new MemoryState({clock, processes: systemProcesses()})
    const database = {state, store: storeOver(state)}
    this.#databases.set(dataDir, database)
    return database
  }

  /** The options of the first call with a folder hold. */
  #cache(dataDir: string, clock: Clock, {dir, limits, ttlMs}: RagOptions['cache'] = {}): KeyValueCache {
    const folder = path.resolve(dir ?? dataDir)
    const known = this.#caches.get(folder)
    if (known) return known
    const cache = createMemoryCache({clock, limits: {...LIMITS, ...limits}, ttlMs})
    this.#caches.set(folder, cache)
    return cache
  }
}
