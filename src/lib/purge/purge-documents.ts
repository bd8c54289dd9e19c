import {documentKey} from '../corpus/document-key.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {cachedKeysOf} from '../embedding/cached-keys.js'
import type {CallOptions} from '../model/operations/call.js'
import type {DeleteReport} from '../model/operations/reports.js'
import type {PendingPurge, PurgeWork} from '../ports/store/purge-log.js'
import type {PurgeReceipt} from '../ports/store/store.js'
import {finishPurges, type PurgeNeeds, type PurgeOutcome, type PurgeRun} from './finish-purges.js'

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
  services: Pick<PurgeNeeds, 'digest'>,
  {store, corpus}: PurgeRun,
  keys: ReadonlyMap<string, string>,
): Promise<PurgeWork | undefined> {
  const {digest} = services
  const versions = await store.listEmbeddingVersions(corpus.id)
  const documents = new Set<string>()
  const cacheKeys: string[] = []
  for await (const remains of store.readRemains(corpus.id, [...keys.values()])) {
    documents.add(documentKey(digest, corpus.name, remains.docId))
    cacheKeys.push(...cachedKeysOf(digest, versions, remains))
  }
  if (documents.size === 0) return undefined
  return {documents: [...documents], cacheKeys, needles: new Uint8Array(0)}
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
    proof: [...receipt.proof, ...(outcome?.proof ?? [])],
  }
}
