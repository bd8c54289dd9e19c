import {
  compactSegments,
  executeMerges,
  tailIsMerged,
  type CompactTools,
  type Compaction,
} from './compact-segments.js'
import type {Merge} from './plan-compaction.js'
import {MIN_SEGMENT} from './segment-size.js'
import type {Corpus} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {RagError, reasonOf} from '../model/errors.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {vacuumVersionFiles, versionFolder} from '../corpus/corpus-folders.js'
import type {Services} from '../ports/services.js'
import type {CallOptions} from '../model/operations/call.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'index' | 'indexFiles' | 'logger' | 'threads'>

/** What every write may spend on merging, so that one small document never waits long; larger writes spend more. */
const LEAST_BUDGET = 16 * MIN_SEGMENT
/** Vectors merged for each one that a write has put into segments: as many as eight equal writes have put there. */
const BUDGET_A_VECTOR = 8

export interface CompactCorpusJob {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  readonly version: EmbeddingVersion
}

/** Merges small segments and writes mostly dead ones anew; files that this replaces are removed. */
export async function compactCorpus(
  services: Pick<Services, 'index' | 'indexFiles' | 'threads'>,
  job: CompactCorpusJob,
  limits: {readonly budget: number},
  call: CallOptions,
): Promise<Compaction> {
  const {store, corpus, version} = job
  const {threads} = services
  const known = await liveVectors(store, corpus, version)
  return andVacuum(services, job, () =>
    compactSegments(toolsOf(services, job), {...placeOf(job), threads, ...known, ...limits, ...call}),
  )
}

/** Runs merges that were planned under the same lease; files that this replaces are removed. */
export async function executeCompaction(
  services: Pick<Services, 'index' | 'indexFiles'>,
  job: CompactCorpusJob,
  merges: readonly Merge[],
  call: CallOptions,
): Promise<Compaction> {
  return andVacuum(services, job, () =>
    executeMerges(toolsOf(services, job), {...placeOf(job), ...call}, merges),
  )
}

const toolsOf = (
  services: Pick<Services, 'index' | 'indexFiles'>,
  {store}: CompactCorpusJob,
): CompactTools => ({
  store,
  files: services.indexFiles,
  builder: () => services.index.builder(),
})

const placeOf = ({
  corpus,
  version,
  lease,
}: CompactCorpusJob): Pick<CompactCorpusJob, 'version' | 'lease'> & {readonly folder: string} => ({
  version,
  lease,
  folder: versionFolder(corpus, version),
})

async function andVacuum(
  services: Pick<Services, 'indexFiles'>,
  {store, corpus, version}: CompactCorpusJob,
  merge: () => Promise<Compaction>,
): Promise<Compaction> {
  const done = await merge()
  if (done.dropped > 0) await vacuumVersionFiles(services, store, {corpus, version})
  return done
}

async function liveVectors(
  store: Store,
  corpus: Corpus,
  version: EmbeddingVersion,
): Promise<{readonly live?: number | undefined}> {
  return version.state === 'live' ? {live: (await store.countCorpus(corpus.id)).vectors} : {}
}

/** Whether `compactAfterWrite` will make segments of the tail itself, should a write that indexes nothing make it longer by `more`. */
export async function compactsTail(
  services: Pick<Services, 'threads'>,
  {store, corpus, version}: Pick<CompactCorpusJob, 'store' | 'corpus' | 'version'>,
  more: number,
): Promise<boolean> {
  const known = await liveVectors(store, corpus, version)
  return tailIsMerged(store, {version, threads: services.threads, budget: LEAST_BUDGET, ...known}, more)
}

/**
 * The part of a write that keeps the index small; bounded work. What was written stays written when it fails: the next
 * write tries again. Returns how many segments it made. @throws RagError LEASE_LOST; whatever kept it from indexing a tail that waits for it
 */
export async function compactAfterWrite(
  services: Needs,
  job: CompactCorpusJob & {readonly indexed: number; readonly tailWaits?: boolean | undefined},
  call: CallOptions,
): Promise<number> {
  try {
    const budget = Math.max(LEAST_BUDGET, BUDGET_A_VECTOR * job.indexed)
    return (await compactCorpus(services, job, {budget}, call)).made
  } catch (error) {
    if (job.tailWaits || (error instanceof RagError && error.code === 'LEASE_LOST')) throw error
    services.logger.warn(`The index of "${job.corpus.name}" was not compacted: ${reasonOf(error)}`)
    return 0
  }
}
