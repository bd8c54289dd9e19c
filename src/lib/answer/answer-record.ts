import type {AnswerReport} from '../model/operations/answer.js'
import type {MessageSource} from '../model/session.js'

/** What is kept of an answer: all that the question and the corpus decide. */
export type KeptAnswer = Pick<
  AnswerReport,
  | 'answer'
  | 'found'
  | 'intent'
  | 'language'
  | 'citations'
  | 'model'
  | 'extractive'
  | 'complete'
  | 'usage'
  | 'notes'
> & {readonly sources: readonly MessageSource[]}

/** Raised whenever an answer to the same question may come out otherwise. */
export const ANSWER_VERSION = 3

/** All that an answer depends on, as one text: equal parts give equal texts, and others never do. */
export function canonical(parts: unknown): string {
  return JSON.stringify(parts, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** A question without what does not change what it asks: white space, and the form of its characters. */
export function normalisedQuery(query: string): string {
  return query.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
}

export function encodeAnswer(answer: KeptAnswer): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(answer))
}

/** Undefined for bytes that are no answer. */
export function decodeAnswer(bytes: Uint8Array): KeptAnswer | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as KeptAnswer
    return typeof value.answer === 'string' && Array.isArray(value.citations) && Array.isArray(value.sources)
      ? value
      : undefined
  } catch {
    return undefined
  }
}
