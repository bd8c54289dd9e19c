import type {AskRequest} from '../../lib/index.js'
import type {askFlags} from '../flags/ask-flags.js'
import {profileNeedsUser} from '../../lib/model/errors/request/sessions.js'
import {twoAnswerers} from '../../lib/model/errors/request/search.js'
import {millisecondsOf} from '../optional.js'
import {profileFacts} from '../flags/profile-facts.js'

/** What the flags of `rag ask` are parsed to. */
type AskFlags = {
  readonly [K in keyof typeof askFlags]?: Awaited<ReturnType<(typeof askFlags)[K]['parse']>> | undefined
} & {
  readonly filter?: AskRequest['filters'] | undefined
  readonly 'profile-update'?: readonly string[] | undefined
}

/** The request that the flags make. @throws RagError USAGE */
export function askRequest(
  query: string,
  flags: object,
  {
    chatModel,
    embedTimeout,
  }: {readonly chatModel?: string | undefined; readonly embedTimeout?: number | undefined},
): AskRequest {
  const given = flags as AskFlags
  if (given.extractive && given['chat-model'] !== undefined) throw twoAnswerers()
  const updates = given['profile-update'] as readonly string[] | undefined
  if (updates !== undefined && given.user === undefined) throw profileNeedsUser()
  const seconds = given.timeout as number | undefined
  return {
    query,
    mode: given.mode,
    embedTimeoutMs: millisecondsOf(embedTimeout),
    topK: given['top-k'],
    filters: given.filter,
    chatModel: given.extractive ? undefined : chatModel,
    maxTokens: given['max-tokens'],
    budgetTokens: given['budget-tokens'],
    budgetMs: seconds && Math.ceil(1000 * seconds),
    conversation: given.conversation,
    user: given.user,
    profileUpdate: updates && profileFacts(updates),
    noCache: given['no-cache'],
    refresh: given.refresh,
  }
}
