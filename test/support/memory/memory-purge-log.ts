import type {PendingPurge, PurgeLog, PurgeWork, Remains} from '../../../src/lib/ports/store/purge-log.js'
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
