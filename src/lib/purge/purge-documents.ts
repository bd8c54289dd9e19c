import {documentKey} from '../corpus/document-key.js'
import {purgeFromCaches} from '../corpus/caches.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {cachedKeysOf} from '../embedding/cached-keys.js'
import type {CallOptions} from '../model/operations/call.js'
import type {DeleteReport} from '../model/operations/reports.js'
import type {PendingPurge, PurgeWork} from '../ports/store/purge-log.js'
import type {PurgeReceipt} from '../ports/store/store.js'
import {finishPurges, type PurgeOutcome} from './finish-purges.js'
import {NeedleCollector} from './proof/make-needles.js'
import {NeedleMaker} from './proof/needle-set.js'
import type {PurgeNeeds, PurgeRun} from './purge-needs.js'

/**
 * Removes documents for good: the rows in one transaction, which writes down what is then to be done in files and caches; then that, and
 * the proof. A removal that was cut off is gone on with when it is asked for again: its documents then count as deleted, not as missing.
 * By whoever holds the lease of the corpus and that of its re-embedding.
 */
export async function purgeDocuments(
  services: PurgeNeeds,
  run: PurgeRun,
  docIds: readonly string[],
  call: CallOptions,
): Promise<DeleteReport> {
  const {store, corpus, lease} = run
  const keys = new Map(docIds.map((docId) => [documentKey(services.digest, corpus.name, docId), docId]))
  const cutOff = (await store.pendingPurges(corpus.id)).filter((purge) => isAbout(purge, keys))
  const receipt = await store.purgeDocuments(corpus.id, docIds, lease, await workOf(services, run, keys))
  const outcome = await finishPurges(services, run, call)
  const resumed = cutOff.flatMap(({documents}) => documents).flatMap((key) => keys.get(key) ?? [])
  const removed = new Set([...receipt.docIds, ...resumed])
  // Of what is unknown by now there may be something cached all the same.
  const unknown = [...keys].filter(([, docId]) => !removed.has(docId)).map(([key]) => key)
  if (unknown.length > 0) await purgeFromCaches(services, corpus, {keys: [], documents: unknown})
  return {
    deleted: docIds.filter((docId) => removed.has(docId)),
    missing: docIds.filter((docId) => !removed.has(docId)),
    chunksDeleted: sumOf(receipt, cutOff).chunks,
    corpusVersion: (await requireCorpus(store, corpus.name)).version,
    hard: hardReport(receipt, cutOff, outcome),
  }
}

const isAbout = ({documents}: PendingPurge, keys: ReadonlyMap<string, string>): boolean =>
  documents.some((key) => keys.has(key))

/** What will be left to do once the rows are gone; undefined when there is none of them. */
async function workOf(
  services: Pick<PurgeNeeds, 'analyser' | 'digest'>,
  {store, corpus}: PurgeRun,
  keys: ReadonlyMap<string, string>,
): Promise<PurgeWork | undefined> {
  const {digest} = services
  const versions = await store.listEmbeddingVersions(corpus.id)
  const documents = new Set<string>()
  const cacheKeys: string[] = []
  // A name of this state of the corpus that was drawn at random: nobody can look the hashes up in a list made before.
  const salt = digest.key(['needles', corpus.state]).slice(0, 32)
  const needles = new NeedleCollector(services.analyser, new NeedleMaker(digest, salt))
  for await (const remains of store.readRemains(corpus.id, [...keys.values()])) {
    documents.add(documentKey(digest, corpus.name, remains.docId))
    cacheKeys.push(...cachedKeysOf(digest, versions, remains))
    await needles.add(remains)
  }
  if (documents.size === 0) return undefined
  return {documents: [...documents], cacheKeys, needles: needles.encode()}
}

function sumOf(
  {documents, chunks, vectors}: PurgeReceipt,
  cutOff: readonly PendingPurge[],
): PendingPurge['removed'] {
  return cutOff.reduce(
    (sum, {removed}) => ({
      documents: sum.documents + removed.documents,
      chunks: sum.chunks + removed.chunks,
      vectors: sum.vectors + removed.vectors,
    }),
    {documents, chunks, vectors},
  )
}

function hardReport(
  receipt: PurgeReceipt,
  cutOff: readonly PendingPurge[],
  outcome: PurgeOutcome | undefined,
): DeleteReport['hard'] {
  const {documents, chunks, vectors} = sumOf(receipt, cutOff)
  return {
    rowsRemoved: documents + chunks,
    vectorsRemoved: vectors,
    segmentsRewritten: outcome?.segmentsRewritten ?? 0,
    cacheEntriesRemoved: outcome?.cacheEntriesRemoved ?? 0,
    keptVersionDropped: outcome?.keptVersionDropped,
    resumed: cutOff.length > 0,
    finished: outcome?.isFinished ?? true,
    bytes: outcome?.bytes,
    proof: [...receipt.proof, ...(outcome?.proof ?? [])],
  }
}
