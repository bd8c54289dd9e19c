import type {Citation} from '../model/operations/answer.js'
import {chatAnswerEmpty} from '../model/errors/model/chat.js'
import type {ChatAnswer, ChatModel} from '../ports/chat-model.js'
import {linesOf, placeAround} from '../model/place.js'
import {CitationFilter} from './citation-filter.js'
import type {CitedAnswer} from './cited-answer.js'
import {bestPart, type Excerpt} from './excerpt.js'
import {NOT_FOUND_MARK, promptOf, type PromptMemory} from './prompt.js'
import type {Question} from './question.js'

export interface ModelAnswer extends CitedAnswer, Pick<ChatAnswer, 'complete' | 'usage'> {
  /** False when the model says that the excerpts do not answer. */
  readonly found: boolean
  readonly notes: readonly string[]
}

export interface ModelCall {
  readonly maxTokens: number
  readonly signal: AbortSignal
  readonly memory: PromptMemory
  readonly onText?: ((piece: string) => void) | undefined
}

/** Asks the chat model. What it cites is checked against the excerpts that it was given. */
export async function modelAnswer(
  chat: ChatModel,
  {question, excerpts}: {readonly question: Question; readonly excerpts: readonly Excerpt[]},
  {maxTokens, signal, memory, onText}: ModelCall,
): Promise<ModelAnswer> {
  const filter = new CitationFilter(excerpts.map(({n}) => n))
  let raw = ''
  let text = ''
  let held = ''
  const show = (piece: string): void => {
    text += piece
    if (piece !== '') onText?.(piece)
  }
  const take = (piece: string): void => {
    raw += piece
    held += piece
    // The mark is no text for people: its beginning is held back.
    if (raw.length <= NOT_FOUND_MARK.length + 2 && NOT_FOUND_MARK.startsWith(raw.trim())) return
    if (isNotFound(raw)) return
    show(filter.push(held))
    held = ''
  }
  const turns = promptOf(question, excerpts, memory)
  const answer = await chat.answer({turns, maxTokens, temperature: 0, signal, onText: take})
  if (raw === '') take(answer.text)
  if (isNotFound(raw) || isNotFound(answer.text))
    return {...outcome(answer), text: '', citations: [], found: false, notes: []}
  show(filter.push(held) + filter.end())
  if (text.trim() === '') throw chatAnswerEmpty(chat.name)
  const citations = filter.cited.map((n) => citationOf(excerpts[n - 1]!))
  return {...outcome(answer), text: text.trim(), citations, found: true, notes: notesOf(filter, answer)}
}

const isNotFound = (text: string): boolean => text.trim().replace(/[."'`*]/g, '') === NOT_FOUND_MARK

function outcome({complete, usage}: ChatAnswer): Pick<ModelAnswer, 'complete' | 'usage'> {
  return {complete, ...(usage === undefined ? {} : {usage})}
}

function citationOf(excerpt: Excerpt): Citation {
  const {n, docId, title, heading, parts} = excerpt
  const first = parts[0]!.place
  const last = parts.at(-1)!.place
  const place = first && last ? (placeAround(first, last) ?? bestPart(excerpt).place) : (first ?? last)
  return {n, docId, chunkId: bestPart(excerpt).chunkId, title, heading, lines: linesOf(place), place}
}

function notesOf(filter: CitationFilter, {complete}: ChatAnswer): string[] {
  const {cited, unknown} = filter
  const notes: string[] = []
  if (unknown.length > 0)
    notes.push(
      `The model cited chunks that it was not given (${unknown.join(', ')}); these citations were removed.`,
    )
  if (cited.length === 0)
    notes.push('The answer cites no chunk: nothing shows that it comes from the documents.')
  if (!complete) notes.push('The model stopped at its limit of tokens; a larger --max-tokens lets it finish.')
  return notes
}
