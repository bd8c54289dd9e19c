import {
  compactSegments,
  executeMerges,
  tailIsMerged,
  type CompactTools,
  type Compaction,
} from './compact-segments.js'
import type {Merge} from './plan-compaction.js'
import {MIN_SEGMENT} from './segment-size.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {RagError, reasonOf} from '../model/errors.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {vacuumVersionFiles} from '../corpus/corpus-folders.js'
import type {Services} from '../ports/services.js'
import type {CallOptions} from '../model/operations/call.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'index' | 'indexFiles' | 'logger' | 'store' | 'threads'>

/** What every write may spend on merging, so that one small document never waits long; larger writes spend more. */
const LEAST_BUDGET = 16 * MIN_SEGMENT
/** Vectors merged for each one that a write has put into segments: as many as eight equal writes have put there. */
const BUDGET_A_VECTOR = 8

/** A version whose segments are merged. */
export interface CompactionPlace {
  readonly version: EmbeddingVersion
  /** Folder of the version among the index files. */
  readonly folder: string
  readonly lease: Lease
}

/** Merges small segments and writes mostly dead ones anew; files that this replaces are removed. */
async function compactVersion(
  services: Pick<Services, 'index' | 'indexFiles' | 'store' | 'threads'>,
  place: CompactionPlace,
  budget: number,
  call: CallOptions,
): Promise<Compaction> {
  const {threads} = services
  const store = await services.store.write('write')
  const known = await liveVectors(store, place.version)
  const done = await compactSegments(toolsOf(services, store), {...place, threads, ...known, budget, ...call})
  if (done.dropped > 0) await vacuumVersionFiles(services, store, place)
  return done
}

/** Runs merges that were planned under the same lease; files that this replaces are removed. */
export async function executeCompaction(
  services: Pick<Services, 'index' | 'indexFiles' | 'store'>,
  place: CompactionPlace,
  merges: readonly Merge[],
  call: CallOptions,
): Promise<Compaction> {
  const store = await services.store.write('write')
  const done = await executeMerges(toolsOf(services, store), {...place, ...call}, merges)
  if (done.dropped > 0) await vacuumVersionFiles(services, store, place)
  return done
}

const toolsOf = (
  {index, indexFiles}: Pick<Services, 'index' | 'indexFiles'>,
  store: Store,
): CompactTools => ({
  store,
  files: indexFiles,
  builder: () => index.builder(),
})

async function liveVectors(
  store: Store,
  {state, corpusId}: EmbeddingVersion,
): Promise<{readonly live?: number | undefined}> {
  return state === 'live' ? {live: (await store.countCorpus(corpusId)).vectors} : {}
}

/** Whether `compactAfterWrite` will make segments of the tail itself, should a write that indexes nothing make it longer by `more`. */
export async function compactsTail(
  services: Pick<Services, 'store' | 'threads'>,
  version: EmbeddingVersion,
  more: number,
): Promise<boolean> {
  const store = await services.store.read()
  const known = await liveVectors(store, version)
  return tailIsMerged(store, {version, threads: services.threads, budget: LEAST_BUDGET, ...known}, more)
}

/**
 * The part of a write that keeps the index small; bounded work. What was written stays written when it fails: the next
 * write tries again. Returns how many segments it made. @throws RagError LEASE_LOST; whatever kept it from indexing a tail that waits for it
 */
export async function compactAfterWrite(
  services: Needs,
  place: CompactionPlace,
  {
    corpus,
    indexed,
    tailWaits,
  }: {
    /** Its name. */
    readonly corpus: string
    /** Vectors that the write has put into segments. */
    readonly indexed: number
    /** `compactsTail` said that it is to be indexed here. */
    readonly tailWaits?: boolean | undefined
  },
  call: CallOptions,
): Promise<number> {
  try {
    const budget = Math.max(LEAST_BUDGET, BUDGET_A_VECTOR * indexed)
    return (await compactVersion(services, place, budget, call)).made
  } catch (error) {
    if (tailWaits || (error instanceof RagError && error.code === 'LEASE_LOST')) throw error
    services.logger.warn(`The index of "${corpus}" was not compacted: ${reasonOf(error)}`)
    return 0
  }
}
