import type {Corpus} from '../../model/corpus.js'
import {RagError, reasonOf} from '../../model/errors.js'
import {corpusName, type CorpusName} from '../../model/names.js'
import {WHOLE_STORE, type Lease} from '../../ports/store/lease.js'
import type {Store} from '../../ports/store/store.js'
import type {Diagnosis, Mend} from './diagnosis.js'
import {RESTORE_FOLDER} from '../backup/restore-store.js'
import {namedFiles} from '../../corpus/corpus-folders.js'
import {dropRetired} from '../../corpus/drop-retired.js'
import {embedCorpus} from '../../embedding/embed-corpus.js'
import type {Services} from '../../ports/services.js'
import type {CallOptions} from '../../model/operations/call.js'
import {rebuildKeywords} from '../../indexing/rebuild-keywords.js'
import {rebuildSegments} from '../../indexing/rebuild-damaged-segments.js'
import {withLease, withSoleLease} from '../../corpus/with-lease.js'

export interface RepairOutcome {
  /** What was done, and what could not be, in words. */
  readonly notes: readonly string[]
  /** Corpora in which something was mended. */
  readonly touched: ReadonlySet<number>
}

/**
 * Mends what was found, corpus by corpus, each under its lease, from what is stored: nothing is sent to an embedder. The one
 * thing that is computed anew is a damaged learned model, with its vectors. A damaged database is left as it is: writing to
 * it could make it worse.
 */
export async function repairStore(
  services: Services,
  {diagnoses}: {readonly diagnoses: readonly Diagnosis[]},
  call: CallOptions,
): Promise<RepairOutcome> {
  if (diagnoses.some(({finding}) => finding.code === 'DATABASE_DAMAGED'))
    return {notes: ['Nothing was mended: the database itself is damaged.'], touched: new Set()}
  const mends = diagnoses.flatMap(({mend}) => (mend ? [mend] : []))
  const notes: string[] = []
  const touched = new Set<number>()
  if (mends.length === 0) return {notes, touched}
  const store = await services.store.write('write')
  for (const corpus of await store.listCorpora()) {
    const own = mends.filter((mend) => concerns(mend, corpus))
    if (own.length === 0 || call.signal?.aborted) continue
    await whenFree(services, {store, name: corpus.name, notes}, call, async (lease) => {
      touched.add(corpus.id)
      await repairCorpus(services, {store, corpus, lease, mends: own, notes}, call)
    })
  }
  for (const mend of mends)
    if (mend.what === 'stray-folder') await removeStray(services, {store, notes, ...mend}, call)
  if (mends.some(({what}) => what === 'restore')) await removeRestore(services, {store, notes}, call)
  return {notes, touched}
}

/** What a killed restore left; under the lease of the whole store, which one that goes on would hold. */
async function removeRestore(
  services: Services,
  {store, notes}: {readonly store: Store; readonly notes: string[]},
  {signal}: CallOptions,
): Promise<void> {
  const job = {store, corpus: WHOLE_STORE, purpose: 'repair', ...(signal ? {signal} : {})}
  await orLater(notes, () =>
    withLease(services, job, async () => {
      const {removed} = await services.files.restoreFiles().sweep(RESTORE_FOLDER, new Set())
      if (removed.length > 0) notes.push(`${removed.length} files left over from a restore were removed.`)
    }),
  )
}

function concerns(mend: Mend, corpus: Corpus): boolean {
  return 'corpusId' in mend ? mend.corpusId === corpus.id : mend.what === 'references'
}

/** Runs the work as the one writer of the corpus; a corpus that someone else writes is left for another time, and said so. */
async function whenFree(
  services: Services,
  {store, name, notes}: {store: Store; name: CorpusName; notes: string[]},
  {signal}: CallOptions,
  work: (lease: Lease) => Promise<void>,
): Promise<void> {
  const job = {store, corpus: name, purpose: 'repair', ...(signal ? {signal} : {})}
  await orLater(notes, () => withSoleLease(services, job, work))
}

/** Says so when somebody else writes what is to be mended. */
async function orLater(notes: string[], work: () => Promise<void>): Promise<void> {
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
  readonly mends: readonly Mend[]
  readonly notes: string[]
}

