import * as z from 'zod'
import {intent} from './parts/enumerations.js'
import {list, yes} from './parts/request-parts.js'
import {place} from './parts/place.js'
import * as v from './parts/values.js'

const userOnly = v.text('only those of this user').optional()

export const sessionListRequest = z.strictObject({
  user: userOnly,
  limit: z.int().min(1).optional().describe('list at most so many; default: all'),
})

/** Exactly one of both. */
export const sessionShowRequest = z.strictObject({
  conversation: v.text('id of a conversation').optional(),
  user: v.text('show the profile of this user').optional(),
})

export const sessionExportRequest = z.strictObject({
  conversations: list('ids of conversations; default: all'),
  user: userOnly,
  out: v.text('write to this file; it must not be there yet').optional(),
})

/** Exactly one of them. */
export const sessionDeleteRequest = z.strictObject({
  conversations: list('ids of conversations'),
  user: v.text('those of this user, and the profile').optional(),
  all: yes('all conversations and profiles'),
})

const conversation = v.text('id of the conversation')
const user = z.string().nullable().describe('who asks, or null')

export const sessionEntry = z
  .strictObject({
    conversation,
    user,
    title: v.text('its first question'),
    messages: v.count('questions and answers'),
    created_at: v.moment('when it began'),
    updated_at: v.moment('when it last went on'),
  })
  .meta({id: 'Session'})

/** A message: also a line of `rag sessions export`. */
export const sessionMessage = z
  .strictObject({
    conversation,
    user,
    ordinal: v.ordinal('place in the conversation'),
    role: z.enum(['user', 'assistant']).describe('who says it'),
    text: v.text('what is said'),
    corpus: v.corpus,
    standalone_query: z.string().nullable().describe('of a question: as it was searched for'),
    intent: intent.nullable().describe('of a question: what it asks for'),
    model: z.string().nullable().describe('of an answer: the chat model, or `extractive`'),
    redacted: v.flag('the text is gone: a document it was made from was removed for good'),
    at: v.moment('when'),
    sources: z
      .array(
        z.strictObject({
          n: z
            .int()
            .min(1)
            .nullable()
            .describe('its number in the answer; null when it was in view but is not cited'),
          corpus: v.corpus,
          doc_id: v.text('id of the document'),
          chunk_id: v.text('id of the chunk'),
          lines: v.lines,
          place: place.nullable().describe('where it stands in its source; null when that cannot be said'),
        }),
      )
      .describe('of an answer: the chunks it may hold text of'),
  })
  .meta({id: 'Message'})

export const sessionListResult = z.strictObject({
  sessions: z.array(sessionEntry).describe('the latest first'),
})

export const sessionShowResult = z.strictObject({
  ...sessionEntry.shape,
  log: z.array(sessionMessage).describe('its messages in order'),
})

export const profileResult = z.strictObject({
  user: v.text('who asks'),
  interests: z.record(z.string(), z.number()).describe('terms with how much they were asked about lately'),
  traits: z.record(z.string(), z.string()).describe('what was said of the person'),
  recent_topics: v.texts('the latest questions, newest first'),
  questions: v.count('questions asked'),
  updated_at: v.moment('when it last changed'),
})

export const sessionExportResult = z.strictObject({
  messages: z.array(sessionMessage).describe('the oldest first'),
})

export const sessionExportFileResult = z.strictObject({
  file: v.text('the file that was written'),
  messages: v.count('lines in it'),
})

export const sessionDeleteResult = z.strictObject({
  deleted: v.texts('ids of conversations that went'),
  missing: v.texts('ids that are not there (exit 3)'),
  messages: v.count('messages that went'),
  profiles: v.count('profiles that went'),
  erased: v.flag(
    'false when another process was reading: bytes stay in the write-ahead log until the next write',
  ),
})

export type SessionEntry = v.Data<typeof sessionEntry>
export type SessionMessageData = v.Data<typeof sessionMessage>
export type SessionListResult = v.Data<typeof sessionListResult>
export type SessionShowResult = v.Data<typeof sessionShowResult>
export type ProfileResult = v.Data<typeof profileResult>
export type SessionExportResult = v.Data<typeof sessionExportResult>
export type SessionExportFileResult = v.Data<typeof sessionExportFileResult>
export type SessionDeleteResult = v.Data<typeof sessionDeleteResult>
