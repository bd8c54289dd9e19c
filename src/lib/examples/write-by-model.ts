import type {DroppedExamples} from '../model/operations/examples.js'
import type {Analyser} from '../ports/analyser.js'
import type {ChatModel} from '../ports/chat-model.js'
import {checkWritten} from './check-written.js'
import type {Candidate, ExampleDocument} from './candidate.js'
import {examplePrompt, type PromptChunk} from './example-prompt.js'
import {parseReply} from './parse-reply.js'

const TOKENS_AN_EXAMPLE = 250
const TOKENS_AROUND = 300
/** An example of a model: none is better than another but by its lot. */
const QUALITY = 5

export interface WrittenCandidates {
  readonly candidates: readonly Candidate[]
  readonly dropped: DroppedExamples
}

/**
 * Lets a chat model write examples from chunks of a document. What it replies is data: only examples of the asked form whose answers their
 * chunk bears out are taken, whatever a document told it to do. @throws what `ChatModel.answer` does
 */
export async function writeByModel(
  {chat, analyser}: {readonly chat: ChatModel; readonly analyser: Analyser},
  {
    document,
    chunks,
    most,
  }: {
    readonly document: ExampleDocument
    readonly chunks: readonly PromptChunk[]
    readonly most: number
  },
  signal: AbortSignal,
): Promise<WrittenCandidates> {
  const turns = examplePrompt(document, chunks, most)
  const maxTokens = TOKENS_AROUND + most * TOKENS_AN_EXAMPLE
  const {text} = await chat.answer({turns, maxTokens, temperature: 0, signal})
  const written = parseReply(text, chunks.length)
  if (!written) return {candidates: [], dropped: {unsupported: 0, unfit: 0, malformed: 1}}
  const candidates: Candidate[] = []
  const dropped = {unsupported: 0, unfit: 0, malformed: 0}
  for (const one of written) {
    const {ordinal, text: source} = chunks[one.chunk - 1]!
    const verdict = checkWritten(analyser, one, {text: source, language: document.language})
    if (verdict === 'good') {
      const {question, answer} = one
      candidates.push({kind: 'model', question, answer, ordinals: [ordinal], quality: QUALITY})
    } else dropped[verdict]++
  }
  return {candidates, dropped}
}
