import {createServices, type OpenedServices} from './create-services.js'
import type {RagOptions} from './rag-options.js'
import type {Rag} from './rag.js'
import {SearchEngine} from '../retrieve/search-engine.js'

/** Opens a store. Nothing is read or made until the first call. */
export async function openRag(options: RagOptions): Promise<Rag> {
  return createRag(createServices(options))
}

/**
 * The face over services, whoever made them. A use case is loaded when it is first called: a search starts without the others.
 */
export function createRag({services, close}: OpenedServices): Rag {
  const searches = new SearchEngine(services)
  return {
    ingest: async (request, call = {}) =>
      (await import('../ingest/ingest-documents.js')).ingestDocuments(services, request, call),
    planIngest: async (request, call = {}) =>
      (await import('../ingest/ingest-documents.js')).planDocuments(services, request, call),
    replay: async (request, call = {}) =>
      (await import('../replay/replay.js')).replay(services, request, call),
    export: async (request, call = {}) =>
      (await import('../export/export-to-folder.js')).exportTo(services, request, call),
    watch: async (request, options = {}) =>
      (await import('../watch/watch.js')).watch(services, request, options),
    ask: async (corpus, request, call = {}) =>
      (await import('../answer/ask.js')).ask(
        {services, searches, chatModel: (name) => services.models.chat(name)},
        corpus,
        request,
        call,
      ),
    buildExamples: async (request, call = {}) =>
      (await import('../examples/build-examples.js')).buildExamples(services, request, call),
    listSessions: async (scope = {}) => (await import('../answer/sessions.js')).listSessions(services, scope),
    showSession: async (id) => (await import('../answer/sessions.js')).showSession(services, id),
    showProfile: async (user) => (await import('../answer/sessions.js')).showProfile(services, user),
    deleteSessions: async (scope, options = {}) =>
      (await import('../answer/sessions.js')).deleteSessions(services, scope, options),
    search: (corpus, request) => searches.search(corpus, request),
    upsertDocument: async (request, call = {}) =>
      (await import('../ingest/upsert-document.js')).upsertDocument(services, request, call),
    deleteDocuments: async (corpus, docIds, {hard = false, ...call} = {}) =>
      (await import('../upkeep/deletion/delete-documents.js')).deleteDocuments(
        services,
        {corpus, docIds, hard},
        call,
      ),
    listDocuments: async (corpus, listing = {}) =>
      (await import('../ingest/upsert-document.js')).listDocuments(services, corpus, listing),
    showDocument: async (corpus, docId) =>
      (await import('../ingest/upsert-document.js')).showDocument(services, corpus, docId),
    listCorpora: async () => (await import('../upkeep/status/reports.js')).listCorpora(services),
    showCorpus: async (corpus) => (await import('../upkeep/status/reports.js')).showCorpus(services, corpus),
    deleteCorpus: async (corpus, call = {}) =>
      (await import('../upkeep/status/reports.js')).deleteCorpus(services, corpus, call),
    rebuild: async (request, call = {}) =>
      (await import('../rebuild/rebuild-corpus.js')).rebuildCorpus(services, request, call),
    planRebuild: async (request) =>
      (await import('../rebuild/rebuild-corpus.js')).dryRunRebuild(services, request),
    cacheStats: async () => (await import('../corpus/caches.js')).cacheStats(services),
    listModels: async () => (await import('../embedding/models.js')).listModels(services),
    showModel: async (model) => (await import('../embedding/models.js')).showModel(services, model),
    pullModel: async (request, call = {}) =>
      (await import('../embedding/models.js')).pullModel(services, request, call),
    cachePurge: async (scope) => (await import('../corpus/caches.js')).cachePurge(services, scope),
    cachePrune: async (limits) => (await import('../corpus/caches.js')).cachePrune(services, limits),
    status: async () => (await import('../upkeep/status/reports.js')).status(services),
    verify: async (verification = {}, call = {}) =>
      (await import('../upkeep/verify/verify-store.js')).verifyStore(services, verification, call),
    backup: async (dir, options = {}) =>
      (await import('../upkeep/backup/backup.js')).backup(services, dir, options),
    restore: async (dir, options = {}) =>
      (await import('../upkeep/backup/restore.js')).restore(services, dir, options),
    takeDamage: () => services.store.takeDamage(),
    close: async () => {
      searches.close()
      await close()
    },
  }
}
