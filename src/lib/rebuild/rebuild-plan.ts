import {canEmbed} from '../embedding/open-embedder.js'
import {planEmbedding, type EmbeddingTarget} from '../embedding/plan-embedding.js'
import type {IndexFacts} from '../indexing/index-facts.js'
import {planCompaction, segmentsAfter, type Merge} from '../indexing/plan-compaction.js'
import {planSegmentRebuild, type SegmentRebuildPlan} from '../indexing/plan-segment-rebuild.js'
import {MIN_SEGMENT, segmentCount, segmentSize, segmentSizes} from '../indexing/segment-size.js'
import {cannotReembed} from '../model/errors/corpus/model.js'
import {modelOrigin, type EmbeddingVersion} from '../model/embedding.js'
import {storedBytes} from '../model/index-entry.js'
import type {RebuildReport} from '../model/operations/rebuild.js'
import type {CorpusSettings} from '../model/corpus.js'
import type {RebuildFacts, ReembedFacts} from './rebuild-facts.js'
import {FILL} from './rebuild-request.js'
import {planEmptySwitch} from './plan-empty-switch.js'
import {planRollback, type RollbackPlan} from './plan-rollback.js'

/** What the report will say. Exact, but for `bytes`, and for segments and vectors of an action that embeds. */
export type Expected = Omit<RebuildReport, 'action' | 'dryRun' | 'seconds' | 'notes' | 'interrupted'>

/** What a rebuild does, step by step. */
export type RebuildPlan = {readonly expected: Expected} & (
  | {
      /** The keyword index first, then the segments of the live version, where there is one. */
      readonly action: 'rebuild'
      readonly segments?: SegmentRebuildPlan | undefined
    }
  | {readonly action: 'compact'; readonly merges: readonly Merge[]}
  /** Embeds what has no vector or a placeholder. */
  | {readonly action: 'fill'}
  | {readonly action: 'rollback'; readonly rollback: RollbackPlan}
)

type FactsOf<A extends RebuildFacts['action']> = Extract<RebuildFacts, {readonly action: A}>
type PlanOf<A extends RebuildPlan['action']> = Extract<RebuildPlan, {readonly action: A}>

/**
 * What is to be done, and what the report will say of it. Pure.
 * @throws RagError MODEL_MISMATCH when vectors are missing that only documents can bring | USAGE when there is nothing to go back to |
 * MODEL_DAMAGED when there is, but its model can't be used
 */
export function planRebuild(facts: RebuildFacts): RebuildPlan {
  switch (facts.action) {
    case 'rebuild':
      return planAll(facts)
    case 'compact':
      return planCompact(facts)
    case 'fill':
      return planFill(facts)
    case 'rollback':
      return planBack(facts)
  }
}

function planAll(facts: FactsOf<'rebuild'>): PlanOf<'rebuild'> {
  const {index, rebuild} = facts
  const segments = rebuild ? planSegmentRebuild(rebuild) : undefined
  const expected = expect(facts, {
    keywords: index.chunks,
    segments: segments?.segments ?? 0,
    resumed: segments?.resumed.segments ?? 0,
  })
  return {action: 'rebuild', expected, ...(segments ? {segments} : {})}
}

function planCompact(facts: FactsOf<'compact'>): PlanOf<'compact'> {
  const {index, pieces, threads} = facts
  const merges =
    index.live && pieces
      ? planCompaction(pieces, {
          sizes: segmentSizes(index.live.dimension),
          threads,
          budget: Infinity,
          everything: true,
        })
      : []
  const expected = expect(facts, {segments: segmentsAfter(index.segments.length, merges)})
  return {action: 'compact', expected, merges}
}

function planFill(facts: FactsOf<'fill'>): PlanOf<'fill'> {
  const {corpus, index, embedding} = facts
  const {live, pending, dummy, vectors} = index
  const missing = pending + dummy
  if (missing > 0 && live && !canEmbed(corpus, live)) throw cannotReembed(corpus, corpus.settings.model)
  const {into} = planEmbedding(embedding, FILL)
  const isLive = into.kind === 'existing' && into.version.state === 'live'
  const filled = {embedded: missing, vectors: vectors + missing, pending: 0, dummy: 0}
  if (into.kind === 'none') return {action: 'fill', expected: expect(facts, {})}
  if (isLive) return {action: 'fill', expected: expect(facts, filled)}
  const resumed = resumedBy(into)
  const change = nextVersion(facts, corpus.settings, resumed)
  // The version in use is filled as well while one beside it is finished.
  const embedded = change.embedded + (resumed ? missing : 0)
  return {action: 'fill', expected: expect(facts, {...change, embedded})}
}

