import type {NewMessage, Profile, ProfileChange, Session, SessionSummary} from '../../model/session.js'

/** A question with its answer. */
export interface Turn {
  readonly question: NewMessage
  readonly answer: NewMessage
}

/** Which conversations: all conditions that are given must hold. */
export interface SessionScope {
  readonly ids?: readonly string[] | undefined
  readonly user?: string | undefined
}

export interface SessionRemoval {
  /** Ids of what was removed. */
  readonly sessions: readonly string[]
  readonly messages: number
  readonly profiles: number
  /** False when others were reading, so that bytes of it stay in the write-ahead log until the next commit. */
  readonly erased: boolean
}

/**
 * Conversations and what is known of those who ask. They belong to no corpus and need no lease: one can ask while a corpus is
 * written. A message whose sources name a document that is removed for good (alone, or with its corpus) loses its text and
 * its sources in the same step; one that comes later with such a source is kept without them. Documents that are only softly
 * deleted change nothing.
 */
export interface SessionStore {
  /** Adds a turn; makes the conversation when it is not there. Returns the number of the turn, from 1. */
  appendTurn(session: {readonly id: string; readonly user?: string | undefined}, turn: Turn): Promise<number>
  /** The conversation with its latest `last` messages (default all), in order. */
  readSession(id: string, last?: number): Promise<Session | undefined>
  /** The latest first. */
  listSessions(
    scope: SessionScope & {readonly limit?: number | undefined},
  ): Promise<readonly SessionSummary[]>
  /** Removes conversations for good, with their bytes overwritten in the file; with `profiles` also that of the user. */
  deleteSessions(
    scope: SessionScope,
    options?: {readonly profiles?: boolean | undefined},
  ): Promise<SessionRemoval>
  getProfile(user: string): Promise<Profile | undefined>
  /** Merges what a question teaches into the profile, by `learnedProfile`, in one step. */
  learn(user: string, change: ProfileChange): Promise<Profile>
}
