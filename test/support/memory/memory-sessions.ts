import {conversationOfAnother} from '../../../src/lib/model/errors/request/sessions.js'
import {
  learnedProfile,
  type NewMessage,
  type Session,
  type SessionSummary,
} from '../../../src/lib/model/session.js'
import type {SessionScope, SessionStore} from '../../../src/lib/ports/store/session-store.js'
import type {MemoryState, SessionRow} from './memory-state.js'
import {compareText} from './memory-text-order.js'

/** The conversations of a store held in memory. */
export function memorySessions(state: MemoryState): SessionStore {
  const chosen = ({ids, user}: SessionScope): SessionRow[] =>
    [...state.sessions.values()].filter(
      (it) => (ids === undefined || ids.includes(it.id)) && (user === undefined || it.user === user),
    )
  return {
    async appendTurn({id, user}, {question, answer}) {
      const now = state.clock.now()
      const row = state.sessions.get(id) ?? {id, user: undefined, createdAtMs: now, updatedAtMs: now, log: []}
      if (row.user !== undefined && user !== undefined && row.user !== user) throw conversationOfAnother(id)
      row.user ??= user
      row.updatedAtMs = now
      for (const message of [question, answer]) add(state, row, message)
      state.sessions.set(id, row)
      return row.log.length / 2
    },
    async readSession(id, last) {
      const row = state.sessions.get(id)
      if (!row) return undefined
      const log = last === undefined ? row.log : row.log.slice(Math.max(0, row.log.length - last))
      return structuredClone<Session>({...summary(row), log})
    },
    async listSessions(scope) {
      return chosen(scope)
        .sort((a, b) => b.updatedAtMs - a.updatedAtMs || compareText(a.id, b.id))
        .slice(0, scope.limit)
        .map(summary)
    },
    async deleteSessions(scope, options) {
      const rows = chosen(scope)
      for (const {id} of rows) state.sessions.delete(id)
      const users = options?.profiles ? [...state.profiles.keys()] : []
      const gone = users.filter((user) => scope.user === undefined || scope.user === user)
      for (const user of gone) state.profiles.delete(user)
      return {
        sessions: rows.map(({id}) => id).sort(compareText),
        messages: rows.reduce((sum, {log}) => sum + log.length, 0),
        profiles: gone.length,
        erased: true,
      }
    },
    async getProfile(user) {
      return structuredClone(state.profiles.get(user))
    },
    async learn(user, change) {
      const profile = learnedProfile(state.profiles.get(user), {user, change, nowMs: state.clock.now()})
      state.profiles.set(user, structuredClone(profile))
      return profile
    },
  }
}

function add(state: MemoryState, row: SessionRow, message: NewMessage): void {
  const isKnown = ({corpus, docId}: NewMessage['sources'][number]): boolean => {
    const found = [...state.corpora.values()].find((it) => it.name === corpus)
    const isThere = [...state.documents.values()].some(
      (it) => it.corpusId === found?.id && it.docId === docId,
    )
    return isThere || row.log.some((it) => it.sources.some((s) => s.corpus === corpus && s.docId === docId))
  }
  const isGone = !message.sources.every(isKnown)
  const content = isGone ? {...message, text: '', sources: []} : message
  const place = {ordinal: row.log.length + 1, atMs: state.clock.now(), redacted: isGone}
  row.log.push(structuredClone({...content, ...place}))
}

/** Takes the text and the sources from messages that were made from documents of a corpus (default: from any of it). */
export function redactSessions(state: MemoryState, corpus: string, docIds?: ReadonlySet<string>): void {
  for (const row of state.sessions.values())
    row.log = row.log.map((message) =>
      message.sources.some((it) => it.corpus === corpus && (docIds?.has(it.docId) ?? true))
        ? {...message, text: '', sources: [], redacted: true}
        : message,
    )
}

function summary({id, user, createdAtMs, updatedAtMs, log}: SessionRow): SessionSummary {
  return {
    id,
    ...(user === undefined ? {} : {user}),
    messages: log.length,
    title: log[0]?.text ?? '',
    createdAtMs,
    updatedAtMs,
  }
}
