import type {Corpus} from '../../model/corpus.js'
import {RagError, reasonOf} from '../../model/errors.js'
import type {CorpusName} from '../../model/names.js'
import {WHOLE_STORE, type Lease} from '../../ports/store/lease.js'
import type {Store} from '../../ports/store/store.js'
import type {Diagnosis} from './diagnosis.js'
import {
  isRepairable,
  planRepair,
  type CorpusRepairPlan,
  type RepairPlan,
  type RepairStep,
  type VectorRepair,
} from './repair-plan.js'
import {RESTORE_FOLDER} from '../backup/backup-job.js'
import {namedFiles} from '../../corpus/corpus-folders.js'
import {dropRetired} from '../../corpus/drop-retired.js'
import {embedCorpus} from '../../embedding/embed-corpus.js'
import type {Services} from '../../ports/services.js'
import type {CallOptions} from '../../model/operations/call.js'
import {rebuildKeywords} from '../../indexing/rebuild-keywords.js'
import {reindexSegments} from '../../indexing/reindex-segments.js'
import type {PurgeNeeds} from '../../purge/purge-needs.js'
import {finishPurgesFirst} from '../../purge/finish-purges.js'
import {withLease, withSoleLease} from '../../corpus/with-lease.js'

/** What this use case asks for. */
type Needs = PurgeNeeds & Pick<Services, 'store'>

/*
 * The whole of a repair: `planRepair` makes an ordered plan of the diagnoses, `executeRepair` goes through its corpora, each under its lease, and
 * `repairStep` does one step. Then what no corpus owns is removed: folders of corpora that are gone, and files of a restore that was killed.
 */

export interface RepairOutcome {
  /** What was done, and what could not be, in words. */
  readonly notes: readonly string[]
  /** Ids of corpora in which something was mended. */
  readonly touched: ReadonlySet<number>
}

/**
 * Mends what was found, corpus by corpus, each under its lease, from what is stored: nothing is sent to an embedder. The one
 * thing that is computed anew is a damaged learned model, with its vectors.
 */
export async function repairStore(
  services: Needs,
  {diagnoses}: {readonly diagnoses: readonly Diagnosis[]},
  call: CallOptions,
): Promise<RepairOutcome> {
  if (!isRepairable(diagnoses)) {
    return {notes: [planRepair(diagnoses, []).refusal ?? []].flat(), touched: new Set()}
  }
  const store = await services.store.write('write')
  return executeRepair(services, store, planRepair(diagnoses, await store.listCorpora()), call)
}

/** Does what was planned. A corpus that somebody else writes is left for another time, and a note says so. */
async function executeRepair(
  services: Needs,
  store: Store,
  plan: RepairPlan,
  call: CallOptions,
): Promise<RepairOutcome> {
  const notes: string[] = []
  const touched = new Set<number>()
  for (const corpus of plan.corpora) {
    if (call.signal?.aborted) continue
    await whenFree(services, {store, name: corpus.name, notes}, call, async (lease) => {
      touched.add(corpus.corpusId)
      await repairCorpus(services, {store, lease, notes}, corpus, call)
    })
  }
  for (const stray of plan.strayFolders) await removeStray(services, {store, notes, ...stray}, call)
  if (plan.restoreLeftovers) await removeRestore(services, {store, notes}, call)
  return {notes, touched}
}

/** What a killed restore left; under the lease of the whole store, which one that goes on would hold. */
async function removeRestore(
  services: Needs,
  {store, notes}: {readonly store: Store; readonly notes: string[]},
  {signal}: CallOptions,
): Promise<void> {
  const job = {store, corpus: WHOLE_STORE, purpose: 'repair', signal}
  await orLater(notes, () =>
    withLease(services, job, async () => {
      const {removed} = await services.files.restoreFiles().vacuum(RESTORE_FOLDER, new Set())
      if (removed.length > 0) notes.push(`${removed.length} files left over from a restore were removed.`)
    }),
  )
}

/** Runs the work as the one writer of the corpus; a corpus that somebody else writes is left for another time, and a note says so. */
async function whenFree(
  services: Needs,
  {store, name, notes}: {store: Store; name: CorpusName; notes: string[]},
  {signal}: CallOptions,
  work: (lease: Lease) => Promise<void>,
): Promise<void> {
  const job = {store, corpus: name, purpose: 'repair', signal}
  await orLater(notes, () => withSoleLease(services, job, work))
}

/** A note says so when somebody else writes what is to be mended. */
export async function orLater(notes: string[], work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof RagError && error.code === 'LEASE_HELD')) throw error
    notes.push(`${reasonOf(error)} Run the repair again later.`)
  }
}

interface CorpusRepair {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  readonly notes: string[]
}

async function repairCorpus(
  services: Needs,
  run: Omit<CorpusRepair, 'corpus'>,
  {corpusId, name, steps}: CorpusRepairPlan,
  call: CallOptions,
): Promise<void> {
  const corpus = await run.store.getCorpus(name)
  if (corpus?.id !== corpusId) return
  for (const step of steps) await repairStep(services, {...run, corpus}, step, call)
}

async function repairStep(
  services: Needs,
  repair: CorpusRepair,
  step: RepairStep,
  call: CallOptions,
): Promise<void> {
  switch (step.step) {
    case 'rows':
      return repairRows(repair)
    case 'keywords':
      return repairKeywords(services, repair, call)
    case 'vectors':
      return repairVectors(repair, step.vectors)
    case 'models':
      return repairModels(services, repair, new Set(step.versionIds), call)
    case 'segments':
      return repairSegments(services, repair, new Set(step.segmentIds), call)
    case 'purges':
      return void repair.notes.push(...(await finishPurgesFirst(services, repair, {...call, isSole: true})))
    case 'versions':
      return dropReplaced(repair)
    case 'orphan-files':
      return removeOrphans(services, repair)
  }
}

