import type {Corpus} from '../../model/corpus.js'
import {liveVersion} from '../../model/embedding.js'
import {noDocumentNamed} from '../../model/errors/request/ingest.js'
import {corpusName} from '../../model/names.js'
import type {DeleteReport} from '../../model/operations/reports.js'
import type {Lease} from '../../ports/store/lease.js'
import type {Store} from '../../ports/store/store.js'
import {versionFolder} from '../../corpus/corpus-folders.js'
import {compactAfterWrite} from '../../indexing/compact-corpus.js'
import type {Services} from '../../ports/services.js'
import {requireCorpus} from '../../corpus/require-corpus.js'
import type {CallOptions} from '../../model/operations/call.js'
import {finishPurgesFirst} from '../../purge/finish-purges.js'
import {purgeDocuments} from '../../purge/purge-documents.js'
import {withLease, withSoleLease} from '../../corpus/with-lease.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'analyser'
  | 'cache'
  | 'clock'
  | 'dataDir'
  | 'digest'
  | 'files'
  | 'index'
  | 'indexDir'
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
  if (job.docIds.length === 0) throw noDocumentNamed()
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
    return purgeDocuments(services, run, docIds, call)
  })
}

interface Run {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
}

type Outcome = Pick<DeleteReport, 'chunksDeleted' | 'corpusVersion'>

async function softDelete(
  services: Needs,
  {store, corpus, lease}: Run,
  {docIds, call}: {readonly docIds: readonly string[]; readonly call: CallOptions},
): Promise<Outcome> {
  for (const note of await finishPurgesFirst(services, {store, corpus, lease}, call))
    services.logger.warn(note)
  const receipt = await store.commit(corpus.id, {put: [], touch: [], remove: docIds}, lease)
  const live = liveVersion(await store.listEmbeddingVersions(corpus.id))
  if (live) {
    const place = {version: live, folder: versionFolder(corpus, live), lease}
    await compactAfterWrite(services, place, {corpus: corpus.name, indexed: 0}, call)
  }
  return {chunksDeleted: receipt.chunksDeleted, corpusVersion: receipt.version}
}
