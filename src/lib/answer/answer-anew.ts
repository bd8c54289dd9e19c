import type {KeptAnswer} from './answer-record.js'
import {modelAnswer} from './model-answer.js'
import {packExcerpts, type FoundChunk} from './pack-excerpts.js'
import type {Excerpt} from './excerpt.js'
import {notFoundPhrase} from './phrases.js'
import {weighTerms, type Question} from './question.js'
import type {AskRequest, Intent} from '../model/operations/answer.js'
import type {Corpus} from '../model/corpus.js'
import {chatTooSlow} from '../model/errors/model/chat.js'
import type {CacheMode, Hit, SearchReport} from '../model/operations/query.js'
import type {MessageSource} from '../model/session.js'
import type {ChatModel} from '../ports/chat-model.js'
import type {Store} from '../ports/store/store.js'
import type {Memory} from './ask-memory.js'
import type {AskCall, AskTools} from './ask-tools.js'

/** A question with everything settled that was left open. */
export interface AnswerJob {
  readonly store: Store
  readonly corpus: Corpus
  readonly request: AskRequest
  readonly call: AskCall
  readonly chat: ChatModel | undefined
  readonly memory: Memory
  readonly standalone: string
  readonly words: readonly (readonly string[])[]
  readonly language: string
  readonly intent: Intent
  /** Live chunks of the corpus. */
  readonly chunks: number
  readonly topK: number
  readonly maxTokens: number
  readonly budgetTokens: number
  readonly budgetMs: number
}

const cacheMode = ({noCache, refresh}: AskRequest): CacheMode =>
  noCache ? 'off' : refresh ? 'refresh' : 'use'

/** Retrieves, packs and answers. */
export async function answerAnew(
  {services, searches}: AskTools,
  job: AnswerJob,
): Promise<{readonly kept: KeptAnswer; readonly retrieval: SearchReport}> {
  const {request, corpus, chat} = job
  const {mode, filters} = request
  const retrieval = await searches.search(corpus.name, {
    query: job.standalone,
    topK: job.topK,
    embedTimeoutMs: request.embedTimeoutMs,
    cache: cacheMode(request),
    mode,
    filters,
  })
  const excerpts = packExcerpts(await chunksOf(job, retrieval.hits), job.budgetTokens)
  const question: Question = {
    text: job.standalone,
    intent: job.intent,
    language: job.language,
    terms: weighTerms(job.words, {bestScores: await bestScores(job), chunks: job.chunks}),
  }
  await services.analyser.prepare([...new Set(excerpts.map(({language}) => language))])
  // With nothing to read no model is asked.
  const reader = excerpts.length === 0 ? undefined : chat
  const base = {
    intent: job.intent,
    language: job.language,
    model: reader?.name ?? 'extractive',
    extractive: !reader,
  }
  if (!reader) {
    // The reader of Markdown comes with it, which a search has no use for.
    const {extractiveAnswer} = await import('./extractive-answer.js')
    const extracted = extractiveAnswer(services.analyser, question, excerpts)
    const answer = extracted?.text ?? notFoundPhrase(job.language)
    job.call.onText?.(answer)
    const citations = extracted?.citations ?? []
    const sources = citations.map(({n, docId, chunkId, place}) => ({
      n,
      corpus: corpus.name,
      docId,
      chunkId,
      ...(place ? {place} : {}),
    }))
    return {
      kept: {...base, answer, found: extracted !== undefined, citations, complete: true, notes: [], sources},
      retrieval,
    }
  }
  return {kept: {...base, ...(await askModel(reader, job, {question, excerpts}))}, retrieval}
}

async function askModel(
  chat: ChatModel,
  job: AnswerJob,
  asked: {readonly question: Question; readonly excerpts: readonly Excerpt[]},
): Promise<Omit<KeptAnswer, 'intent' | 'language' | 'model' | 'extractive'>> {
  const {call, memory, corpus, budgetMs} = job
  const deadline = AbortSignal.timeout(budgetMs)
  const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline
  const traits = memory.profile?.traits ?? {}
  const options = {maxTokens: job.maxTokens, signal, memory: {history: memory.history, traits}}
  const made = await modelAnswer(chat, asked, {
    ...options,
    onText: call.onText,
  }).catch((error: unknown) => {
    throw deadline.aborted ? chatTooSlow(chat.name, budgetMs) : error
  })
  const {text, ...more} = made
  const answer = made.found ? text : notFoundPhrase(job.language)
  if (!made.found) call.onText?.(answer)
  const numbers = new Map(made.citations.map(({chunkId, n}) => [chunkId, n]))
  const given = asked.excerpts.flatMap(({docId, parts}) =>
    parts.map(({chunkId, place}): MessageSource => {
      const n = numbers.get(chunkId)
      return {...(n === undefined ? {} : {n}), corpus: corpus.name, docId, chunkId, ...(place ? {place} : {})}
    }),
  )
  // What was said before was in view as well, and so was what that was made from.
  const inherited = memory.history.flatMap(({sources}) => sources).map(({n: _, ...source}) => source)
  return {...more, answer, sources: [...given, ...inherited]}
}

/** The chunks of hits as the store has them; of a chunk that has changed since, what the hit says. */
async function chunksOf({store, corpus}: AnswerJob, hits: readonly Hit[]): Promise<FoundChunk[]> {
  const found: FoundChunk[] = []
  for (const hit of hits) {
    const ordinal = Number(hit.chunkId.slice(hit.chunkId.lastIndexOf('#c') + 2))
    const document = await store.getDocument(corpus.id, hit.docId)
    const [chunk] = document ? await store.documentChunks(document.id, {from: ordinal, to: ordinal}) : []
    if (chunk?.text === hit.text) found.push({hit, chunk})
  }
  return found
}

async function bestScores({store, corpus, words}: AnswerJob): Promise<ReadonlyMap<string, number>> {
  const scores = new Map<string, number>()
  for (const term of new Set(words.flat())) {
    const [best] = await store.searchKeywords(corpus.id, {terms: [term], limit: 1})
    if (best) scores.set(term, best.score)
  }
  return scores
}