async function repairRows({store, corpus, lease, notes}: CorpusRepair): Promise<void> {
  const mended = await store.mendRows(corpus.id, lease)
  const parts = [
    [mended.vectorsRemoved, 'vectors removed'],
    [mended.nowPending, 'of them to be embedded anew by the next ingest of their documents'],
    [mended.chunksRemoved, 'chunks of no document removed'],
    [mended.chunksDeleted, 'chunks of deleted documents deleted'],
    [mended.documentsRecounted, "documents' chunks counted anew"],
  ] as const
  const done = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  notes.push(`${corpus.name}: rows were put right (${[...done, 'counts made anew'].join(', ')}).`)
}

async function repairKeywords(
  services: Pick<Services, 'analyser'>,
  run: CorpusRepair,
  call: CallOptions,
): Promise<void> {
  await rebuildKeywords(services, run, call)
  run.notes.push(`${run.corpus.name}: the keyword index was made anew from the stored texts.`)
}

async function repairVectors(
  {store, corpus, lease, notes}: CorpusRepair,
  flipped: readonly VectorRepair[],
): Promise<void> {
  for (const versionId of new Set(flipped.map(({versionId}) => versionId)))
    await store.replaceVectors(
      versionId,
      flipped.filter((vector) => vector.versionId === versionId),
      lease,
    )
  notes.push(`${corpus.name}: ${flipped.length} flipped bits of stored vectors were set right.`)
}

/** A live model is learned anew, with its vectors; one that nothing is searched by is dropped. */
async function repairModels(
  services: Needs,
  {store, corpus, lease, notes}: CorpusRepair,
  damaged: ReadonlySet<number>,
  call: CallOptions,
): Promise<void> {
  for (const version of await store.listEmbeddingVersions(corpus.id)) {
    if (!damaged.has(version.id) || call.signal?.aborted) continue
    if (version.state !== 'live') {
      await store.dropEmbeddingVersion(version.id, lease)
      notes.push(`${corpus.name}: embedding version ${version.number}, which was not in use, was dropped.`)
      continue
    }
    const {failure, interrupted} = await embedCorpus(services, {corpus, lease}, {isSole: true}, call)
    const left = (await store.listEmbeddingVersions(corpus.id)).some(({id}) => id === version.id)
    if (failure) notes.push(`${corpus.name}: ${failure.message}`)
    else if (interrupted || left)
      notes.push(
        `${corpus.name}: the model is not learned anew yet; the same command goes on. The texts are safe.`,
      )
    else
      notes.push(
        `${corpus.name}: the model was learned anew from the stored texts, and the vectors made anew with it; nothing was sent to an embedder.`,
      )
  }
}

async function repairSegments(
  services: Pick<Services, 'index' | 'indexFiles'>,
  {store, corpus, lease, notes}: CorpusRepair,
  bad: ReadonlySet<number>,
  call: CallOptions,
): Promise<void> {
  for (const version of await store.listEmbeddingVersions(corpus.id)) {
    const segments = (await store.listSegments(version.id)).filter(({id}) => bad.has(id))
    if (segments.length === 0 || call.signal?.aborted) continue
    const built = await reindexSegments(services, {store, corpus, version, segments, lease}, call)
    notes.push(
      `${corpus.name}: ${segments.length} damaged segments were dropped, and ${built} built from the stored vectors; nothing was embedded.`,
    )
  }
  // Processes that have the damaged index open, open it anew.
  await store.raiseVersion(corpus.id, lease)
}

async function dropReplaced({store, corpus, lease, notes}: CorpusRepair): Promise<void> {
  const dropped = await dropRetired(store, corpus, lease)
  if (dropped > 0) notes.push(`${corpus.name}: ${dropped} replaced embedding versions were dropped.`)
}

async function removeOrphans(
  services: Pick<Services, 'indexFiles' | 'modelFiles'>,
  {store, corpus, notes}: CorpusRepair,
): Promise<void> {
  const removed = await vacuumBoth(services, await namedFiles(store, corpus))
  if (removed > 0) notes.push(`${corpus.name}: ${removed} left-over files were removed.`)
}

/** Files of a corpus that is gone. Under the lease of its name, lest one of that name is being made just now. */
async function removeStray(
  services: Needs,
  {store, notes, folder, name}: {store: Store; notes: string[]; folder: string; name: CorpusName},
  call: CallOptions,
): Promise<void> {
  await whenFree(services, {store, name, notes}, call, async () => {
    if (await store.getCorpus(name)) return
    const removed = await vacuumBoth(services, {folder, segments: new Set(), models: new Set()})
    if (removed > 0) notes.push(`${removed} files left over from a corpus "${name}" were removed.`)
  })
}

async function vacuumBoth(
  services: Pick<Services, 'indexFiles' | 'modelFiles'>,
  {folder, segments, models}: Awaited<ReturnType<typeof namedFiles>>,
): Promise<number> {
  const indexes = await services.indexFiles.vacuum(folder, segments, {evenSetAside: true})
  const learned = await services.modelFiles.vacuum(folder, models, {evenSetAside: true})
  return indexes.removed.length + learned.removed.length
}
