import type {AnswerReport, AskRequest} from '../model/operations/answer.js'
import type {KeptAnswer} from './answer-record.js'
import type {Corpus} from '../model/corpus.js'
import {isAbout, reasonOf} from '../model/errors.js'
import {requireId, type Profile, type SessionMessage} from '../model/session.js'
import type {Store} from '../ports/store/store.js'
import type {Services} from '../ports/services.js'

/** What is remembered of a conversation and of who asks. */
export interface Memory {
  /** The latest messages, in order. */
  readonly history: readonly SessionMessage[]
  /** The question before, as it was searched for. */
  readonly previous: string | undefined
  readonly profile: Profile | undefined
}

/** Three turns. */
const REMEMBERED = 6

/** @throws RagError USAGE for ids that can't be any */
export async function recall(store: Store, {conversation, user}: AskRequest): Promise<Memory> {
  if (conversation !== undefined) requireId(conversation, 'conversation')
  if (user !== undefined) requireId(user, 'user')
  const session = conversation === undefined ? undefined : await store.readSession(conversation, REMEMBERED)
  const profile = user === undefined ? undefined : await store.getProfile(user)
  const history = session?.log ?? []
  const last = history.findLast(({role}) => role === 'user')
  return {history, previous: last?.standaloneQuery ?? last?.text, profile}
}

export interface AskedTurn {
  readonly request: AskRequest
  readonly corpus: Corpus
  readonly standalone: string
  readonly memory: Memory
  readonly kept: KeptAnswer
  readonly terms: readonly string[]
}

/** Writes the turn and what the question teaches down. A store that can't be written is no reason not to answer: it is said. */
export async function remember(
  services: Pick<Services, 'store'>,
  turn: AskedTurn,
): Promise<{
  readonly report: Pick<AnswerReport, 'conversation' | 'user'>
  readonly notes: readonly string[]
}> {
  const {conversation: id, user} = turn.request
  const known = user === undefined ? {} : {user}
  if (id === undefined && user === undefined) return {report: {}, notes: []}
  try {
    const store = await services.store.write('write')
    const number = id === undefined ? undefined : await store.appendTurn({id, ...known}, messagesOf(turn))
    if (user !== undefined) await store.learn(user, lessonOf(turn))
    return {
      report: {...known, ...(id === undefined ? {} : {conversation: {id, turn: number ?? 0, kept: true}})},
      notes: [],
    }
  } catch (error) {
    // A fault of the writing must not keep an answer from who asked.
    if (!isAbout(error, 'writing')) throw error
    const report = {...known, ...(id === undefined ? {} : {conversation: {id, turn: 0, kept: false}})}
    return {report, notes: [`This question was not written down: ${reasonOf(error)}`]}
  }
}

function messagesOf({request, corpus, standalone, kept}: AskedTurn): Parameters<Store['appendTurn']>[1] {
  const {answer: text, intent, model, sources} = kept
  const base = {corpus: corpus.name}
  return {
    question: {...base, role: 'user', text: request.query, standaloneQuery: standalone, intent, sources: []},
    answer: {...base, role: 'assistant', text, model, sources},
  }
}

function lessonOf({request, standalone, terms}: AskedTurn): Parameters<Store['learn']>[1] {
  return {terms, topic: standalone, traits: request.profileUpdate ?? {}}
}
