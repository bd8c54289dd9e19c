import {parseJson} from '../model/input/parse-json.js'

/** An example as a chat model wrote it. */
export interface WrittenByModel {
  readonly question: string
  readonly answer: string
  /** Number of a chunk in the prompt, from 1. */
  readonly chunk: number
}

/** Longer replies are not parsed. */
const LONGEST_REPLY = 200_000
const FENCED = /^```(?:json)?[ \t]*\n([^]*?)\n?```$/

/**
 * The examples of a reply; undefined when it is not the JSON that was asked for: one object whose `examples` are objects of exactly
 * `question`, `answer` and `passage`, alone or in one fence. `chunks` is how many the prompt holds.
 */
export function parseReply(reply: string, chunks: number): readonly WrittenByModel[] | undefined {
  if (reply.length > LONGEST_REPLY) return undefined
  const text = reply.trim()
  const value = parsed(FENCED.exec(text)?.[1] ?? text)
  if (!isObject(value) || !hasExactly(value, ['examples']) || !Array.isArray(value['examples']))
    return undefined
  const examples = (value['examples'] as readonly unknown[]).map((one) => oneExample(one, chunks))
  return examples.every((one) => one !== undefined) ? examples : undefined
}

function oneExample(one: unknown, chunks: number): WrittenByModel | undefined {
  if (!isObject(one) || !hasExactly(one, ['answer', 'passage', 'question'])) return undefined
  const {question, answer, passage: chunk} = one
  if (typeof question !== 'string' || typeof answer !== 'string') return undefined
  if (typeof chunk !== 'number' || !Number.isInteger(chunk)) return undefined
  return chunk < 1 || chunk > chunks ? undefined : {question: question.trim(), answer: answer.trim(), chunk}
}

function parsed(text: string): unknown {
  try {
    return parseJson(text) as unknown
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hasExactly = (value: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean =>
  Object.keys(value).sort().join() === keys.join()
