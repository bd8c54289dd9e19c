import {BatchWriter} from '../documents/batch-writer.js'
import {parseMetadata} from '../ingest/parse-json-document.js'
import {prepareText} from '../documents/prepare-text.js'
import {documentMissing, usage} from '../model/errors.js'
import type {UpsertReport, UpsertRequest} from '../model/operations/ingest.js'
import type {Filter} from '../model/metadata.js'
import {corpusName} from '../model/names.js'
import type {DocumentList, DocumentReport} from '../model/operations/reports.js'
import {newSettings} from './corpus-settings.js'
import {embedCorpus} from './embed-corpus.js'
import {requireCorpus, type Environment} from './environment.js'
import {ingestTools} from './ingest-tools.js'
import type {CallOptions} from './rag-options.js'
import {freshKeywords} from './rebuild-keywords.js'
import {tidyCorpus} from './tidy-corpus.js'
import {withLease} from './with-lease.js'

/** `Rag.upsertDocument`. */
export async function upsertDocument(
  env: Environment,
  request: UpsertRequest,
  call: CallOptions,
): Promise<UpsertReport> {
  const name = corpusName(request.corpus)
  if (request.docId.trim() === '') throw usage('The document id is empty.')
  const metadata = parseMetadata(request.metadata)
  const store = await env.writer('create')
  return withLease(
    env,
    {store, corpus: name, purpose: 'upsert', ...(call.signal ? {signal: call.signal} : {})},
    async (lease) => {
      const known = await store.createCorpus(name, {...newSettings({}), analyser: env.analyser.fingerprint})
      const corpus = await freshKeywords(env, {store, corpus: known, lease}, call)
      const tools = await ingestTools(env, store, corpus.settings)
      const {language} = corpus.settings
      const document = await prepareText(tools, {
        docId: request.docId,
        bytes: new TextEncoder().encode(request.text),
        source: 'upsert',
        metadata,
        ...(request.title === undefined ? {} : {title: request.title}),
        target: language === undefined ? {} : {language},
      })
      const target = {corpusId: corpus.id, lease, acceptVectors: () => Promise.resolve()}
      const writer = new BatchWriter(store, target, {batchSize: 1, fresh: false})
      await writer.put(document)
      await writer.flush()
      const {failure} = await embedCorpus(env, {store, corpus, lease}, call)
      if (failure) throw failure
      if (!call.signal?.aborted) await tidyCorpus(env, {store, corpus, lease})
      const {totals} = writer
      return {
        accepted: true,
        docId: request.docId,
        upsertedDocs: totals.added + totals.updated,
        skippedDocs: totals.unchanged,
        chunksCreated: totals.chunksAdded,
        corpusVersion: (await requireCorpus(store, name)).version,
      }
    },
  )
}

/** `Rag.listDocuments`. */
export async function listDocuments(
  env: Environment,
  name: string,
  options: {readonly filters?: readonly Filter[]; readonly limit?: number; readonly offset?: number},
): Promise<DocumentList> {
  const store = await env.reader()
  const corpus = await requireCorpus(store, name)
  return store.listDocuments(corpus.id, options)
}

/** `Rag.showDocument`. */
export async function showDocument(env: Environment, name: string, docId: string): Promise<DocumentReport> {
  const store = await env.reader()
  const corpus = await requireCorpus(store, name)
  const document = await store.getDocument(corpus.id, docId)
  if (!document) throw documentMissing(docId, name)
  const chunks = await store.documentChunks(document.id)
  const versions = await store.listEmbeddingVersions(corpus.id)
  const live = versions.find((version) => version.state === 'live')
  const vectors = live
    ? await store.vectorsOfChunks(
        live.id,
        chunks.map((chunk) => chunk.id),
      )
    : new Map()
  return {document, chunks, embedded: vectors.size}
}
