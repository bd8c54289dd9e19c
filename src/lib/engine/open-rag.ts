import {ask} from '../answer/ask.js'
import {backup} from '../upkeep/backup/backup.js'
import {cachePrune, cachePurge, cacheStats} from '../corpus/caches.js'
import {deleteDocuments} from '../upkeep/deletion/delete-documents.js'
import {listDocuments, showDocument, upsertDocument} from '../ingest/upsert-document.js'
import {createServices, type OpenedServices} from './create-services.js'
import {exportTo} from '../export/export-to-folder.js'
import {ingestDocuments, planDocuments} from '../ingest/ingest-documents.js'
import type {RagOptions} from './rag-options.js'
import type {Rag} from './rag.js'
import {dryRunRebuild, rebuildCorpus} from '../rebuild/rebuild-corpus.js'
import {replay} from '../replay/replay.js'
import {deleteCorpus, listCorpora, showCorpus, status} from '../upkeep/status/reports.js'
import {restore} from '../upkeep/backup/restore.js'
import {SearchEngine} from '../retrieve/search-engine.js'
import {deleteSessions, listSessions, showProfile, showSession} from '../answer/sessions.js'
import {listModels, pullModel, showModel} from '../embedding/models.js'
import {verifyStore} from '../upkeep/verify/verify-store.js'
import {watch} from '../watch/watch.js'

/** Opens a store. Nothing is read or made until the first call. */
export async function openRag(options: RagOptions): Promise<Rag> {
  return createRag(createServices(options))
}

/** The face over services, whoever made them. */
export function createRag({services, close}: OpenedServices): Rag {
  const searches = new SearchEngine(services)
  return {
    ingest: (request, call = {}) => ingestDocuments(services, request, call),
    planIngest: (request, call = {}) => planDocuments(services, request, call),
    replay: (request, call = {}) => replay(services, request, call),
    export: (request, call = {}) => exportTo(services, request, call),
    watch: (request, options = {}) => watch(services, request, options),
    ask: (corpus, request, call = {}) =>
      ask({services, searches, chatModel: (name) => services.models.chat(name)}, corpus, request, call),
    // Loaded when asked for: the phrases of many languages are of no use to a search.
    buildExamples: async (request, call = {}) =>
      (await import('../examples/build-examples.js')).buildExamples(services, request, call),
    listSessions: (scope = {}) => listSessions(services, scope),
    showSession: (id) => showSession(services, id),
    showProfile: (user) => showProfile(services, user),
    deleteSessions: (scope, options = {}) => deleteSessions(services, scope, options),
    search: (corpus, request) => searches.search(corpus, request),
    upsertDocument: (request, call = {}) => upsertDocument(services, request, call),
    deleteDocuments: (corpus, docIds, {hard = false, ...call} = {}) =>
      deleteDocuments(services, {corpus, docIds, hard}, call),
    listDocuments: (corpus, listing = {}) => listDocuments(services, corpus, listing),
    showDocument: (corpus, docId) => showDocument(services, corpus, docId),
    listCorpora: () => listCorpora(services),
    showCorpus: (corpus) => showCorpus(services, corpus),
    deleteCorpus: (corpus, call = {}) => deleteCorpus(services, corpus, call),
    rebuild: (request, call = {}) => rebuildCorpus(services, request, call),
    planRebuild: (request) => dryRunRebuild(services, request),
    cacheStats: () => cacheStats(services),
    listModels: () => listModels(services),
    showModel: (model) => showModel(services, model),
    pullModel: (request, call = {}) => pullModel(services, request, call),
    cachePurge: (scope) => cachePurge(services, scope),
    cachePrune: (limits) => cachePrune(services, limits),
    status: () => status(services),
    verify: (verification = {}, call = {}) => verifyStore(services, verification, call),
    backup: (dir, options = {}) => backup(services, dir, options),
    restore: (dir, options = {}) => restore(services, dir, options),
    close: async () => {
      searches.close()
      await close()
    },
  }
}
