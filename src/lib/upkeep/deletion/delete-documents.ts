import {replaceSegments} from '../../indexing/replace-segments.js'
import type {Corpus} from '../../model/corpus.js'
import {keptVersion, liveVersion, modelOrigin, type EmbeddingVersion} from '../../model/embedding.js'
import {usage} from '../../model/errors.js'
import {corpusName} from '../../model/names.js'
import type {DeleteReport} from '../../model/operations/reports.js'
import type {Lease} from '../../ports/store/lease.js'
import type {PurgeReceipt, Store} from '../../ports/store/store.js'
import {purgeFromCaches} from '../../corpus/caches.js'
import {cachedKeysOf} from '../../embedding/cached-keys.js'
import {compactAfterWrite} from '../../indexing/compact-corpus.js'
import {vacuumFiles, versionFolder} from '../../corpus/corpus-folders.js'
import {embedCorpus} from '../../embedding/embed-corpus.js'
import type {Services} from '../../ports/services.js'
import {requireCorpus} from '../../corpus/require-corpus.js'
import type {CallOptions} from '../../model/operations/call.js'
import {withLease, withSoleLease} from '../../corpus/with-lease.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'cache'
  | 'clock'
  | 'digest'
  | 'index'
  | 'indexFiles'
  | 'logger'
  | 'modelFiles'
  | 'models'
  | 'processes'
  | 'store'
  | 'threads'
  | 'waitMs'
>

/** `Rag.deleteDocuments`. */
export async function deleteDocuments(
  services: Needs,
  job: {readonly corpus: string; readonly docIds: readonly string[]; readonly hard: boolean},
  call: CallOptions,
): Promise<DeleteReport> {
  const name = corpusName(job.corpus)
  if (job.docIds.length === 0) throw usage('No document was named.', 'Name one: rag docs delete ID')
  await requireCorpus(await services.store.read(), name)
  const store = await services.store.write('write')
  // A re-embedding may hold what is to be gone for good in its hands.
  const hold = job.hard ? withSoleLease : withLease
  return hold(services, {store, corpus: name, purpose: 'delete', signal: call.signal}, async (lease) => {
    const corpus = await requireCorpus(store, name)
    const docIds = [...new Set(job.docIds)]
    const found = await Promise.all(docIds.map((docId) => store.getDocument(corpus.id, docId)))
    const known = docIds.filter((_, i) => found[i])
    const missing = docIds.filter((_, i) => !found[i])
    const run = {store, corpus, lease}
    if (!job.hard)
      return {...(await softDelete(services, run, {docIds: known, call})), deleted: known, missing}
    // Also what was softly deleted before: its text is still there.
    return hardDelete(services, run, docIds, call)
  })
}

interface Run {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
}

type Outcome = Pick<DeleteReport, 'chunksDeleted' | 'corpusVersion' | 'hard'>

async function softDelete(
  services: Needs,
  {store, corpus, lease}: Run,
  {docIds, call}: {readonly docIds: readonly string[]; readonly call: CallOptions},
): Promise<Outcome> {
  const receipt = await store.commit(corpus.id, {put: [], touch: [], remove: docIds}, lease)
  const live = liveVersion(await store.listEmbeddingVersions(corpus.id))
  if (live) await compactAfterWrite(services, {store, corpus, lease, version: live, indexed: 0}, call)
  return {chunksDeleted: receipt.chunksDeleted, corpusVersion: receipt.version}
}

/**
 * Rows and text go from the database, vectors from the segments; a learned model is learned anew, because its vocabulary
 * may hold words that stood nowhere else.
 */
