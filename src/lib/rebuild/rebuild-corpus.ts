import {rebuildSegments} from '../indexing/rebuild-segments.js'
import type {Corpus} from '../model/corpus.js'
import {corpusName, type CorpusName} from '../model/names.js'
import type {RebuildAction, RebuildReport, RebuildRequest} from '../model/operations/rebuild.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {compactCorpus} from '../indexing/compact-corpus.js'
import {sweepCorpusFiles, versionFolder} from '../corpus/corpus-folders.js'
import {dropRetired} from '../corpus/drop-retired.js'
import {embedCorpus} from '../embedding/embed-corpus.js'
import type {EmbeddingOutcome} from '../embedding/embedding-job.js'
import type {Services} from '../ports/services.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {canEmbed} from '../embedding/open-embedder.js'
import {indexFacts, type IndexFacts} from '../indexing/index-facts.js'
import type {CallOptions} from '../model/operations/call.js'
import {rebuildKeywords} from '../indexing/rebuild-keywords.js'
import {actionOf, cannotEmbed} from './rebuild-request.js'
import {reembedCorpus} from './reembed-corpus.js'
import {rollBack} from './rollback.js'
import {withLease, withSoleLease} from '../corpus/with-lease.js'

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
  services: Services,
  request: RebuildRequest,
  call: CallOptions,
): Promise<RebuildReport> {
  const action = actionOf(request)
  const name = corpusName(request.corpus)
  const startedAt = services.clock.monotonic()
  await requireCorpus(await services.store.read(), name)
  const store = await services.store.write('write')
  const {before, done} =
    action === 'reembed'
      ? await reembed(services, {store, name, request}, call)
      : await underLease(services, {store, name, action}, call)
  const corpus = await requireCorpus(store, name)
  const after = await indexFacts(store, corpus)
  const seconds = (services.clock.monotonic() - startedAt) / 1000
  return report({action, before, after, seconds, corpus}, done)
}

interface Done {
  readonly before: IndexFacts
  readonly done: Outcome
}

async function underLease(
  services: Services,
  {store, name, action}: {readonly store: Store; readonly name: CorpusName; readonly action: LeasedAction},
  call: CallOptions,
): Promise<Done> {
  const hold = action === 'rollback' ? withSoleLease : withLease
  const job = {store, corpus: name, purpose: 'rebuild', ...(call.signal ? {signal: call.signal} : {})}
  return hold(services, job, async (lease) => {
    const corpus = await requireCorpus(store, name)
    const before = await indexFacts(store, corpus)
    const done = await ACTIONS[action](services, {store, corpus, lease}, call)
    await dropRetired(store, corpus, lease)
    await sweepCorpusFiles(services, store, corpus)
    return {before, done}
  })
}

async function reembed(
  services: Services,
  run: Parameters<typeof reembedCorpus>[1],
  call: CallOptions,
): Promise<Done> {
  const {before, outcome} = await reembedCorpus(services, run, call)
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
  Record<LeasedAction, (services: Services, run: Run, call: CallOptions) => Promise<Outcome>>
> = {
  rebuild: rebuildAll,
  compact: async (services, run, call) => {
    const {live} = await indexFacts(run.store, run.corpus)
    if (live)
      await compactCorpus(services, {...run, version: live}, {budget: Infinity, everything: true}, call)
    return {interrupted: isAborted(call)}
  },
  fill: async (services, run, call) => {
    const {live, pending, dummy} = await indexFacts(run.store, run.corpus)
    if (pending + dummy > 0 && live && !canEmbed(run.corpus, live)) throw cannotEmbed(run.corpus)
    return outcomeOf(await embedCorpus(services, {...run, dummies: true, noRefit: true}, call))
  },
  rollback: async (services, run, call) => outcomeOf(await rollBack(services, run, call)),
}

const isAborted = (call: CallOptions): boolean => call.signal?.aborted === true

/** @throws RagError why not all was embedded; what was is kept, and the same call goes on from there */
function outcomeOf({hits, misses, notes, interrupted, failure}: EmbeddingOutcome): Outcome {
  if (failure) throw failure
  return {embedded: hits + misses, notes, interrupted}
}

/** Keyword index and segments, from what is stored; nothing is embedded. */
async function rebuildAll(services: Services, run: Run, call: CallOptions): Promise<Outcome> {
  const {store, lease} = run
  const corpus = await rebuildKeywords(services, run, call)
  if (isAborted(call)) return {interrupted: true}
  const {live, chunks} = await indexFacts(store, corpus)
  if (!live) return {keywords: chunks, notes: [noVectors(corpus)], interrupted: false}
  const rebuilt = await rebuildSegments(
    {store, files: services.indexFiles, builder: () => services.index.builder()},
    {version: live, folder: versionFolder(corpus, live), lease, threads: services.threads, ...call},
  )
  return {keywords: chunks, ...rebuilt}
}

const noVectors = (corpus: Corpus): string =>
  `Corpus "${corpus.name}" has no vectors yet; its keyword index was made anew.`
