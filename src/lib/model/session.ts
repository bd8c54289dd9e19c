import type {Place} from './block.js'
import {badId} from './errors/request/sessions.js'
import type {Intent} from './operations/answer.js'

/** A chunk that an answer was made from. */
export interface MessageSource {
  /** Its number in the answer; absent when the answer was made with it in view but does not cite it. */
  readonly n?: number
  readonly corpus: string
  readonly docId: string
  readonly chunkId: string
  /** Where it stands in its source, if that can be said. */
  readonly place?: Place | undefined
}

/** A question or an answer of a conversation. */
export interface NewMessage {
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly corpus: string
  /** Of a question: as it was searched for. */
  readonly standaloneQuery?: string
  readonly intent?: Intent
  /** Of an answer: the chat model's name, or `extractive`. */
  readonly model?: string
  /** Of an answer: all chunks that it may hold text of. */
  readonly sources: readonly MessageSource[]
}

export interface SessionMessage extends NewMessage {
  /** Place in the conversation, from 1. */
  readonly ordinal: number
  readonly atMs: number
  /** The text is gone: a document it was made from was removed for good. */
  readonly redacted: boolean
}

export interface SessionSummary {
  readonly id: string
  readonly user?: string
  readonly messages: number
  /** The first question. */
  readonly title: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export interface Session extends SessionSummary {
  readonly log: readonly SessionMessage[]
}

/** What is known of a person who asks: given, or learned from the words of the questions. */
export interface Profile {
  readonly user: string
  /** Terms with how much they were asked about lately, highest first; at most 40. */
  readonly interests: readonly (readonly [string, number])[]
  /** What was said of the person. */
  readonly traits: Readonly<Record<string, string>>
  /** The latest questions, newest first; at most 10. */
  readonly recentTopics: readonly string[]
  readonly questions: number
  readonly updatedAtMs: number
}

/** What a question teaches of who asks it. */
export interface ProfileChange {
  readonly terms: readonly string[]
  readonly topic?: string
  /** An empty value removes a trait. */
  readonly traits: Readonly<Record<string, string>>
}

const MOST_INTERESTS = 40
const MOST_TOPICS = 10
/** An interest loses a tenth of its weight with each question that is about something else. */
const FADE = 0.9

/** The profile after a question. */
export function learnedProfile(
  profile: Profile | undefined,
  {user, change, nowMs}: {readonly user: string; readonly change: ProfileChange; readonly nowMs: number},
): Profile {
  const asked = change.topic === undefined ? 0 : 1
  const weights = new Map(profile?.interests.map(([term, weight]) => [term, asked ? weight * FADE : weight]))
  for (const term of new Set(change.terms)) weights.set(term, (weights.get(term) ?? 0) + 1)
  const interests = [...weights]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_INTERESTS)
    .map(([term, weight]) => [term, Number(weight.toFixed(4))] as const)
  const traits = Object.entries({...profile?.traits, ...change.traits}).filter(([, value]) => value !== '')
  const before = profile?.recentTopics ?? []
  const topics =
    change.topic === undefined ? before : [change.topic, ...before.filter((it) => it !== change.topic)]
  return {
    user,
    interests,
    traits: Object.fromEntries(traits),
    recentTopics: topics.slice(0, MOST_TOPICS),
    questions: (profile?.questions ?? 0) + asked,
    updatedAtMs: nowMs,
  }
}

const ID = /^[\p{L}\p{N}][\p{L}\p{N}._:@+-]{0,127}$/u

/** @throws RagError USAGE when the text can't name a conversation or a user */
export function requireId(raw: string, what: 'conversation' | 'user'): string {
  if (ID.test(raw)) return raw
  throw badId(raw, what)
}
