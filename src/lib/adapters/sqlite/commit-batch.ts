import type {ChunkPut, CommitReceipt, DocumentBatch, DocumentPut} from '../../model/batch.js'
import {keepChunk, metadataColumn, oldChunks, softDeleteChunk, type OldChunk} from './chunk-table.js'
import type {Connection} from './connection.js'
import {CountTally} from './corpus-counts.js'
import {bumpVersion, corpusVersion} from './corpus-table.js'
import {SOURCE_COLUMNS, sourceValues, type DocumentRow} from './document-columns.js'
import {documentsBefore, findDocument} from './documents-before.js'
import {keywordWriter, removeKeywords, type KeywordWriter} from './keyword-table.js'
import {NewChunks} from './new-chunks.js'
import {
  hasVector,
  kindOfVector,
  liveVersion,
  renewVectors,
  storeGivenVector,
  type VersionRow,
} from './vector-table.js'

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
  }
  const commit = {
    ...where,
    counts,
    fresh: batch.fresh === true,
    version: nextVersion(on, corpusId),
    newChunks: new NewChunks(on, where),
  }
  const before = documentsBefore(on, corpusId, batch.put)
  for (const document of batch.put) putDocument(on, {commit, known: before(document.docId)}, document)
  commit.newChunks.write()
  let patched = 0
  for (const touch of batch.touch) patched += touchDocument(on, corpusId, touch)
  for (const docId of batch.remove) removeDocument(on, commit, docId)
  const visible = counts.added + counts.updated + counts.removed + patched > 0
  counts.version = visible ? bumpVersion(on, corpusId) : corpusVersion(on, corpusId)
  if (visible) commit.tally.keep(on, corpusId)
  return counts
}

/** Returns 1 when a search can see the difference. */
function touchDocument(on: Connection, corpusId: number, touch: DocumentBatch['touch'][number]): number {
  on.sql(TOUCH).run(...sourceValues(touch.source), corpusId, touch.docId)
  if (!touch.metadata) return 0
  const patch = JSON.stringify(touch.metadata)
  return on.sql(PATCH).run(patch, nextVersion(on, corpusId), corpusId, touch.docId, patch).changes
}

// Statements of what is done for each document: whole texts, so that none is put together anew each time.
const SET_SOURCE = SOURCE_COLUMNS.map((name) => `${name} = ?`).join(', ')
const IF_LIVE = 'WHERE corpus_id = ? AND doc_id = ? AND deleted_at_ms IS NULL'
const TOUCH = `UPDATE documents SET ${SET_SOURCE} ${IF_LIVE}`
const PATCH = `UPDATE documents SET metadata = json_patch(metadata, ?), changed_version = ? ${IF_LIVE}
  AND metadata <> json_patch(metadata, ?)`
const NOTE_SOURCE = `UPDATE documents SET ${SET_SOURCE} WHERE id = ?`
const INSERT = `INSERT INTO documents (corpus_id, doc_id, doc_hash, title, language, metadata, chunk_count, changed_version,
  created_at_ms, updated_at_ms, ${SOURCE_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const UPDATE = `UPDATE documents SET doc_hash = ?, title = ?, language = ?, metadata = ?, chunk_count = ?, changed_version = ?,
  updated_at_ms = ?, deleted_at_ms = NULL, ${SET_SOURCE} WHERE id = ?`

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
  /** Of documents that are new, until the next that is not. */
  readonly newChunks: NewChunks
}

interface Place {
  readonly commit: Commit
  /** The document's row, where there is one. */
  readonly known: DocumentRow | undefined
}

function putDocument(on: Connection, {commit, known}: Place, document: DocumentPut): void {
  // A document that comes twice is compared with what it was made the first time.
  if (known) commit.newChunks.write()
  if (known?.deleted_at_ms === null && !commit.fresh && sameDocument(on, known, document)) {
    commit.counts.unchanged++
    on.sql(NOTE_SOURCE).run(...sourceValues(document.source), known.id)
    return
  }
  if (known?.deleted_at_ms === null) {
    commit.counts.updated++
    commit.tally.document(known.language, -1)
  } else commit.counts.added++
  commit.tally.document(document.language, 1)
  const documentId = known
    ? updateRow(on, known.id, document, commit.version)
    : insertRow(on, commit, document)
  if (known) replaceChunks(on, {commit, documentId}, document)
  else add(commit, {documentId, docId: document.docId}, document.chunks)
}

function sameDocument(on: Connection, known: DocumentRow, document: DocumentPut): boolean {
  return (
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

function insertRow(on: Connection, {corpusId, version}: Commit, document: DocumentPut): number {
  const now = on.clock.now()
  const {source} = document
  // Written out: to lay arrays together costs as much as half of what the database does with them.
  const {lastInsertRowid} = on
    .sql(INSERT)
    .run(
      corpusId,
      document.docId,
      document.docHash,
      document.title,
      document.language,
      JSON.stringify(document.metadata),
      document.chunks.length,
      version,
      now,
      now,
      source.source,
      source.root ?? null,
      source.sizeBytes ?? null,
      source.mtimeMs ?? null,
      source.sha256 ?? null,
      source.readAtMs ?? null,
      source.pipeline ?? null,
    )
  return Number(lastInsertRowid)
}

function updateRow(on: Connection, id: number, document: DocumentPut, version: number): number {
  on.sql(UPDATE).run(
    ...contentValues(document),
    version,
    on.clock.now(),
    ...sourceValues(document.source),
    id,
  )
  return id
}

function contentValues(document: DocumentPut): (string | number)[] {
  return [
    document.docHash,
    document.title,
    document.language,
    JSON.stringify(document.metadata),
    document.chunks.length,
  ]
}

interface Owner {
  readonly commit: Commit
  readonly documentId: number
}

/** New rows first, then the old ones go: whoever reads the log of a crash finds the old version or the new one. */
function replaceChunks(on: Connection, {commit, documentId}: Owner, document: DocumentPut): void {
  const {docId} = document
  const old = oldChunks(on, documentId)
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
      })
  }
  commit.newChunks.write()
  for (const chunk of old) if (!kept.has(chunk.id) && !chunk.deleted) bury(on, commit, chunk.id)
}

function bury(on: Connection, commit: Commit, chunkId: number): void {
  softDeleteChunk(on, chunkId)
  removeKeywords(on, commit.corpusId, chunkId)
  commit.counts.chunksDeleted++
  commit.tally.chunkLives(kindOfVector(on, chunkId, commit.live), -1)
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
  on.sql('UPDATE documents SET deleted_at_ms = ?, changed_version = ? WHERE id = ?').run(
    on.clock.now(),
    commit.version,
    known.id,
  )
  commit.counts.removed++
  commit.tally.document(known.language, -1)
  for (const chunk of oldChunks(on, known.id)) if (!chunk.deleted) bury(on, commit, chunk.id)
}
