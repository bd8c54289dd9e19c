import type {CacheUse} from './query.js'
import type {Place} from '../block.js'
import type {Filter} from '../metadata.js'
import type {LineRange} from '../place.js'
import type {SearchMode} from './query.js'

/** What kind of answer a question asks for. */
export const INTENTS = [
  'definition',
  'comparison',
  'how-to',
  'list',
  'yes-no',
  'number',
  'when',
  'who',
  'where',
  'why',
  'other',
] as const

export type Intent = (typeof INTENTS)[number]

/** A question as the library takes it. */
export interface AskRequest {
  readonly query: string
  readonly mode?: SearchMode | undefined
  /** Chunks to look through, 1–100, default 12. */
  readonly topK?: number | undefined
  readonly filters?: readonly Filter[] | undefined
  /** See `SearchRequest.embedTimeoutMs`. */
  readonly embedTimeoutMs?: number | undefined
  /** `openai:NAME`, `ollama:NAME`, `bedrock:MODEL`; absent or `extractive`: the best sentences of the documents are the answer. */
  readonly chatModel?: string | undefined
  /** Most tokens of the answer, default 512. */
  readonly maxTokens?: number | undefined
  /** Most tokens of chunks to read, default 2,000. */
  readonly budgetTokens?: number | undefined
  /** Longest time for the whole question, default 120 s. */
  readonly budgetMs?: number | undefined
  /** Goes on with this conversation, or begins it. */
  readonly conversation?: string | undefined
  /** Whose profile is to learn from the question. */
  readonly user?: string | undefined
  /** Facts to keep in the user's profile: `{"team": "people"}`; an empty value removes one. */
  readonly profileUpdate?: Readonly<Record<string, string>> | undefined
  /** Neither read nor write caches. */
  readonly noCache?: boolean | undefined
  /** Answer anew, and keep that answer. */
  readonly refresh?: boolean | undefined
}

/** Where a statement of an answer comes from. */
export interface Citation {
  /** As it stands in the answer: `[1]`. */
  readonly n: number
  readonly docId: string
  readonly chunkId: string
  readonly title: string
  readonly heading: readonly string[]
  /** First and last line of the source, when `place` is a range of lines. */
  readonly lines: LineRange | undefined
  /** Where what is cited stands in its source, if that can be said. */
  readonly place: Place | undefined
}

/** What was and was not computed anew. */
export interface AnswerCacheUse extends CacheUse {
  readonly answerHit: boolean
}

export interface AnswerReport {
  readonly query: string
  /** The question as it was searched for: of a follow-up, with what the conversation adds to it. */
  readonly standaloneQuery: string
  readonly corpus: string
  /** Text with citations `[n]`. */
  readonly answer: string
  /** False when the documents do not say. */
  readonly found: boolean
  readonly intent: Intent
  /** Of the question. */
  readonly language: string
  readonly citations: readonly Citation[]
  /** The chat model's name, or `extractive`. */
  readonly model: string
  /** The answer is made of sentences of the documents, by no model. */
  readonly extractive: boolean
  /** False when the model stopped at its limit of tokens. */
  readonly complete: boolean
  readonly usage?: {readonly inputTokens: number; readonly outputTokens: number} | undefined
  readonly cache: AnswerCacheUse
  /** Present when one was asked for. `kept` is false when the turn could not be written down; `notes` says why. */
  readonly conversation?: {readonly id: string; readonly turn: number; readonly kept: boolean} | undefined
  readonly user?: string | undefined
  readonly corpusVersion: number
  readonly degraded: boolean
  readonly notes: readonly string[]
  readonly tookMs: number
}
