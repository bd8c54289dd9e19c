import {ask} from './ask.js'
import {backup} from './backup.js'
import {cachePrune, cachePurge, cacheStats} from './caches.js'
import {deleteDocuments} from './delete-documents.js'
import {listDocuments, showDocument, upsertDocument} from './documents.js'
import {Environment} from './environment.js'
import {exportTo} from './export.js'
import {ingestDocuments, planDocuments} from './ingest-documents.js'
import type {RagOptions} from './rag-options.js'
import type {Rag} from './rag.js'
import {rebuildCorpus} from './rebuild-corpus.js'
import {planRebuild} from './rebuild-plan.js'
import {replay} from './replay.js'
import {deleteCorpus, listCorpora, showCorpus, status} from './reports.js'
import {restore} from './restore.js'
import {SearchEngine} from './search-engine.js'
import {deleteSessions, listSessions, showProfile, showSession} from './sessions.js'
import {listModels, pullModel, showModel} from './models.js'
import {verifyStore} from './verify-store.js'
import {watch} from './watch.js'

/** Opens a store. Nothing is read or made until the first call. */
export async function openRag(options: RagOptions): Promise<Rag> {
  const env = new Environment(options)
  const searches = new SearchEngine(env)
  return {
    ingest: (request, call = {}) => ingestDocuments(env, request, call),
    planIngest: (request, call = {}) => planDocuments(env, request, call),
    replay: (request, call = {}) => replay(env, request, call),
    export: (request, call = {}) => exportTo(env, request, call),
    watch: (request, options = {}) => watch(env, request, options),
    ask: (corpus, request, call = {}) =>
      ask({env, searches, chatModel: (name) => env.chatModel(name)}, corpus, request, call),
    // Loaded when asked for: the phrases of many languages are of no use to a search.
    buildExamples: async (request, call = {}) =>
      (await import('./build-examples.js')).buildExamples(env, request, call),
    listSessions: (scope = {}) => listSessions(env, scope),
    showSession: (id) => showSession(env, id),
    showProfile: (user) => showProfile(env, user),
    deleteSessions: (scope, options = {}) => deleteSessions(env, scope, options),
    search: (corpus, request) => searches.search(corpus, request),
    upsertDocument: (request, call = {}) => upsertDocument(env, request, call),
    deleteDocuments: (corpus, docIds, {hard = false, ...call} = {}) =>
      deleteDocuments(env, {corpus, docIds, hard}, call),
    listDocuments: (corpus, listing = {}) => listDocuments(env, corpus, listing),
    showDocument: (corpus, docId) => showDocument(env, corpus, docId),
    listCorpora: () => listCorpora(env),
    showCorpus: (corpus) => showCorpus(env, corpus),
    deleteCorpus: (corpus, call = {}) => deleteCorpus(env, corpus, call),
    rebuild: (request, call = {}) => rebuildCorpus(env, request, call),
    planRebuild: (request) => planRebuild(env, request),
    cacheStats: () => cacheStats(env),
    listModels: () => listModels(env),
    showModel: (model) => showModel(env, model),
    pullModel: (request, call = {}) => pullModel(env, request, call),
    cachePurge: (scope) => cachePurge(env, scope),
    cachePrune: (limits) => cachePrune(env, limits),
    status: () => status(env),
    verify: (verification = {}, call = {}) => verifyStore(env, verification, call),
    backup: (dir, options = {}) => backup(env, dir, options),
    restore: (dir, options = {}) => restore(env, dir, options),
    close: async () => {
      searches.close()
      await env.close()
    },
  }
}