async function hardDelete(
  services: Needs,
  run: Run,
  docIds: readonly string[],
  call: CallOptions,
): Promise<DeleteReport> {
  const {store, corpus} = run
  const versions = await store.listEmbeddingVersions(corpus.id)
  const keys = await cachedKeysOf(services, run, docIds)
  const receipt = await store.purgeDocuments(corpus.id, docIds, run.lease)
  const changed = receipt.documents > 0
  const rewritten = changed ? await rewriteFiles(services, run, receipt, call) : 0
  const after = await requireCorpus(store, corpus.name)
  const keptVersionDropped = await droppedOf(run, versions)
  const removed = new Set(receipt.docIds)
  const files = {store, corpus, seqs: receipt.seqs, old: changed ? versions : []}
  const caches = await purgeFromCaches(services, corpus, keys)
  return {
    deleted: docIds.filter((docId) => removed.has(docId)),
    missing: docIds.filter((docId) => !removed.has(docId)),
    chunksDeleted: receipt.chunks,
    corpusVersion: after.version,
    hard: {
      rowsRemoved: receipt.documents + receipt.chunks,
      vectorsRemoved: receipt.vectors,
      segmentsRewritten: rewritten,
      cacheEntriesRemoved: caches.removed,
      ...(keptVersionDropped === undefined ? {} : {keptVersionDropped}),
      proof: [
        ...receipt.proof,
        ...(await proveFiles(services, files)),
        {place: 'caches', absent: caches.absent},
      ],
    },
  }
}

/** The number of the kept one of these versions, when it is there no more. */
async function droppedOf(
  {store, corpus}: Run,
  versions: readonly EmbeddingVersion[],
): Promise<number | undefined> {
  const kept = keptVersion(versions)
  const left = await store.listEmbeddingVersions(corpus.id)
  return kept && !left.some(({id}) => id === kept.id) ? kept.number : undefined
}

async function rewriteFiles(
  services: Needs,
  run: Run,
  {seqs}: PurgeReceipt,
  call: CallOptions,
): Promise<number> {
  const {store, corpus, lease} = run
  // Its vectors and segments are then made anew, too.
  const relearns = modelOrigin(corpus.settings) === 'learned'
  let rewritten = 0
  await dropUnused(run, seqs)
  for (const version of await store.listEmbeddingVersions(corpus.id)) {
    const held = (await store.listSegments(version.id)).filter((segment) =>
      seqs.some((seq) => seq >= segment.firstSeq && seq <= segment.lastSeq),
    )
    rewritten += held.length
    if (held.length > 0 && (!relearns || version.state !== 'live'))
      await replaceSegments(
        {store, files: services.indexFiles, builder: await services.index.builder()},
        {version, folder: versionFolder(corpus, version), replace: held, lease},
      )
  }
  if (relearns) await embedCorpus(services, {...run, refit: true, isSole: true}, {...call})
  await vacuumFiles(services, store, corpus)
  return rewritten
}

/** A kept model may hold words of what was removed, and a staged segment its vectors: neither may come into use again. */
async function dropUnused({store, corpus, lease}: Run, seqs: readonly number[]): Promise<void> {
  for (const version of await store.listEmbeddingVersions(corpus.id)) {
    if (version.kept && version.fittedChunks !== undefined) {
      await store.dropEmbeddingVersion(version.id, lease)
      continue
    }
    const drop = (await store.listStaged(version.id))
      .filter((staged) => seqs.some((seq) => seq >= staged.firstSeq && seq <= staged.lastSeq))
      .map((staged) => staged.id)
    if (drop.length > 0) await store.stageSegments(version.id, {add: [], drop}, lease)
  }
}

interface FilesToProve {
  readonly store: Store
  readonly corpus: Corpus
  readonly seqs: readonly number[]
  /** Versions whose models were learned when the documents were there. */
  readonly old: readonly EmbeddingVersion[]
}

/** No published segment covers a removed vector any more, unless it was built without it. */
async function proveFiles(
  services: Pick<Services, 'indexFiles'>,
  {store, corpus, seqs, old}: FilesToProve,
): Promise<NonNullable<DeleteReport['hard']>['proof']> {
  const versions = await store.listEmbeddingVersions(corpus.id)
  const learned = new Set(old.filter((version) => version.fittedChunks !== undefined).map(({id}) => id))
  let absent = true
  for (const version of versions)
    for (const segment of await store.listSegments(version.id)) {
      const {count} = await store.vectorSpan(version.id, {from: segment.firstSeq, to: segment.lastSeq})
      const covers = seqs.some((seq) => seq >= segment.firstSeq && seq <= segment.lastSeq)
      if (covers && count !== segment.count) absent = false
      if (covers && !(await services.indexFiles.check(segment)).ok) absent = false
    }
  return [
    {place: 'index segments', absent},
    {place: 'learned model', absent: !versions.some((version) => learned.has(version.id))},
  ]
}