/** What a re-embedding does, of which a dry run tells: one that runs plans under its own leases. Pure. */
export function planReembed(facts: ReembedFacts): {readonly action: 'reembed'; readonly expected: Expected} {
  const {index, settings, keepOld, embedding} = facts
  const {chunks, versions} = embedding
  // Without text there is no version of a learned model until the next ingest; of a served one there is.
  if (modelOrigin(settings) === 'learned' && planEmptySwitch({chunks, versions, settings})) {
    const expected = expect(facts, {model: settings.model, dimension: 0, version: 0, segments: 0})
    return {action: 'reembed', expected}
  }
  const {into} = planEmbedding(embedding, {renew: {keepOld, settings}})
  const change = nextVersion(facts, settings, resumedBy(into))
  // Who asks for new vectors without keeping the old ones gives up also what was kept before.
  const kept = keepOld ? (index.live?.number ?? 0) : 0
  return {action: 'reembed', expected: expect(facts, {kept, ...change})}
}

/** The unfinished version, where it is gone on with. */
const resumedBy = (into: EmbeddingTarget): EmbeddingVersion | undefined =>
  into.kind === 'existing' && into.version.state === 'building' ? into.version : undefined

/** What all vectors in another version than the one in use change, be it an unfinished one or a new one. */
function nextVersion(
  {index, embedding, unfinished, threads}: Omit<ReembedFacts, 'settings' | 'keepOld'>,
  settings: CorpusSettings,
  resumed: EmbeddingVersion | undefined,
): Change & {readonly embedded: number} {
  const {chunks, live, building} = index
  const {dimension} = resumed ?? settings
  return {
    model: settings.model,
    dimension,
    // The number of an unfinished version that is given up is free again.
    version: building?.number ?? (embedding.versions.at(-1)?.number ?? 0) + 1,
    vectors: chunks,
    pending: 0,
    dummy: 0,
    embedded: resumed ? unfinished : chunks,
    segments: segmentsOf(chunks, dimension, threads),
    ...(resumed?.keepsOld ? {kept: live?.number ?? 0} : {}),
  }
}

function planBack(facts: FactsOf<'rollback'>): PlanOf<'rollback'> {
  const {
    index: {live, chunks},
    kept: {missing, segments},
  } = facts
  const rollback = planRollback({...facts, ...facts.kept})
  const {into, promotion} = rollback
  const pending = promotion.allowPending ? missing : 0
  const expected = expect(facts, {
    model: into.model,
    dimension: into.dimension,
    version: into.number,
    vectors: chunks - pending,
    pending,
    dummy: 0,
    embedded: missing - pending,
    segments,
    kept: live?.number ?? 0,
  })
  return {action: 'rollback', expected, rollback}
}

/** In numbers, what is otherwise than before. */
interface Change {
  readonly model?: string
  readonly dimension?: number
  readonly version?: number
  readonly vectors?: number
  readonly pending?: number
  readonly dummy?: number
  readonly embedded?: number
  readonly keywords?: number
  readonly segments?: number
  readonly resumed?: number
  readonly kept?: number
}

function expect({corpus, index}: Pick<RebuildFacts, 'corpus' | 'index'>, change: Change): Expected {
  const {live, kept, vectors, pending, dummy, segments} = index
  const after = {
    model: live?.model ?? corpus.settings.model,
    dimension: live?.dimension ?? 0,
    version: live?.number ?? 0,
    kept: kept?.number ?? 0,
    vectors,
    pending,
    dummy,
    embedded: 0,
    keywords: 0,
    resumed: 0,
    segments: segments.length,
    ...change,
  }
  return {
    ...after,
    corpus: corpus.name,
    embeddingVersion: {before: live?.number ?? 0, after: after.version},
    segments: {before: segments.length, after: after.segments},
    bytes: {before: index.bytes, after: bytesOf(index, after)},
  }
}

/** Of a first build of so many vectors. */
function segmentsOf(vectors: number, dimension: number, threads: number): number {
  if (vectors < MIN_SEGMENT) return 0
  const sizes = segmentSizes(dimension)
  return segmentCount(vectors, segmentSize(vectors, threads, sizes), sizes)
}

function bytesOf(
  {segments, bytes}: IndexFacts,
  after: {readonly segments: number; readonly dimension: number; readonly vectors: number},
): number {
  if (after.segments === 0) return 0
  const held = segments.reduce((sum, segment) => sum + segment.count, 0)
  const isSameWidth = segments[0]?.dimension === after.dimension
  const each = held > 0 && isSameWidth ? bytes / held : storedBytes(after.dimension)
  return Math.round(each * after.vectors)
}
