import type {Filter} from '../metadata.js'

/**
 * What an example was made of: a heading that asks, a definition, what stands under a heading, a list under one, an entry of a table or
 * list of terms, a sentence with figures, a sentence about a name; or what a chat model wrote.
 */
export const EXAMPLE_KINDS = [
  'question',
  'definition',
  'section',
  'list',
  'entry',
  'figure',
  'sentence',
  'model',
] as const

export type ExampleKind = (typeof EXAMPLE_KINDS)[number]

/** A question with its answer and the chunks that support it. */
export interface TrainingExample {
  /** 32 hex digits over question, answer and chunks: the same example has the same id everywhere. */
  readonly id: string
  readonly question: string
  /** Of the ways without a model: word for word from the text of the first chunk. */
  readonly answer: string
  readonly context: readonly {readonly chunkId: string; readonly text: string}[]
  /** Id of the document. */
  readonly source: string
  /** When the document was last stored: milliseconds since 1970. Equal states of a corpus give equal times. */
  readonly createdAtMs: number
}

export interface ExamplesRequest {
  readonly corpus: string
  /** File of JSON Lines. Absent: they are given to `onLines` of the call, all of them or none. */
  readonly out?: string | undefined
  /** File of the same examples as a MessagePack batch. */
  readonly msgpackOut?: string | undefined
  /** Most examples a document, default 5. */
  readonly perDocument?: number | undefined
  /** Decides between examples that are equally good; default 0. */
  readonly seed?: number | undefined
  /** Only documents that pass all of them. */
  readonly filters?: readonly Filter[] | undefined
  /** A chat model that writes the examples. Absent: they are found in the documents. */
  readonly chatModel?: string | undefined
  /** Most time for an answer of the chat model; default 120 s. */
  readonly budgetMs?: number | undefined
  /** Also replace files that were not written by this call before. */
  readonly force?: boolean | undefined
  /** Write nothing, and ask no model. */
  readonly dryRun?: boolean | undefined
}

/** A file of examples as it lies there. */
export interface ExampleFile {
  /** Absolute. */
  readonly file: string
  readonly format: 'jsonl' | 'msgpack'
  readonly records: number
  readonly sizeBytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

export interface ExamplesReport {
  readonly corpus: string
  readonly corpusVersion: number
  /** `extractive`, or the chat model's name. */
  readonly model: string
  readonly seed: number
  readonly perDocument: number
  readonly dryRun: boolean
  /** Documents that were read. */
  readonly documents: number
  /** Of these, such as gave at least one example. */
  readonly documentsUsed: number
  readonly examples: number
  readonly byKind: Readonly<Record<ExampleKind, number>>
  /** Passed over: question or answer was there before. */
  readonly duplicates: number
  /** Good ones beyond the limit of their document. */
  readonly beyondLimit: number
  readonly dropped: DroppedExamples
  /** Questions to the chat model; in a dry run those that would be put. */
  readonly calls: number
  readonly files: readonly ExampleFile[]
  readonly seconds: number
}

/** What a chat model wrote and nobody should learn. */
export interface DroppedExamples {
  /** Answers that their chunk does not support. */
  readonly unsupported: number
  /** Too short, too long, or speaking of the chunk instead of its subject. */
  readonly unfit: number
  /** Replies that are not the JSON that was asked for. */
  readonly malformed: number
}
