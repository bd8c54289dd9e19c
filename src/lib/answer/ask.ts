import {liveVersion} from '../model/embedding.js'
import {uncache} from '../corpus/caches.js'
import {
  ANSWER_VERSION,
  canonical,
  decodeAnswer,
  encodeAnswer,
  normalisedQuery,
  type KeptAnswer,
} from './answer-record.js'
import {recogniseIntent} from './recognise-intent.js'
import {PROMPT_VERSION} from './prompt.js'
import {standaloneQuestion} from './standalone-question.js'
import {wordsOfQuestion} from './question.js'
import type {AnswerReport, AskRequest} from '../model/operations/answer.js'
import {emptyQuestion} from '../model/errors/request/search.js'
import {NO_CACHE, type SearchReport} from '../model/operations/query.js'
import {answerAnew, type AnswerJob} from './answer-anew.js'
import {recall, remember} from './ask-memory.js'
import type {Services} from '../ports/services.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import type {AskCall, AskTools} from './ask-tools.js'

const DEFAULT_TOP_K = 12
const DEFAULT_MAX_TOKENS = 512
const DEFAULT_BUDGET_TOKENS = 2000
const DEFAULT_BUDGET_MS = 120_000
const EXTRACTIVE = 'extractive'

/** `Rag.ask`. */
export async function ask(
  tools: AskTools,
  name: string,
  request: AskRequest,
  call: AskCall,
): Promise<AnswerReport> {
  const {services} = tools
  const startedAt = services.clock.monotonic()
  if (request.query.trim() === '') throw emptyQuestion()
  const store = await services.store.read()
  const corpus = await requireCorpus(store, name)
  const chosen = request.chatModel ?? EXTRACTIVE
  const chat = chosen === EXTRACTIVE ? undefined : await tools.chatModel(chosen)
  const memory = await recall(store, request)
  const standalone = standaloneQuestion(request.query, memory.previous)
  const job = await jobOf(tools, {store, corpus, request, call, chat, memory, standalone})
  const key = await keyOf(services, job)
  const known = await readKept(services, job, key)
  const made: Made = known ? {kept: known} : await answerAnew(tools, job)
  if (made.retrieval?.degraded === false) await keep(services, job, {key, kept: made.kept})
  if (known) call.onText?.(known.answer)
  const {kept} = made
  const written = await remember(services, {
    request,
    corpus,
    standalone,
    memory,
    kept,
    terms: job.words.flat(),
  })
  const tookMs = services.clock.monotonic() - startedAt
  return {...reportOf(job, made, written.notes), ...written.report, tookMs}
}

interface Made {
  readonly kept: KeptAnswer
  /** Absent when the answer was kept from before. */
  readonly retrieval?: SearchReport | undefined
}

function reportOf(
  {request, standalone, corpus}: AnswerJob,
  {kept, retrieval}: Made,
  notes: readonly string[],
): Omit<AnswerReport, 'tookMs'> {
  const {answer, found, intent, language, citations, model, extractive, complete, usage: used} = kept
  return {
    query: request.query,
    standaloneQuery: standalone,
    corpus: corpus.name,
    answer,
    found,
    intent,
    language,
    citations,
    model,
    extractive,
    complete,
    ...(used === undefined ? {} : {usage: used}),
    cache: {...(retrieval?.cache ?? NO_CACHE), answerHit: !retrieval},
    corpusVersion: retrieval?.corpusVersion ?? corpus.version,
    degraded: retrieval?.degraded ?? false,
    notes: [...kept.notes, ...(retrieval?.notes ?? []), ...notes],
  }
}

type Parts = Pick<AnswerJob, 'store' | 'corpus' | 'request' | 'call' | 'chat' | 'memory' | 'standalone'>

async function jobOf({services}: AskTools, parts: Parts): Promise<AnswerJob> {
  const {request, store, corpus, standalone} = parts
  const counts = await store.countCorpus(corpus.id)
  const languages = counts.languages.map(({language}) => language)
  await services.analyser.prepare(languages)
  const {words, language: known} = wordsOfQuestion(services.analyser, standalone, languages)
  const language = services.analyser.detect(standalone, known)
  const own = recogniseIntent(request.query, language)
  return {
    ...parts,
    words,
    language,
    intent: own === 'other' && standalone !== request.query ? recogniseIntent(standalone, language) : own,
    chunks: counts.chunks,
    topK: request.topK ?? DEFAULT_TOP_K,
    maxTokens: request.maxTokens ?? DEFAULT_MAX_TOKENS,
    budgetTokens: request.budgetTokens ?? DEFAULT_BUDGET_TOKENS,
    budgetMs: request.budgetMs ?? DEFAULT_BUDGET_MS,
  }
}

/** All that an answer depends on. What is said of the person and before matters only to a model. */
async function keyOf(services: Pick<Services, 'digest'>, job: AnswerJob): Promise<string> {
  const {request, corpus, store, chat, memory} = job
  const versions = await store.listEmbeddingVersions(corpus.id)
  return services.digest.key([
    canonical({
      version: [ANSWER_VERSION, PROMPT_VERSION],
      query: normalisedQuery(job.standalone),
      intent: job.intent,
      language: job.language,
      state: corpus.state,
      embedding: liveVersion(versions)?.fingerprint ?? null,
      settings: corpus.settings,
      retrieval: [request.mode ?? 'hybrid', job.topK, request.filters ?? [], job.budgetTokens],
      model: chat?.name ?? EXTRACTIVE,
      maxTokens: chat ? job.maxTokens : null,
      memory: chat
        ? [memory.history.map(({role, text}) => [role, text]), memory.profile?.traits ?? {}]
        : null,
    }),
  ])
}

async function readKept(
  services: Pick<Services, 'cache'>,
  {request}: AnswerJob,
  key: string,
): Promise<KeptAnswer | undefined> {
  if (request.noCache || request.refresh) return undefined
  const [bytes] = (await (await services.cache())?.getMany('answers', [key])) ?? []
  return bytes && decodeAnswer(bytes)
}

/** The corpus may have changed meanwhile, even by a removal for good: then nothing is left of it in the cache. */
async function keep(
  services: Pick<Services, 'cache' | 'logger'>,
  {request, corpus, store}: AnswerJob,
  {key, kept}: {readonly key: string; readonly kept: KeptAnswer},
): Promise<void> {
  const cache = await services.cache()
  if (!cache || request.noCache) return
  const isSame = async (): Promise<boolean> => (await store.getCorpus(corpus.name))?.state === corpus.state
  if (!(await isSame())) return
  await cache.putMany('answers', [{key, value: encodeAnswer(kept), corpus: corpus.name, model: kept.model}])
  if (!(await isSame())) await uncache(services, 'answers', key)
}
