import {purgeFromCaches} from '../corpus/caches.js'
import {dropRetired} from '../corpus/drop-retired.js'
import {withLease} from '../corpus/with-lease.js'
import type {Corpus} from '../model/corpus.js'
import {RagError, reasonOf} from '../model/errors.js'
import type {CallOptions} from '../model/operations/call.js'
import type {ByteProof} from '../model/operations/reports.js'
import type {Services} from '../ports/services.js'
import {reembedLease} from '../ports/store/lease.js'
import type {PendingPurge} from '../ports/store/purge-log.js'
import {clearBytes} from './clear-bytes.js'
import {clearFiles} from './clear-files.js'
import type {PurgeNeeds, PurgeRun} from './purge-needs.js'
import {planPurge} from './plan-purge.js'
import {purgeFacts} from './purge-facts.js'

/** What was done about the purges of a corpus. */
export interface PurgeOutcome {
  readonly purges: readonly PendingPurge[]
  /** Nothing is left to do; else they are still on the list. */
  readonly isFinished: boolean
  readonly segmentsRewritten: number
  readonly cacheEntriesRemoved: number
  readonly keptVersionDropped?: number | undefined
  readonly bytes: ByteProof
  /** Each place that was checked afterwards, and whether it is free of the documents. */
  readonly proof: readonly {readonly place: string; readonly absent: boolean}[]
}

/**
 * Does what purges of a corpus have left to be done: the whole of it, from files and caches to the proof, after which they leave the list.
 * Idempotent; cut off anywhere, the next call goes on. By whoever holds the lease of the corpus and that of its re-embedding. Undefined
 * when there is nothing to do.
 */
export async function finishPurges(
  services: PurgeNeeds,
  run: PurgeRun,
  call: CallOptions,
): Promise<PurgeOutcome | undefined> {
  const {store, corpus, lease} = run
  const purges = await store.pendingPurges(corpus.id)
  if (purges.length === 0) return undefined
  await dropRetired(store, corpus, lease)
  const plan = planPurge(await purgeFacts(run, purges))
  await clearFiles(services, run, plan, call)
  const caches = await clearCaches(services, run, purges)
  const {bytes, isClear} = await clearBytes(services, run, purges, call)
  const proof = [
    ...(await proveFiles(services, run, purges)),
    {place: 'caches', absent: caches.absent},
    {place: 'bytes of all files', absent: bytes.absent},
  ]
  const isFinished = isClear && proof.slice(0, -1).every(({absent}) => absent)
  if (isFinished) for (const purge of purges) await store.finishPurge(purge, lease)
  return {
    purges,
    isFinished,
    segmentsRewritten: plan.segments,
    cacheEntriesRemoved: caches.removed,
    keptVersionDropped: plan.dropVersions.find(({kept}) => kept)?.number,
    bytes,
    proof,
  }
}

/**
 * `finishPurges` at the start of another write, whose business it is not: what keeps it from being done is said, and left to the next. While
 * the corpus is re-embedded beside, by a process that may hold what is to go, it waits for another time.
 */
export async function finishPurgesFirst(
  services: PurgeNeeds,
  run: PurgeRun,
  call: CallOptions & {readonly isSole?: boolean},
): Promise<readonly string[]> {
  const {store, corpus} = run
  if ((await store.pendingPurges(corpus.id)).length === 0) return []
  const {isSole = false, ...options} = call
  const held = {store, corpus: reembedLease(corpus.name), purpose: 'delete', waitMs: 0, signal: call.signal}
  try {
    const work = (): Promise<PurgeOutcome | undefined> => finishPurges(services, run, options)
    const outcome = await (isSole ? work() : withLease(services, held, work))
    return [outcome?.isFinished ? finished(corpus, outcome) : unfinished(corpus)]
  } catch (error) {
    if (!(error instanceof RagError) || error.code === 'LEASE_LOST') throw error
    return [`${unfinished(corpus)} ${reasonOf(error)}`]
  }
}

const finished = ({name}: Corpus, {purges}: PurgeOutcome): string =>
  `A hard delete of ${documentsOf(purges)} of "${name}", which was cut off, has been finished and proved.`

const unfinished = ({name}: Corpus): string =>
  `A hard delete in "${name}" is not finished; rag verify --repair goes on with it.`

/** How many documents purges are about, in words. */
function documentsOf(purges: readonly Pick<PendingPurge, 'documents'>[]): string {
  const count = new Set(purges.flatMap(({documents}) => documents)).size
  return count === 1 ? '1 document' : `${count} documents`
}

async function clearCaches(
  services: PurgeNeeds,
  {corpus}: PurgeRun,
  purges: readonly PendingPurge[],
): Promise<{readonly removed: number; readonly absent: boolean}> {
  const keys = [...new Set(purges.flatMap(({cacheKeys}) => cacheKeys))]
  return purgeFromCaches(services, corpus, {keys, documents: purges.flatMap(({documents}) => documents)})
}

/** By the rows: no segment holds a vector that has no row, each is as recorded, and no version has a model that knew the documents. */
async function proveFiles(
  services: Pick<Services, 'indexFiles'>,
  run: PurgeRun,
  purges: readonly PendingPurge[],
): Promise<PurgeOutcome['proof']> {
  const facts = await purgeFacts(run, purges)
  const left = planPurge(facts)
  let absent = left.rewrite.length + left.dropStaged.length === 0
  for (const {segment} of facts.versions.flatMap(({segments}) => segments))
    if (absent && !(await services.indexFiles.check(segment)).ok) absent = false
  return [
    {place: 'index segments', absent},
    {place: 'learned model', absent: !left.relearn && left.dropVersions.length === 0},
  ]
}
