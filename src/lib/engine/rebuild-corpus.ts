import {rebuildSegments} from '../indexing/rebuild-segments.js'
import type {Corpus} from '../model/corpus.js'
import {corpusName, type CorpusName} from '../model/names.js'
import type {RebuildAction, RebuildReport, RebuildRequest} from '../model/operations/rebuild.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {compactCorpus} from './compact-corpus.js'
import {sweepCorpusFiles, versionFolder} from './corpus-folders.js'
import {dropRetired} from './drop-retired.js'
import {embedCorpus, type EmbedCorpusOutcome} from './embed-corpus.js'
import {requireCorpus, type Environment} from './environment.js'
import {canEmbed} from './open-embedder.js'
import {indexFacts, type IndexFacts} from './index-facts.js'
import type {CallOptions} from './rag-options.js'
import {rebuildKeywords} from './rebuild-keywords.js'
import {actionOf, cannotEmbed} from './rebuild-request.js'
import {reembedCorpus} from './reembed-corpus.js'
import {rollBack} from './rollback.js'
import {withLease, withSoleLease} from './with-lease.js'

interface Run {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
}

interface Outcome {
  readonly embedded?: number
  readonly keywords?: number
  readonly resumed?: number
  readonly notes?: readonly string[]
  readonly interrupted: boolean
}

/** `Rag.rebuild`. */
export async function rebuildCorpus(
  env: Environment,
  request: RebuildRequest,
  call: CallOptions,
): Promise<RebuildReport> {
  const action = actionOf(request)
  const name = corpusName(request.corpus)
  const startedAt = env.clock.monotonic()
  await requireCorpus(await env.reader(), name)
  const store = await env.writer('write')
  const {before, done} =
    action === 'reembed'
      ? await reembed(env, {store, name, request}, call)
      : await underLease(env, {store, name, action}, call)
  const corpus = await requireCorpus(store, name)
  const after = await indexFacts(store, corpus)
  const seconds = (env.clock.monotonic() - startedAt) / 1000
  return report({action, before, after, seconds, corpus}, done)
}

interface Done {
  readonly before: IndexFacts
  readonly done: Outcome
}

async function underLease(
  env: Environment,
  {store, name, action}: {readonly store: Store; readonly name: CorpusName; readonly action: LeasedAction},
  call: CallOptions,
): Promise<Done> {
  const hold = action === 'rollback' ? withSoleLease : withLease
  const job = {store, corpus: name, purpose: 'rebuild', ...(call.signal ? {signal: call.signal} : {})}
  return hold(env, job, async (lease) => {
    const corpus = await requireCorpus(store, name)
    const before = await indexFacts(store, corpus)
    const done = await ACTIONS[action](env, {store, corpus, lease}, call)
    await dropRetired(store, corpus, lease)
    await sweepCorpusFiles(env, store, corpus)
    return {before, done}
  })
}

async function reembed(
  env: Environment,
  run: Parameters<typeof reembedCorpus>[1],
  call: CallOptions,
): Promise<Done> {
  const {before, outcome} = await reembedCorpus(env, run, call)
  return {before, done: outcomeOf(outcome)}
}

interface Facts {
  readonly action: RebuildAction
  readonly corpus: Corpus
  readonly before: IndexFacts
  readonly after: IndexFacts
  readonly seconds: number
}

const NOTHING_DONE = {embedded: 0, keywords: 0, resumed: 0, notes: []}

function report({action, corpus, before, after, seconds}: Facts, done: Outcome): RebuildReport {
  const {embedded, keywords, resumed, notes, interrupted} = {...NOTHING_DONE, ...done}
  return {
    corpus: corpus.name,
    action,
    dryRun: false,
    model: after.live?.model ?? corpus.settings.model,
    dimension: after.live?.dimension ?? 0,
    embeddingVersion: {before: before.live?.number ?? 0, after: after.live?.number ?? 0},
    kept: after.kept?.number ?? 0,
    vectors: after.vectors,
    pending: after.pending,
    dummy: after.dummy,
    embedded,
    keywords,
    segments: {before: before.segments.length, after: after.segments.length},
    bytes: {before: before.bytes, after: after.bytes},
    resumed,
    seconds,
    notes,
    interrupted,
  }
}

/** All but a re-embedding have the corpus to themselves. */
type LeasedAction = Exclude<RebuildAction, 'reembed'>

const ACTIONS: Readonly<
  Record<LeasedAction, (env: Environment, run: Run, call: CallOptions) => Promise<Outcome>>
> = {
  rebuild: rebuildAll,
  compact: async (env, run, call) => {
    const {live} = await indexFacts(run.store, run.corpus)
    if (live) await compactCorpus(env, {...run, version: live}, {budget: Infinity, everything: true}, call)
    return {interrupted: isAborted(call)}
  },
  fill: async (env, run, call) => {
    const {live, pending, dummy} = await indexFacts(run.store, run.corpus)
    if (pending + dummy > 0 && live && !canEmbed(run.corpus, live)) throw cannotEmbed(run.corpus)
    return outcomeOf(await embedCorpus(env, {...run, dummies: true, noRefit: true}, call))
  },
  rollback: async (env, run, call) => outcomeOf(await rollBack(env, run, call)),
}

const isAborted = (call: CallOptions): boolean => call.signal?.aborted === true

/** @throws RagError why not all was embedded; what was is kept, and the same call goes on from there */
function outcomeOf({hits, misses, notes, interrupted, failure}: EmbedCorpusOutcome): Outcome {
  if (failure) throw failure
  return {embedded: hits + misses, notes, interrupted}
}

/** Keyword index and segments, from what is stored; nothing is embedded. */
async function rebuildAll(env: Environment, run: Run, call: CallOptions): Promise<Outcome> {
  const {store, lease} = run
  const corpus = await rebuildKeywords(env, run, call)
  if (isAborted(call)) return {interrupted: true}
  const {live, chunks} = await indexFacts(store, corpus)
  if (!live) return {keywords: chunks, notes: [noVectors(corpus)], interrupted: false}
  const rebuilt = await rebuildSegments(
    {store, files: env.indexFiles, builder: () => env.segmentBuilder()},
    {version: live, folder: versionFolder(corpus, live), lease, threads: env.threads, ...call},
  )
  return {keywords: chunks, ...rebuilt}
}

const noVectors = (corpus: Corpus): string =>
  `Corpus "${corpus.name}" has no vectors yet; its keyword index was made anew.`
