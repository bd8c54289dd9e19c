import type {ChunkPut, CommitReceipt, DocumentBatch, DocumentPut} from '../../../model/batch.js'
import {RowNumbers} from '../checksums/checked-writes.js'
import {isWhole} from '../checksums/whole-rows.js'
import {
  damagedChunks,
  keepChunk,
  metadataColumn,
  oldChunks,
  softDeleteChunk,
  type OldChunk,
} from './chunk-table.js'
import type {Connection} from '../connection.js'
import {CountTally} from './corpus-counts.js'
import {bumpVersion, corpusVersion} from './corpus-table.js'
import type {DocumentRow} from './document-columns.js'
import {
  deleteDocument,
  findDocument,
  insertDocument,
  noteSource,
  touchDocument,
  updateDocument,
} from './document-rows.js'
import {keywordWriter, type KeywordWriter} from '../keywords/keyword-table.js'
import {KeywordRemovals} from '../keywords/keyword-totals.js'
import {NewChunks} from './new-chunks.js'
import {
  hasVector,
  kindOfVector,
  liveVersion,
  renewVectors,
  storeGivenVector,
  type VersionRow,
} from '../vectors/vector-table.js'

/** The version of the corpus once this commit is done, as far as it changes anything. */
function nextVersion(on: Connection, corpusId: number): number {
  return corpusVersion(on, corpusId) + 1
}

type Counts = {-readonly [K in keyof CommitReceipt]: CommitReceipt[K]}

/** The work of `DocumentStore.commit`, inside its transaction. */
export function commitBatch(on: Connection, corpusId: number, batch: DocumentBatch): CommitReceipt {
  const counts: Counts = {
    version: 0,
    added: 0,
    updated: 0,
    unchanged: 0,
    removed: 0,
    chunksAdded: 0,
    chunksKept: 0,
    chunksDeleted: 0,
  }
  const where = {
    corpusId,
    tally: new CountTally(),
    live: liveVersion(on, corpusId),
    keywords: keywordWriter(on, corpusId),
    removals: new KeywordRemovals(on, corpusId),
  }
  const commit = {
    ...where,
    counts,
    fresh: batch.fresh === true,
    version: nextVersion(on, corpusId),
    documentIds: new RowNumbers(on, 'documents'),
    hasDiscarded: false,
    newChunks: new NewChunks(on, where),
  }
  for (const document of batch.put) putDocument(on, commit, document)
  commit.newChunks.write()
  let patched = 0
  for (const touch of batch.touch) patched += touchDocument(on, commit, touch)
  for (const docId of batch.remove) removeDocument(on, commit, docId)
  commit.removals.settle()
  const visible = counts.added + counts.updated + counts.removed + patched > 0
  counts.version = visible ? bumpVersion(on, corpusId) : corpusVersion(on, corpusId)
  // What a damaged row was counted as is not known.
  if (visible && !commit.hasDiscarded) commit.tally.keep(on, corpusId)
  return counts
}

interface Commit {
  readonly corpusId: number
  readonly counts: Counts
  readonly tally: CountTally
  readonly fresh: boolean
  /** Of the corpus when this is committed. */
  readonly version: number
  /** The embedding version that vectors of the batch go to. */
  readonly live: VersionRow | undefined
  readonly keywords: KeywordWriter
  readonly removals: KeywordRemovals
  readonly documentIds: RowNumbers
  /** Damaged rows were removed. */
  hasDiscarded: boolean
  /** Of documents that are new, until the next that is not. */
  readonly newChunks: NewChunks
}

/** Most documents of most batches are new: to look for each before it is inserted takes half as long as to insert it. */
function putDocument(on: Connection, commit: Commit, document: DocumentPut): void {
  const documentId = insertDocument(on, commit, document)
  if (documentId === undefined) {
    putKnown(on, {commit, known: findDocument(on, commit.corpusId, document.docId)!}, document)
    return
  }
  commit.counts.added++
  commit.tally.document(document.language, 1)
  add(commit, {documentId, docId: document.docId}, document.chunks)
}

interface Place {
  readonly commit: Commit
  /** The document's row, perhaps a softly deleted one. */
  readonly known: DocumentRow
}

function putKnown(on: Connection, {commit, known}: Place, document: DocumentPut): void {
  // A document that comes twice is compared with what it was made the first time.
  commit.newChunks.write()
  const isLive = known.deleted_at_ms === null
  if (isLive && !commit.fresh && sameDocument(on, known, document)) {
    commit.counts.unchanged++
    noteSource(on, known, document.source)
    return
  }
  if (isLive) {
    commit.counts.updated++
    commit.tally.document(known.language, -1)
  } else commit.counts.added++
  commit.tally.document(document.language, 1)
  updateDocument(on, commit, {known, document})
  replaceChunks(on, {commit, documentId: known.id}, document)
}

