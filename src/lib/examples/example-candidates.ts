import {DocumentChoice} from './choose-examples.js'
import {ChunkChoice} from './choose-chunks.js'
import {nameableTitle} from './reading/document-title.js'
import type {ExampleChunk, ExampleDocument} from './candidate.js'
import {CandidateFinder} from './find-candidates.js'
import {writeByModel, type WrittenCandidates} from './write-by-model.js'
import {examplesTooSlow} from '../model/errors/files/examples.js'
import type {DroppedExamples, ExamplesRequest} from '../model/operations/examples.js'
import {mapInOrder} from '../kernel/in-order.js'
import type {Analyser} from '../ports/analyser.js'
import type {ChatModel} from '../ports/chat-model.js'
import type {ReadableDocument} from '../ports/store/corpus-snapshot.js'
import type {Digest} from '../ports/surroundings.js'

export interface CandidateTools {
  readonly analyser: Analyser
  readonly digest: Digest
  readonly request: ExamplesRequest
  readonly perDocument: number
  readonly seed: number
  readonly signal?: AbortSignal | undefined
  readonly chat?: {readonly model: ChatModel; readonly budgetMs: number} | undefined
}

/** The candidates of one document, to be chosen from. */
export interface DocumentCandidates {
  readonly document: ReadableDocument
  readonly choice: DocumentChoice
  readonly dropped: DroppedExamples
  /** Questions that were put to a chat model, or in a dry run would be. */
  readonly calls: number
}

const NOTHING_DROPPED: DroppedExamples = {unsupported: 0, unfit: 0, malformed: 0}
/** Documents that a chat model is asked about at a time. */
const ASKED_AT_ONCE = 4

/** Program text and settings hold no statements to learn from. */
const isProse = ({metadata}: ReadableDocument): boolean =>
  !['code', 'config'].includes(String(metadata['file_type']))

/** What the documents give by themselves. */
export async function* candidatesFromText(
  tools: CandidateTools,
  documents: AsyncIterable<ReadableDocument>,
): AsyncGenerator<DocumentCandidates> {
  for await (const document of documents) {
    const choice = choiceOf(tools)
    const finder = new CandidateFinder(tools.analyser, exampleDocument(document))
    if (isProse(document)) for await (const chunk of chunksOf(document)) choice.add(finder.next(chunk))
    yield {document, choice, dropped: NOTHING_DROPPED, calls: 0}
  }
}

/** What a chat model writes, some documents ahead. @throws what `ChatModel.answer` does; nothing more is then asked */
export async function* candidatesByModel(
  tools: CandidateTools,
  documents: AsyncIterable<ReadableDocument>,
): AsyncGenerator<DocumentCandidates> {
  const stop = new AbortController()
  const signal = tools.signal ? AbortSignal.any([tools.signal, stop.signal]) : stop.signal
  try {
    yield* mapInOrder(documents, ASKED_AT_ONCE, (document) => writtenOf(tools, document, signal))
  } finally {
    stop.abort()
  }
}

async function writtenOf(
  tools: CandidateTools,
  document: ReadableDocument,
  signal: AbortSignal,
): Promise<DocumentCandidates> {
  const choice = choiceOf(tools)
  const shown = new ChunkChoice(tools.digest, tools.seed)
  if (isProse(document)) for await (const chunk of chunksOf(document)) shown.add(chunk)
  const chosen = shown.chosen()
  if (chosen.length === 0 || tools.request.dryRun)
    return {document, choice, dropped: NOTHING_DROPPED, calls: Math.min(1, chosen.length)}
  const asked = {document: exampleDocument(document), chunks: chosen, most: tools.perDocument}
  const {candidates, dropped} = await askModel(tools, asked, signal)
  choice.add(candidates)
  return {document, choice, dropped, calls: 1}
}

async function askModel(
  {analyser, chat}: CandidateTools,
  asked: Parameters<typeof writeByModel>[1],
  signal: AbortSignal,
): Promise<WrittenCandidates> {
  const {model, budgetMs} = chat!
  const deadline = AbortSignal.timeout(budgetMs)
  return writeByModel({chat: model, analyser}, asked, AbortSignal.any([signal, deadline])).catch(
    (error: unknown) => {
      throw deadline.aborted && !signal.aborted ? examplesTooSlow(model.name, budgetMs) : error
    },
  )
}

const choiceOf = ({digest, seed, perDocument}: CandidateTools): DocumentChoice =>
  new DocumentChoice(digest, {seed, limit: perDocument})

async function* chunksOf(document: ReadableDocument): AsyncGenerator<ExampleChunk> {
  let read = 0
  for await (const chunk of document.chunks()) yield {...chunk, isLast: ++read === document.length}
}

/** A document as examples name it. */
function exampleDocument({docId, title, language}: ReadableDocument): ExampleDocument {
  const nameable = nameableTitle(title, docId)
  return {docId, language, ...(nameable === undefined ? {} : {title: nameable})}
}
