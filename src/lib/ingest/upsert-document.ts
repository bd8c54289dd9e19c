import {liveVersion} from '../model/embedding.js'
import {BatchWriter} from '../documents/batch-writer.js'
import {inputFaults} from './input-faults.js'
import {parseMetadata} from './parse-json-document.js'
import {prepareText} from '../documents/prepare-text.js'
import {documentMissing} from '../model/errors/corpus/names.js'
import {rowsDamaged} from '../model/errors/store/store.js'
import {emptyDocumentId} from '../model/errors/request/ingest.js'
import type {UpsertReport, UpsertRequest} from '../model/operations/ingest.js'
import type {Filter} from '../model/metadata.js'
import {corpusName} from '../model/names.js'
import type {DocumentList, DocumentReport} from '../model/operations/reports.js'
import {newSettings} from '../corpus/corpus-settings.js'
import {embedCorpus} from '../embedding/embed-corpus.js'
import type {Services} from '../ports/services.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {ingestTools} from '../documents/open-ingest-tools.js'
import type {CallOptions} from '../model/operations/call.js'
import {freshKeywords} from '../indexing/rebuild-keywords.js'
import {vacuumCorpus} from '../indexing/vacuum-corpus.js'
import {finishPurgesFirst} from '../purge/finish-purges.js'
import {withLease} from '../corpus/with-lease.js'

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

/** `Rag.upsertDocument`. */
export async function upsertDocument(
  services: Needs,
  request: UpsertRequest,
  call: CallOptions,
): Promise<UpsertReport> {
  const name = corpusName(request.corpus)
  if (request.docId.trim() === '') throw emptyDocumentId()
  const metadata = parseMetadata(request.metadata)
  const store = await services.store.write('create')
  return withLease(services, {store, corpus: name, purpose: 'upsert', signal: call.signal}, async (lease) => {
    const known = await store.createCorpus(name, {
      ...newSettings({}),
      analyser: services.analyser.fingerprint,
    })
    for (const note of await finishPurgesFirst(services, {store, corpus: known, lease}, call))
      services.logger.warn(note)
    const corpus = await freshKeywords(services, {store, corpus: known, lease}, call)
    const tools = await ingestTools(services, store, corpus.settings)
    const {language} = corpus.settings
    const {document, faults} = await prepareText(tools, {
      docId: request.docId,
      bytes: new TextEncoder().encode(request.text),
      source: 'upsert',
      metadata,
      title: request.title,
      target: {language},
    })
    for (const {source, line, message} of inputFaults(request.docId, faults))
      services.logger.warn(message, {source, line})
    const target = {corpusId: corpus.id, lease, acceptVectors: () => Promise.resolve()}
    const writer = new BatchWriter(store, target, {batchSize: 1, fresh: false})
    await writer.put(document)
    await writer.flush()
    const {failure} = await embedCorpus(services, {corpus, lease}, {}, call)
    if (failure) throw failure
    if (!call.signal?.aborted) await vacuumCorpus(services, {store, corpus, lease})
    const {totals} = writer
    return {
      accepted: true,
      docId: request.docId,
      upsertedDocs: totals.added + totals.updated,
      skippedDocs: totals.unchanged,
      chunksCreated: totals.chunksAdded,
      corpusVersion: (await requireCorpus(store, name)).version,
    }
  })
}

/** `Rag.listDocuments`. */
export async function listDocuments(
  services: Pick<Services, 'store'>,
  name: string,
  options: {
    readonly filters?: readonly Filter[] | undefined
    readonly limit?: number | undefined
    readonly offset?: number | undefined
  },
): Promise<DocumentList> {
  const store = await services.store.read()
  const corpus = await requireCorpus(store, name)
  return store.listDocuments(corpus.id, options)
}

/** `Rag.showDocument`. */
export async function showDocument(
  services: Pick<Services, 'dataDir' | 'store'>,
  name: string,
  docId: string,
): Promise<DocumentReport> {
  const store = await services.store.read()
  const corpus = await requireCorpus(store, name)
  const document = await store.getDocument(corpus.id, docId)
  if (!document) throw documentMissing(docId, name)
  if (document.isDamaged) throw rowsDamaged(services.dataDir, [`document ${docId}`])
  const chunks = await store.documentChunks(document.id)
  const versions = await store.listEmbeddingVersions(corpus.id)
  const live = liveVersion(versions)
  const vectors = live
    ? await store.vectorsOfChunks(
        live.id,
        chunks.map((chunk) => chunk.id),
      )
    : new Map()
  return {document, chunks, embedded: vectors.size}
}
