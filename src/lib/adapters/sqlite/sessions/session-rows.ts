import type {Intent} from '../../../model/operations/answer.js'
import type {MessageSource, NewMessage, SessionMessage, SessionSummary} from '../../../model/session.js'
import {keptPlace, placeOf} from '../../../model/place.js'
import {insertInto, RowNumbers, setting, withChecksum} from '../checksums/checked-writes.js'
import {requireWhole} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import {placeColumn, placeFrom} from '../documents/place-column.js'

export interface SummaryRow {
  id: string
  user: string | null
  created_at_ms: number
  updated_at_ms: number
  messages: number
  title: string | null
}

interface MessageRow {
  id: number
  ordinal: number
  role: 'user' | 'assistant'
  text: string
  corpus: string
  standalone_query: string | null
  intent: string | null
  model: string | null
  redacted: number
  at_ms: number
}

interface SourceRow {
  message_id: number
  n: number | null
  corpus: string
  doc_id: string
  chunk_id: string
  start_line: number
  end_line: number
  place: string | null
}

export const SUMMARY = `SELECT s.*, (SELECT count(*) FROM messages m WHERE m.session_id = s.id) AS messages,
  (SELECT text FROM messages m WHERE m.session_id = s.id AND m.ordinal = 1) AS title FROM sessions s`

export function toSummary(row: SummaryRow): SessionSummary {
  return {
    id: row.id,
    ...(row.user === null ? {} : {user: row.user}),
    messages: row.messages,
    title: row.title ?? '',
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}

/** The latest messages of a conversation, in order. */
export function readMessages(on: Connection, sessionId: string, last: number): SessionMessage[] {
  const found = on
    .sql<MessageRow>('SELECT * FROM messages WHERE session_id = ? ORDER BY ordinal DESC LIMIT ?')
    .all(sessionId, last)
    .reverse()
  const rows = requireWhole(on, 'messages', found)
  const sources = new Map<number, MessageSource[]>(rows.map((row) => [row.id, []]))
  const ofThem = on
    .sql<SourceRow>(
      'SELECT * FROM message_sources WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY rowid',
    )
    .all(JSON.stringify([...sources.keys()]))
  for (const row of requireWhole(on, 'message_sources', ofThem))
    sources.get(row.message_id)?.push(toSource(row))
  return rows.map((row) => ({
    ordinal: row.ordinal,
    role: row.role,
    text: row.text,
    corpus: row.corpus,
    ...(row.standalone_query === null ? {} : {standaloneQuery: row.standalone_query}),
    ...(row.intent === null ? {} : {intent: row.intent as Intent}),
    ...(row.model === null ? {} : {model: row.model}),
    sources: sources.get(row.id) ?? [],
    atMs: row.at_ms,
    redacted: row.redacted === 1,
  }))
}

function toSource(row: SourceRow): MessageSource {
  return {
    ...(row.n === null ? {} : {n: row.n}),
    corpus: row.corpus,
    docId: row.doc_id,
    chunkId: row.chunk_id,
    ...sourcePlace(row),
  }
}

function sourcePlace(row: SourceRow): Pick<MessageSource, 'place'> {
  const place = placeOf({startLine: row.start_line, endLine: row.end_line, ...placeFrom(row.place)})
  return place ? {place} : {}
}

/** Inside a transaction. A message made from a document that is gone for good by now is kept without its text. */
export function insertMessage(on: Connection, sessionId: string, message: NewMessage): number {
  const ordinal = on
    .sql<number>('SELECT coalesce(max(ordinal), 0) + 1 FROM messages WHERE session_id = ?')
    .pluck()
    .get(sessionId) as number
  const isGone = message.sources.some((source) => !isKnown(on, sessionId, source))
  const id = new RowNumbers(on, 'messages').next
  const values = [
    id,
    sessionId,
    ordinal,
    message.role,
    isGone ? '' : message.text,
    message.corpus,
    message.standaloneQuery ?? null,
    message.intent ?? null,
    message.model ?? null,
    isGone ? 1 : 0,
    on.clock.now(),
  ]
  on.sql(insertInto('messages')).run(withChecksum('messages', values))
  if (isGone) return ordinal
  const insert = on.sql(insertInto('message_sources'))
  for (const {n, corpus, docId, chunkId, place} of message.sources) {
    const kept = keptPlace(place)
    const where = [kept.startLine, kept.endLine, placeColumn(kept.place)]
    insert.run(withChecksum('message_sources', [id, n ?? null, corpus, docId, chunkId, ...where]))
  }
  return ordinal
}

/** A document that is there, softly deleted or not, or that an earlier message of the conversation was made from. */
function isKnown(on: Connection, sessionId: string, {corpus, docId}: MessageSource): boolean {
  return (
    on
      .sql(
        `SELECT 1 FROM documents d JOIN corpora c ON c.id = d.corpus_id WHERE c.name = $corpus AND d.doc_id = $docId
         UNION ALL SELECT 1 FROM message_sources s JOIN messages m ON m.id = s.message_id
         WHERE s.corpus = $corpus AND s.doc_id = $docId AND m.session_id = $sessionId LIMIT 1`,
      )
      .get({corpus, docId, sessionId}) !== undefined
  )
}

/**
 * Takes the text and the sources from messages that were made from documents of a corpus (default: from any of it).
 * Inside a transaction. Returns how many.
 */
export function redactMessages(on: Connection, corpus: string, docIds?: readonly string[]): number {
  const which =
    docIds === undefined ? 's.corpus = ?' : 's.corpus = ? AND s.doc_id IN (SELECT value FROM json_each(?))'
  const ids = JSON.stringify(
    on
      .sql<number>(`SELECT DISTINCT s.message_id FROM message_sources s WHERE ${which}`)
      .pluck()
      .all(...(docIds === undefined ? [corpus] : [corpus, JSON.stringify(docIds)])),
  )
  const among = '(SELECT value FROM json_each(?))'
  on.sql(`DELETE FROM message_sources WHERE message_id IN ${among}`).run(ids)
  return on.sql(REDACT).run({ids}).changes
}

/** Takes the text and the sources from these answers; ids of anything else are passed over. Inside a transaction. */
export function redactAnswers(on: Connection, ids: readonly number[]): void {
  const answers = on
    .sql<number>(
      "SELECT id FROM messages WHERE role = 'assistant' AND id IN (SELECT value FROM json_each(?))",
    )
    .pluck()
    .all(JSON.stringify(ids))
  const list = JSON.stringify(answers)
  on.sql('DELETE FROM message_sources WHERE message_id IN (SELECT value FROM json_each(?))').run(list)
  on.sql(REDACT).run({ids: list})
}

const REDACT = `UPDATE messages SET ${setting('messages', {text: "''", redacted: '1'})}
  WHERE id IN (SELECT value FROM json_each($ids))`
