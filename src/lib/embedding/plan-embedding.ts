import {
  isLearned,
  liveVersion,
  modelOrigin,
  sameSpec,
  specOf,
  unfinishedVersion,
  type EmbedderIdentity,
  type EmbeddingVersion,
  type ModelSpec,
} from '../model/embedding.js'
import type {VersionChoice} from './embedding-request.js'
import {hasOutgrown} from './refit-rule.js'

/** All that `planEmbedding` decides by. `embeddingFacts` gathers it. */
export interface EmbeddingFacts {
  readonly corpus: string
  /** The corpus's model and how it is used. */
  readonly spec: ModelSpec
  readonly versions: readonly EmbeddingVersion[]
  /** Live chunks of the corpus. */
  readonly chunks: number
  /** Ids of versions whose learned model can't be used: its file is gone, damaged, or of another version of rag. */
  readonly damaged: ReadonlySet<number>
  /** Another process that lives makes the next version. */
  readonly isReembedded: boolean
  /** What a served model says that it is; only where `needsIdentity`. */
  readonly identity?: EmbedderIdentity | undefined
}

/** The version that vectors go into. */
export type EmbeddingTarget =
  | {readonly kind: 'none'}
  | {readonly kind: 'existing'; readonly version: EmbeddingVersion}
  /** Learned from the corpus; where there is too little to learn from, `instead` is dropped and there is none. */
  | {
      readonly kind: 'learn'
      readonly isFirst: boolean
      readonly keepsOld: boolean
      readonly instead: EmbeddingVersion | undefined
    }
  /** Of a model that is served. */
  | {
      readonly kind: 'new'
      readonly isFirst: boolean
      readonly keepsOld: boolean
      readonly identity: EmbedderIdentity
      readonly spec: ModelSpec
    }

/** What is done before the first vector is made. A plain value: it can be printed. */
export interface EmbeddingPlan {
  /** Versions that are dropped first; a live one only when nothing is left to learn from. */
  readonly drop: readonly EmbeddingVersion[]
  readonly into: EmbeddingTarget
  /** What is to be said of the choice. */
  readonly notes: readonly string[]
}

/**
 * Chooses the version to embed into: an unfinished one that is worth finishing, the live one, or a new one of the corpus's model. Pure.
 */
export function planEmbedding(facts: EmbeddingFacts, choice: VersionChoice): EmbeddingPlan {
  const live = liveVersion(facts.versions)
  if (isUnfinishedLeftAlone(facts, choice)) return into(live)
  switch (modelOrigin(facts.spec)) {
    case 'external':
      return into(live)
    case 'learned':
      return planLearned(facts, choice)
    case 'served':
      return planServed(facts, choice)
  }
}

/** Whether the plan depends on what a served model says that it is; asking it may take a call over the network. */
export function needsIdentity(facts: EmbeddingFacts, choice: VersionChoice): boolean {
  if (modelOrigin(facts.spec) !== 'served' || isUnfinishedLeftAlone(facts, choice)) return false
  if (choice.renew !== undefined) return true
  return liveVersion(facts.versions) ? unfinishedVersion(facts.versions) !== undefined : facts.chunks > 0
}

/** Whether an unfinished learned version is still worth finishing, as far as the corpus's growth tells. */
export const isFresh = (unfinished: EmbeddingVersion, chunks: number): boolean =>
  !hasOutgrown(unfinished, chunks)

const into = (version: EmbeddingVersion | undefined, notes: readonly string[] = []): EmbeddingPlan => ({
  drop: [],
  into: version ? {kind: 'existing', version} : {kind: 'none'},
  notes,
})

/**
 * What another process is making is not touched. A new version by another model, whose making was cut off, waits until that is asked for
 * again; a damaged live model can't wait for it: nothing could be written until then.
 */
function isUnfinishedLeftAlone(
  {versions, spec, damaged, isReembedded}: EmbeddingFacts,
  {renew, isSole}: VersionChoice,
): boolean {
  const unfinished = unfinishedVersion(versions)
  if (!unfinished || renew) return false
  if (!isSole && isReembedded) return true
  const live = liveVersion(versions)
  return !isOfModel(spec, unfinished) && !(live && damaged.has(live.id))
}

/** Whether a version is one of the model that the corpus is embedded by. */
function isOfModel(spec: ModelSpec, version: EmbeddingVersion): boolean {
  if (modelOrigin(spec) === 'learned') return isLearned(version)
  return version.spec !== undefined && sameSpec(version.spec, spec)
}

function planLearned(facts: EmbeddingFacts, choice: VersionChoice): EmbeddingPlan {
  const live = liveVersion(facts.versions)
  const unfinished = unfinishedVersion(facts.versions)
  if (unfinished && !choice.refit && isWorthFinishing(unfinished, facts)) return into(unfinished)
  const {drop, ...plan} = live ? planBeside(live, facts, choice) : planFirst(facts)
  return {...plan, drop: [...(unfinished ? [unfinished] : []), ...drop]}
}

function planFirst({chunks}: EmbeddingFacts): EmbeddingPlan {
  if (chunks === 0) return into(undefined)
  return {drop: [], into: {kind: 'learn', isFirst: true, keepsOld: false, instead: undefined}, notes: []}
}

function planBeside(
  live: EmbeddingVersion,
  {chunks, damaged, corpus}: EmbeddingFacts,
  choice: VersionChoice,
): EmbeddingPlan {
  const isWanted = wantsRefit(live, chunks, choice)
  const isDamaged = damaged.has(live.id)
  // A model of which nothing is left may hold words of what was removed for good.
  if (chunks === 0 && isWanted && !choice.renew) return {drop: [live], into: {kind: 'none'}, notes: []}
  if (chunks === 0 || !(isWanted || isDamaged)) return into(live)
  const {renew} = choice
  return {
    drop: [],
    into: {
      kind: 'learn',
      isFirst: false,
      keepsOld: renew?.keepOld === true,
      instead: renew ? undefined : live,
    },
    notes: isDamaged ? [damagedModel(corpus)] : [],
  }
}

function isWorthFinishing(unfinished: EmbeddingVersion, {chunks, damaged}: EmbeddingFacts): boolean {
  return isLearned(unfinished) && isFresh(unfinished, chunks) && !damaged.has(unfinished.id)
}

function wantsRefit(live: EmbeddingVersion, chunks: number, {refit, renew, noRefit}: VersionChoice): boolean {
  return (
    refit === true ||
    renew !== undefined ||
    live.fittedChunks === 0 ||
    (!noRefit && hasOutgrown(live, chunks))
  )
}

/** Versions of a served model are as good as their fingerprint: an unfinished one goes on when the model is still the same. */
function planServed(facts: EmbeddingFacts, choice: VersionChoice): EmbeddingPlan {
  const {versions, spec, identity} = facts
  const live = liveVersion(versions)
  if (!identity || !needsIdentity(facts, choice)) return into(live)
  const unfinished = unfinishedVersion(versions)
  if (unfinished?.fingerprint === identity.fingerprint) return into(unfinished)
  const drop = unfinished ? [unfinished] : []
  if (live && !choice.renew) return {...into(live), drop}
  const keepsOld = choice.renew?.keepOld === true
  return {
    drop,
    into: {kind: 'new', isFirst: live === undefined, keepsOld, identity, spec: specOf(spec)},
    notes: [],
  }
}

const damagedModel = (corpus: string): string =>
  `The model file of "${corpus}" was damaged, or made by another version of rag; it was learned anew.`