function sameDocument(on: Connection, known: DocumentRow, document: DocumentPut): boolean {
  return (
    isWhole('documents', known) &&
    known.doc_hash === document.docHash &&
    known.title === document.title &&
    known.language === document.language &&
    known.metadata === JSON.stringify(document.metadata) &&
    known.chunk_count === document.chunks.length &&
    sameChunks(on, known.id, document.chunks)
  )
}

/** Chunks by place, input and given vector. Ready-made chunks can differ under the same document hash. */
function sameChunks(on: Connection, documentId: number, chunks: readonly ChunkPut[]): boolean {
  const live = oldChunks(on, documentId).filter((chunk) => !chunk.deleted)
  return (
    live.length === chunks.length &&
    live.every((stored, i) => {
      const given = chunks[i]!
      if (stored.input_hash !== given.inputHash || stored.metadata !== metadataColumn(given)) return false
      return given.vector === undefined || hasVector(on, stored.id, given.vector)
    })
  )
}

interface Owner {
  readonly commit: Commit
  readonly documentId: number
}

/** New rows first, then the old ones go: whoever reads the log of a crash finds the old version or the new one. */
function replaceChunks(on: Connection, {commit, documentId}: Owner, document: DocumentPut): void {
  const {docId} = document
  const damaged = damagedChunks(on, documentId)
  for (const id of damaged) discard(on, commit, id)
  const old = oldChunks(on, documentId).filter((chunk) => !damaged.has(chunk.id))
  const free = commit.fresh ? new Map<string, OldChunk[]>() : byInputHash(old)
  const kept = new Set<number>()
  for (const chunk of document.chunks) {
    const match = free.get(chunk.inputHash)?.shift()
    if (!match) {
      add(commit, {documentId, docId}, [chunk])
      continue
    }
    kept.add(match.id)
    keep(on, commit, {match, chunk})
    const {vector} = chunk
    if (vector)
      storeGivenVector(on, commit.live, {
        chunkId: match.id,
        isNew: false,
        docId,
        vector,
        tally: commit.tally,
        seqs: new RowNumbers(on, 'vectors'),
      })
  }
  commit.newChunks.write()
  for (const chunk of old) if (!kept.has(chunk.id) && !chunk.deleted) bury(on, commit, chunk.id)
}

function bury(on: Connection, commit: Commit, chunkId: number): void {
  softDeleteChunk(on, chunkId)
  commit.removals.remove(chunkId)
  commit.counts.chunksDeleted++
  commit.tally.chunkLives(kindOfVector(on, chunkId, commit.live), -1)
}

/** A damaged row goes for good: as a deleted one it would still be found damaged. */
function discard(on: Connection, commit: Commit, chunkId: number): void {
  commit.removals.remove(chunkId)
  on.sql('DELETE FROM vectors WHERE chunk_id = ?').run(chunkId)
  on.sql('DELETE FROM chunks WHERE id = ?').run(chunkId)
  commit.counts.chunksDeleted++
  commit.hasDiscarded = true
}

function byInputHash(chunks: readonly OldChunk[]): Map<string, OldChunk[]> {
  const groups = new Map<string, OldChunk[]>()
  for (const chunk of chunks) {
    const group = groups.get(chunk.input_hash)
    if (group) group.push(chunk)
    else groups.set(chunk.input_hash, [chunk])
  }
  return groups
}

function keep(on: Connection, commit: Commit, {match, chunk}: {match: OldChunk; chunk: ChunkPut}): void {
  keepChunk(on, match.id, chunk)
  commit.counts.chunksKept++
  if (!match.deleted) return
  commit.keywords.add(match.id, chunk.terms)
  renewVectors(on, match.id)
  commit.tally.chunkLives(kindOfVector(on, match.id, commit.live), 1)
}

function add(
  {counts, newChunks}: Commit,
  owner: {readonly documentId: number; readonly docId: string},
  chunks: readonly ChunkPut[],
): void {
  newChunks.add(owner, chunks)
  counts.chunksAdded += chunks.length
}

function removeDocument(on: Connection, commit: Commit, docId: string): void {
  const known = findDocument(on, commit.corpusId, docId)
  if (!known || known.deleted_at_ms !== null) return
  deleteDocument(on, commit, known)
  commit.counts.removed++
  commit.tally.document(known.language, -1)
  for (const chunk of oldChunks(on, known.id)) if (!chunk.deleted) bury(on, commit, chunk.id)
}