/** Rows first: what is removed there is neither indexed nor learned from. Left-over files last: they are more by then. */
async function repairCorpus(services: Services, repair: CorpusRepair, call: CallOptions): Promise<void> {
  const {store, lease, mends, notes} = repair
  const corpus = await store.getCorpus(repair.corpus.name)
  if (corpus?.id !== repair.corpus.id) return
  const isAsked = (what: Mend['what']): boolean => mends.some((mend) => mend.what === what)
  if (isAsked('rows') || isAsked('references')) await repairRows(repair)
  if (isAsked('keywords')) {
    await rebuildKeywords(services, {store, corpus, lease}, call)
    notes.push(`${corpus.name}: the keyword index was made anew from the stored texts.`)
  }
  await repairVectors(repair)
  await repairModels(services, repair, call)
  await repairSegments(services, repair, call)
  const dropped = await dropRetired(store, corpus, lease)
  if (dropped > 0) notes.push(`${corpus.name}: ${dropped} replaced embedding versions were dropped.`)
  const removed = await sweepAll(services, store, corpus)
  if (removed > 0) notes.push(`${corpus.name}: ${removed} left-over files were removed.`)
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
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  notes.push(`${corpus.name}: rows were put right (${[...told, 'counts made anew'].join(', ')}).`)
}

async function repairVectors({store, corpus, lease, mends, notes}: CorpusRepair): Promise<void> {
  const flipped = mends.flatMap((mend) => (mend.what === 'vector' ? [mend] : []))
  if (flipped.length === 0) return
  for (const versionId of new Set(flipped.map((mend) => mend.versionId)))
    await store.replaceVectors(
      versionId,
      flipped.filter((mend) => mend.versionId === versionId),
      lease,
    )
  notes.push(`${corpus.name}: ${flipped.length} flipped bits of stored vectors were set right.`)
}

/** A live model is learned anew, with its vectors; one that nothing is searched by is dropped. */
async function repairModels(services: Services, repair: CorpusRepair, call: CallOptions): Promise<void> {
  const {store, corpus, lease, mends, notes} = repair
  const damaged = new Set(mends.flatMap((mend) => (mend.what === 'model' ? [mend.versionId] : [])))
  for (const version of await store.listEmbeddingVersions(corpus.id)) {
    if (!damaged.has(version.id) || call.signal?.aborted) continue
    if (version.state !== 'live') {
      await store.dropEmbeddingVersion(version.id, lease)
      notes.push(`${corpus.name}: embedding version ${version.number}, which was not in use, was dropped.`)
      continue
    }
    const {failure, interrupted} = await embedCorpus(services, {store, corpus, lease, isSole: true}, call)
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

async function repairSegments(services: Services, repair: CorpusRepair, call: CallOptions): Promise<void> {
  const {store, corpus, lease, mends, notes} = repair
  const bad = new Set(mends.flatMap((mend) => (mend.what === 'segment' ? [mend.segmentId] : [])))
  if (bad.size === 0) return
  for (const version of await store.listEmbeddingVersions(corpus.id)) {
    const segments = (await store.listSegments(version.id)).filter(({id}) => bad.has(id))
    if (segments.length === 0 || call.signal?.aborted) continue
    const built = await rebuildSegments(services, {store, corpus, version, segments, lease}, call)
    notes.push(
      `${corpus.name}: ${segments.length} damaged segments were dropped, and ${built} built from the stored vectors; nothing was embedded.`,
    )
  }
  // Who has the damaged index open, opens it anew.
  await store.raiseVersion(corpus.id, lease)
}

async function sweepAll(services: Services, store: Store, corpus: Corpus): Promise<number> {
  const {folder, segments, models} = await namedFiles(store, corpus)
  const swept = [
    await services.indexFiles.sweep(folder, segments, {evenSetAside: true}),
    await services.modelFiles.sweep(folder, models, {evenSetAside: true}),
  ]
  return swept.reduce((sum, {removed}) => sum + removed.length, 0)
}

/** Files of a corpus that is gone. Under the lease of its name, lest one of that name is being made just now. */
async function removeStray(
  services: Services,
  {store, notes, folder}: {store: Store; notes: string[]; folder: string},
  call: CallOptions,
): Promise<void> {
  const name = nameOfFolder(folder)
  if (name === undefined) return
  await whenFree(services, {store, name, notes}, call, async () => {
    if (await store.getCorpus(name)) return
    const options = {evenSetAside: true}
    const indexes = await services.indexFiles.sweep(folder, new Set(), options)
    const models = await services.modelFiles.sweep(folder, new Set(), options)
    const removed = indexes.removed.length + models.removed.length
    if (removed > 0) notes.push(`${removed} files left over from a corpus "${name}" were removed.`)
  })
}

function nameOfFolder(folder: string): CorpusName | undefined {
  try {
    return corpusName(folder.replace('~', '/'))
  } catch {
    return undefined
  }
}
