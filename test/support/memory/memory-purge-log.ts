import type {SessionMessage} from '../../../src/lib/model/session.js'
import type {
  PendingPurge,
  PurgeLog,
  PurgeWork,
  Remains,
  StoredText,
} from '../../../src/lib/ports/store/purge-log.js'
import type {DocumentRow, MemoryState} from './memory-state.js'
import {compareText} from './memory-text-order.js'

/** The purges under way of a store held in memory. */
export function memoryPurgeLog(state: MemoryState): PurgeLog {
  return {
    async *readRemains(corpusId, docIds) {
      const rows = [...state.documents.values()]
        .filter((it) => it.corpusId === corpusId && docIds.includes(it.docId))
        .sort((a, b) => compareText(a.docId, b.docId))
      for (const row of rows) yield remainsOf(state, row)
    },
    async pendingPurges(corpusId) {
      const all = [...state.purges.values()].sort((a, b) => a.id - b.id)
      return structuredClone(all.filter((it) => corpusId === undefined || it.corpusId === corpusId))
    },
    async *readStoredTexts(which) {
      yield which === 'rows' ? rowTexts(state) : answerTexts(state)
    },
    async *readIndexedTerms() {
      for (const corpusId of state.corpora.keys()) {
        const live = state.liveChunks(corpusId).flatMap(({put}) => [put.terms.title, put.terms.body])
        yield {corpusId, terms: [...new Set(live.flatMap((terms) => terms.split(' ')))]}
      }
    },
    async *readStoredVectors() {
      const kept = [...state.vectors.values()].filter(
        (it) => it.kind === 'dense' && state.chunks.has(it.chunkId),
      )
      yield structuredClone(kept.map(({vector}) => vector))
    },
    async redactAnswers(ids) {
      const wanted = new Set(ids)
      for (const [at, session] of [...state.sessions.values()].entries())
        session.log = session.log.map((message) =>
          wanted.has(answerId(at, message)) ? {...message, text: '', sources: [], redacted: true} : message,
        )
    },
    eraseFreed: () => Promise.resolve(true),
    async finishPurge({id, corpusId}, lease) {
      state.writable(corpusId, lease)
      if (state.purges.get(id)?.corpusId === corpusId) state.purges.delete(id)
    },
    async countVectorRows(versionId, {from, to}) {
      return [...state.vectors.values()].filter(
        (it) => it.versionId === versionId && it.kind === 'dense' && from <= it.seq && it.seq <= to,
      ).length
    },
  }
}

/** Of an answer, among all of the store, as long as no session is added or removed. */
function answerId(at: number, message: SessionMessage): number {
  return message.role === 'assistant' ? at * 1e6 + message.ordinal : -1
}

function answerTexts(state: MemoryState): StoredText[] {
  return [...state.sessions.values()].flatMap((session, at) =>
    session.log
      .filter(({role}) => role === 'assistant')
      .map((message) => ({id: answerId(at, message), texts: [message.text]})),
  )
}

function rowTexts(state: MemoryState): StoredText[] {
  const documents = [...state.documents.values()].map((row) => [
    row.docId,
    row.title,
    JSON.stringify(row.metadata),
  ])
  const chunks = [...state.chunks.values()]
    .filter(({documentId}) => state.documents.has(documentId))
    .map(({put}) => [put.text, ...put.heading, JSON.stringify(put.metadata ?? {})])
  const asked = [...state.sessions.values()].flatMap(({log}) =>
    log.filter(({role}) => role === 'user').map((it) => [it.text, it.standaloneQuery ?? '']),
  )
  const profiles = [...state.profiles.values()].map((profile) => [JSON.stringify(profile)])
  return [...documents, ...chunks, ...asked, ...profiles].map((texts, id) => ({id, texts}))
}

function remainsOf(state: MemoryState, row: DocumentRow): Remains {
  const chunks = [...state.chunks.values()]
    .filter((it) => it.documentId === row.id)
    .sort((a, b) => a.id - b.id)
    .map(({id, put: {text, heading, metadata = {}}}) => ({
      text,
      heading,
      metadata,
      vectors: [...state.vectors.values()]
        .filter((it) => it.chunkId === id && it.kind === 'dense')
        .map(({vector}) => vector),
    }))
  const {docId, title, language, metadata} = row
  return structuredClone({docId, title, language, metadata, chunks})
}

/** Before the models are marked as to be learned anew, or after: which they are does not change by that. */
export function writePurge(
  state: MemoryState,
  corpusId: number,
  work: PurgeWork,
  {seqs, removed}: Pick<PendingPurge, 'seqs' | 'removed'>,
): void {
  const learned = [...state.versions.values()]
    .filter((it) => it.corpusId === corpusId && it.fittedChunks !== undefined)
    .map(({id}) => id)
  const id = state.nextId()
  const begunAtMs = state.clock.now()
  const left = {seqs: [...seqs].sort((a, b) => a - b), learned: removed.documents > 0 ? learned : [], removed}
  state.purges.set(id, structuredClone({...work, id, corpusId, begunAtMs, ...left}))
}
