import {LIST_SESSIONS} from '../phrases.js'
import {RagError, shorten} from '../rag-error.js'
import {usage} from '../usage.js'

/** Conversations and profiles. */

export const badId = (raw: string, what: 'conversation' | 'user'): RagError =>
  new RagError(
    'USAGE',
    `--${what}: "${raw.slice(0, 120)}" can't name a ${what}: it must be 1–128 letters, digits, ".", "_", "-", ":", "@" or "+", and begin with a letter or digit.`,
  )

export const sessionMissing = (id: string): RagError =>
  new RagError('SESSION_MISSING', `There is no conversation "${shorten(id)}" in this store.`, {
    hint: LIST_SESSIONS,
  })

export const conversationOfAnother = (id: string): RagError =>
  new RagError('USAGE', `Conversation "${id}" belongs to another user. Nothing was kept.`, {
    hint: 'Use another --conversation, or leave --user out.',
  })

export const conversationsMissing = (ids: readonly string[]): RagError =>
  new RagError(
    'SESSION_MISSING',
    `There is no conversation ${ids
      .slice(0, 8)
      .map((id) => `"${shorten(id)}"`)
      .join(', ')} in this store. Nothing was changed.`,
    {
      hint: LIST_SESSIONS,
    },
  )

export const noProfile = (user: string): RagError =>
  new RagError('SESSION_MISSING', `Nothing is known of user "${shorten(user)}".`, {
    hint: 'A profile is kept of who asks with: rag ask --user ID',
  })

export const profileNeedsUser = (): RagError =>
  usage(
    '--profile-update needs --user: whose profile is it?',
    'For example: --user ann --profile-update team=people',
  )

export const oneOfSessionOrUser = (): RagError =>
  usage('Name either a conversation or --user ID.', LIST_SESSIONS)

export const nameSessions = (): RagError =>
  usage(
    'Name what to delete: ids of conversations, or --user ID, or --all. Nothing was changed.',
    LIST_SESSIONS,
  )

export const fileNotWritten = (path: string, why: string): RagError =>
  new RagError('INPUT_UNREADABLE', `${path} could not be written: ${why}. Nothing was written.`)

export const notAFact = (word: string): RagError =>
  usage(`--profile-update: "${shorten(word)}" is not KEY=VALUE.`, 'For example: --profile-update team=people')
