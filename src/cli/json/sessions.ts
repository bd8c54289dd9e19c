import type {
  ProfileResult,
  SessionDeleteResult,
  SessionEntry,
  SessionListResult,
  SessionMessageData,
  SessionShowResult,
} from '../../contract/index.js'
import {
  linesOf,
  type Profile,
  type Session,
  type SessionMessage,
  type SessionRemoval,
  type SessionSummary,
} from '../../lib/index.js'
import {placeJson} from './place.js'
import {showTime} from '../output/human.js'

/** `rag sessions list --json`. */
export function sessionListJson(sessions: readonly SessionSummary[]): SessionListResult {
  return {sessions: sessions.map(sessionSummaryJson)}
}

/** An entry of `rag sessions list --json`. */
export function sessionSummaryJson(session: SessionSummary): SessionEntry {
  return {
    conversation: session.id,
    user: session.user ?? null,
    title: session.title,
    messages: session.messages,
    created_at: showTime(session.createdAtMs),
    updated_at: showTime(session.updatedAtMs),
  }
}

/** A line of `rag sessions export`. */
export function messageJson(session: SessionSummary, message: SessionMessage): SessionMessageData {
  return {
    conversation: session.id,
    user: session.user ?? null,
    ordinal: message.ordinal,
    role: message.role,
    text: message.text,
    corpus: message.corpus,
    standalone_query: message.standaloneQuery ?? null,
    intent: message.intent ?? null,
    model: message.model ?? null,
    redacted: message.redacted,
    at: showTime(message.atMs),
    sources: message.sources.map(({n, corpus, docId, chunkId, place}) => ({
      n: n ?? null,
      corpus,
      doc_id: docId,
      chunk_id: chunkId,
      lines: linesOf(place) ?? null,
      place: placeJson(place),
    })),
  }
}

/** `rag sessions show ID --json`. */
export function sessionJson(session: Session): SessionShowResult {
  return {...sessionSummaryJson(session), log: session.log.map((message) => messageJson(session, message))}
}

/** `rag sessions show --user ID --json`. */
export function profileJson(profile: Profile): ProfileResult {
  return {
    user: profile.user,
    interests: Object.fromEntries(profile.interests),
    traits: profile.traits,
    recent_topics: profile.recentTopics,
    questions: profile.questions,
    updated_at: showTime(profile.updatedAtMs),
  }
}

/** `rag sessions delete --json`; `missing` are ids that were named and are not there. */
export function sessionDeleteJson(removed: SessionRemoval, missing: readonly string[]): SessionDeleteResult {
  return {
    deleted: removed.sessions,
    missing,
    messages: removed.messages,
    profiles: removed.profiles,
    erased: removed.erased,
  }
}
