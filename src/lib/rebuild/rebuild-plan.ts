import {planMerges} from '../indexing/compact-segments.js'
import {MIN_SEGMENT, segmentSize, segmentSizes} from '../indexing/segment-size.js'
import type {Corpus} from '../model/corpus.js'
import {storedBytes} from '../model/index-entry.js'
import type {RebuildAction, RebuildReport, RebuildRequest} from '../model/operations/rebuild.js'
import type {Store} from '../ports/store/store.js'
import type {Services} from '../ports/services.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {indexFacts, type IndexFacts} from '../indexing/index-facts.js'
import {actionOf, cannotEmbed, settingsToEmbedBy} from './rebuild-request.js'
import {canEmbed} from '../embedding/open-embedder.js'
import {nothingKept} from './rollback.js'

interface Estimate {
  readonly model: string
  readonly dimension: number
  readonly version: number
  readonly vectors: number
  readonly pending: number
  readonly embedded: number
  readonly keywords: number
  readonly segments: number
  readonly kept: number
}

/** `Rag.planRebuild`. Reads only, and takes no lease. */
export async function planRebuild(services: Services, request: RebuildRequest): Promise<RebuildReport> {
  const action = actionOf(request)
  const startedAt = services.clock.monotonic()
  const store = await services.store.read()
  const corpus = await requireCorpus(store, request.corpus)
  const facts = await indexFacts(store, corpus)
  const plan = await ESTIMATES[action](services, {store, corpus, request, facts})
  return {
    corpus: corpus.name,
    action,
    dryRun: true,
    model: plan.model,
    dimension: plan.dimension,
    embeddingVersion: {before: facts.live?.number ?? 0, after: plan.version},
    kept: plan.kept,
    vectors: plan.vectors,
    pending: plan.pending,
    dummy: action === 'rebuild' || action === 'compact' ? facts.dummy : 0,
    embedded: plan.embedded,
    keywords: plan.keywords,
    segments: {before: facts.segments.length, after: plan.segments},
    bytes: {before: facts.bytes, after: bytesOf(facts, plan)},
    resumed: action === 'rebuild' ? facts.drafts.length : 0,
    seconds: (services.clock.monotonic() - startedAt) / 1000,
    notes: [],
    interrupted: false,
  }
}

interface Look {
  readonly store: Store
  readonly corpus: Corpus
  readonly request: RebuildRequest
  readonly facts: IndexFacts
}

const ESTIMATES: Readonly<Record<RebuildAction, (services: Services, look: Look) => Promise<Estimate>>> = {
  rebuild: async (services, {corpus, facts}) => ({
    ...asIs(corpus, facts),
    keywords: facts.chunks,
    segments: segmentsFor(services, facts.vectors, facts.live?.dimension ?? corpus.settings.dimension),
  }),
  compact: async (services, {store, corpus, facts}) => {
    const {live, segments, vectors} = facts
    if (!live) return asIs(corpus, facts)
    const job = {version: live, threads: services.threads, live: vectors, budget: Infinity, everything: true}
    const merges = await planMerges(store, job)
    const change = merges.reduce((sum, merge) => sum + merge.parts - merge.drop.length, 0)
    return {...asIs(corpus, facts), segments: segments.length + change}
  },
  fill: async (_env, {corpus, facts}) => {
    const missing = facts.pending + facts.dummy
    if (missing > 0 && facts.live && !canEmbed(corpus, facts.live)) throw cannotEmbed(corpus)
    return {...asIs(corpus, facts), embedded: missing, vectors: facts.vectors + missing, pending: 0}
  },
  reembed: async (services, {store, corpus, request, facts}) => {
    const settings = settingsToEmbedBy(corpus, request)
    const {building, live, chunks} = facts
    const missing = building ? await store.countPending(corpus.id, building.id) : chunks
    const last = (await store.listEmbeddingVersions(corpus.id)).at(-1)?.number ?? 0
    const {dimension} = building ?? settings
    return {
      model: settings.model,
      dimension,
      version: building?.number ?? last + 1,
      vectors: chunks,
      pending: 0,
      embedded: missing,
      keywords: 0,
      segments: segmentsFor(services, chunks, dimension),
      kept: request.keepOld ? (live?.number ?? 0) : 0,
    }
  },
  rollback: async (_env, {store, corpus, facts}) => {
    const {kept, live, chunks} = facts
    if (!kept) throw nothingKept(corpus)
    const missing = await store.countPending(corpus.id, kept.id)
    return {
      model: kept.model,
      dimension: kept.dimension,
      version: kept.number,
      vectors: chunks - (canEmbed(corpus, kept) ? 0 : missing),
      pending: canEmbed(corpus, kept) ? 0 : missing,
      embedded: canEmbed(corpus, kept) ? missing : 0,
      keywords: 0,
      segments: (await store.listSegments(kept.id)).length,
      kept: live?.number ?? 0,
    }
  },
}

function asIs(corpus: Corpus, {live, kept, vectors, pending, segments}: IndexFacts): Estimate {
  return {
    model: live?.model ?? corpus.settings.model,
    dimension: live?.dimension ?? 0,
    version: live?.number ?? 0,
    vectors,
    pending,
    embedded: 0,
    keywords: 0,
    segments: segments.length,
    kept: kept?.number ?? 0,
  }
}

function segmentsFor({threads}: Services, vectors: number, dimension: number): number {
  if (vectors < MIN_SEGMENT) return 0
  return Math.ceil(vectors / segmentSize(vectors, threads, segmentSizes(dimension)))
}

function bytesOf({segments, bytes}: IndexFacts, plan: Estimate): number {
  if (plan.segments === 0) return 0
  const held = segments.reduce((sum, segment) => sum + segment.count, 0)
  const isSameWidth = segments[0]?.dimension === plan.dimension
  const each = held > 0 && isSameWidth ? bytes / held : storedBytes(plan.dimension)
  return Math.round(each * plan.vectors)
}
