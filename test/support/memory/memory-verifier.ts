import {createHash} from 'node:crypto'
import {
  FAULT_EXAMPLES,
  type Page,
  type PageReport,
  type RowFault,
  type RowFaultKind,
  type StoreVerifier,
} from '../../../src/lib/ports/store/store-verifier.js'
import {chunkName} from '../../../src/lib/model/names.js'
import type {MemoryState, VectorRow} from './memory-state.js'

/** Verification of a store held in memory. What its own verbs can't bring about is not looked for. */
export function memoryVerifier(state: MemoryState): StoreVerifier {
  return {
    async checkStructure() {
      return {faults: [], keywords: [], references: []}
    },
    async checkRows(corpusId) {
      const ofDeleted = state
        .liveChunks(corpusId)
        .map((chunk) => state.documents.get(chunk.documentId))
        .filter((document) => document === undefined || document.deleted)
      return faultsOf(
        'chunk-of-deleted',
        ofDeleted.map((document) => document?.docId ?? '?'),
      )
    },
    async checkTexts(corpusId, page) {
      const rows = state.liveChunks(corpusId).map((chunk) => ({
        id: chunk.id,
        bytes: Buffer.byteLength(chunk.put.text),
        name: chunkName(state.documents.get(chunk.documentId)?.docId ?? '?', chunk.put.ordinal),
        whole: createHash('sha256').update(chunk.put.text).digest('hex') === chunk.put.contentHash,
      }))
      return pageOf('text', rows, page)
    },
    async checkVectors(versionId, page) {
      const dimension = state.versions.get(versionId)?.dimension ?? 0
      const rows = [...state.vectors.values()]
        .filter((row) => row.versionId === versionId)
        .map((row) => ({
          id: row.seq,
          bytes: row.vector.byteLength,
          name: `vector ${row.seq}`,
          whole: isUsable(row, dimension),
        }))
      return pageOf('vector', rows, page)
    },
    async lastIds(corpusId, versionId) {
      const seqs = [...state.vectors.values()].filter((row) => row.versionId === versionId)
      return {chunkId: state.liveChunks(corpusId).at(-1)?.id ?? 0, seq: seqs.at(-1)?.seq ?? 0}
    },
    async pendingDocuments(corpusId, versionId) {
      const done = state.doneChunks(versionId)
      const pending = state.liveChunks(corpusId).filter((chunk) => !done.has(chunk.id))
      const docIds = [...new Set(pending.map((chunk) => state.documents.get(chunk.documentId)!.docId))]
      return {chunks: pending.length, documents: docIds.length, examples: docIds.slice(0, FAULT_EXAMPLES)}
    },
    ...keywordChecks(state),
    ...datesAndMending(state),
  }
}

/** Whether chunks are found by their terms. */
function keywordChecks(state: MemoryState): Pick<StoreVerifier, 'chunkIdAfter' | 'missingTerms'> {
  return {
    async chunkIdAfter(corpusId, after, skip) {
      const ids = state.liveChunks(corpusId).map((chunk) => chunk.id)
      return ids.filter((id) => id > after).sort((a, b) => a - b)[skip]
    },
    async missingTerms(corpusId, {analyser, chunks}) {
      if (state.corpora.get(corpusId)?.settings.analyser !== analyser) return []
      const live = new Map(state.liveChunks(corpusId).map((chunk) => [chunk.id, chunk]))
      return chunks.flatMap(({chunkId, terms}) => {
        const chunk = live.get(chunkId)
        if (!chunk) return []
        const held = new Set(`${chunk.put.terms.title} ${chunk.put.terms.body}`.split(' '))
        if (terms.every((term) => held.has(term))) return []
        return [chunkName(state.documents.get(chunk.documentId)?.docId ?? '?', chunk.put.ordinal)]
      })
    },
  }
}

/** The two verbs that change something, and what reads the first's changes. */
function datesAndMending(
  state: MemoryState,
): Pick<
  StoreVerifier,
  | 'verifiedAt'
  | 'markVerified'
  | 'mendRows'
  | 'replaceVectors'
  | 'raiseVersion'
  | 'checkedTables'
  | 'checkChecksums'
  | 'mendDamagedRows'
> {
  const segments = new Map<number, number>()
  const models = new Map<number, number>()
  return {
    async verifiedAt() {
      return {segments: new Map(segments), models: new Map(models)}
    },
    async markVerified(found, atMs) {
      for (const id of found.segments) if (state.segments.has(id)) segments.set(id, atMs)
      for (const id of found.models) if (state.versions.has(id)) models.set(id, atMs)
    },
    async replaceVectors(versionId, replaced, lease) {
      const {corpusId} = state.writableVersion(versionId, lease)
      for (const {seq, vector} of replaced) {
        const row = state.vectors.get(seq)
        if (row?.versionId === versionId) state.vectors.set(seq, {...row, vector: vector.slice()})
      }
      state.bump(state.corpora.get(corpusId)!)
    },
    async raiseVersion(corpusId, lease) {
      state.bump(state.writable(corpusId, lease))
    },
    async mendRows(corpusId, lease) {
      state.bump(state.writable(corpusId, lease))
      const live = new Set(state.liveChunks(corpusId).map((chunk) => chunk.id))
      let nowPending = 0
      const removed = state.eraseVectors((row) => {
        const version = state.versions.get(row.versionId)
        if (version?.corpusId !== corpusId || isUsable(row, version.dimension)) return false
        if (live.has(row.chunkId)) nowPending++
        return true
      })
      return {
        vectorsRemoved: removed.length,
        nowPending,
        chunksRemoved: 0,
        chunksDeleted: 0,
        documentsRecounted: 0,
      }
    },
    async checkedTables() {
      return []
    },
    async checkChecksums(_table, {after}) {
      return {checked: 0, last: after, damaged: []}
    },
    async mendDamagedRows() {
      return {flipped: 0, vectorsRemoved: 0, segmentsRemoved: 0, documentsMarked: 0, left: []}
    },
  }
}

function isUsable({kind, vector}: VectorRow, dimension: number): boolean {
  if (vector.length !== (kind === 'empty' ? 0 : dimension)) return false
  const squares = vector.reduce((sum, value) => sum + value * value, 0)
  return kind !== 'dense' || (squares > 0 && Number.isFinite(squares))
}

interface CheckedRow {
  readonly id: number
  readonly bytes: number
  readonly name: string
  readonly whole: boolean
}

function pageOf(kind: RowFaultKind, rows: readonly CheckedRow[], {after, limit}: Page): PageReport {
  const some = rows
    .filter((row) => row.id > after)
    .sort((a, b) => a.id - b.id)
    .slice(0, limit)
  return {
    checked: some.length,
    bytes: some.reduce((sum, row) => sum + row.bytes, 0),
    last: some.at(-1)?.id ?? after,
    faults: faultsOf(
      kind,
      some.filter((row) => !row.whole).map((row) => row.name),
    ),
  }
}

function faultsOf(kind: RowFaultKind, names: readonly string[]): RowFault[] {
  return names.length === 0 ? [] : [{kind, count: names.length, examples: names.slice(0, FAULT_EXAMPLES)}]
}
