import {vacuumFiles, versionFolder} from '../corpus/corpus-folders.js'
import {dropRetired} from '../corpus/drop-retired.js'
import type {HeldCorpus} from '../corpus/held-corpus.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {finishPurgesFirst} from '../purge/finish-purges.js'
import {withLease, withSoleLease} from '../corpus/with-lease.js'
import {embedCorpus} from '../embedding/embed-corpus.js'
import type {EmbeddingOutcome} from '../embedding/embedding-outcome.js'
import {executeCompaction} from '../indexing/compact-corpus.js'
import {indexFacts, type IndexFacts} from '../indexing/index-facts.js'
import {rebuildKeywords} from '../indexing/rebuild-keywords.js'
import {rebuildSegments} from '../indexing/rebuild-segments.js'
import type {Corpus} from '../model/corpus.js'
import {corpusName, type CorpusName} from '../model/names.js'
import type {CallOptions} from '../model/operations/call.js'
import type {RebuildAction, RebuildReport, RebuildRequest} from '../model/operations/rebuild.js'
import type {Services} from '../ports/services.js'
import {inspectRebuild, inspectReembed, type PlannedAction} from './rebuild-facts.js'
import {planRebuild, planReembed, type RebuildPlan} from './rebuild-plan.js'
import {actionOf, FILL} from './rebuild-request.js'
import {reembedCorpus, type Reembedding} from './reembed-corpus.js'
import {executeRollback} from './rollback.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'analyser'
  | 'cache'
  | 'clock'
  | 'dataDir'
  | 'digest'
  | 'files'
  | 'index'
  | 'indexDir'
  | 'indexFiles'
  | 'logger'
  | 'modelFiles'
  | 'models'
  | 'processes'
  | 'store'
  | 'threads'
  | 'waitMs'
>

/*
 * The whole of a rebuild: facts, plan, execution, report. A dry run stops at the plan; a run makes it under the corpus's lease and does it
 * before it gives the lease back. A re-embedding, which holds that lease only now and then, chooses under it instead.
 */

/** `Rag.planRebuild`. Reads only, and takes no lease. */
export async function dryRunRebuild(
  services: Pick<Services, 'clock' | 'indexFiles' | 'modelFiles' | 'models' | 'store' | 'threads'>,
  request: RebuildRequest,
): Promise<RebuildReport> {
  const action = actionOf(request)
  const startedAt = services.clock.monotonic()
  const plan =
    action === 'reembed'
      ? planReembed(await inspectReembed(services, request))
      : planRebuild(await inspectRebuild(services, request.corpus, action))
  const notes = plan.action === 'rollback' ? plan.rollback.notes : []
  const seconds = (services.clock.monotonic() - startedAt) / 1000
  return {...plan.expected, action, dryRun: true, seconds, notes, interrupted: false}
}

/** `Rag.rebuild`. */
export async function rebuildCorpus(
  services: Needs,
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
      ? doneOf(await reembedCorpus(services, name, request, call))
      : await planAndExecute(services, name, action, call)
  const corpus = await requireCorpus(store, name)
  const after = await indexFacts(store, corpus)
  const seconds = (services.clock.monotonic() - startedAt) / 1000
  return report({action, before, after, seconds, corpus}, done)
}

interface Done {
  readonly before: IndexFacts
  readonly done: Outcome
}

interface Outcome {
  readonly embedded?: number
  readonly keywords?: number
  readonly resumed?: number
  readonly notes?: readonly string[]
  readonly interrupted: boolean
}

async function planAndExecute(
  services: Needs,
  name: CorpusName,
  action: PlannedAction,
  call: CallOptions,
): Promise<Done> {
  const store = await services.store.write('write')
  const hold = action === 'rollback' ? withSoleLease : withLease
  const job = {store, corpus: name, purpose: 'rebuild', signal: call.signal}
  return hold(services, job, async (lease) => {
    const isSole = hold === withSoleLease
    const found = await requireCorpus(store, name)
    const purged = await finishPurgesFirst(services, {store, corpus: found, lease}, {...call, isSole})
    const facts = await inspectRebuild(services, name, action)
    const {corpus, index: before} = facts
    const done = await execute(services, {corpus, lease, live: before.live}, planRebuild(facts), call)
    await dropRetired(store, corpus, lease)
    await vacuumFiles(services, store, corpus)
    return {before, done: {...done, notes: [...purged, ...(done.notes ?? [])]}}
  })
}

interface Run extends HeldCorpus {
  readonly live: IndexFacts['live']
}

/** @throws RagError why not all was embedded; what was is kept, and the same call goes on from there */
async function execute(
  services: Needs,
  {corpus, lease, live}: Run,
  plan: RebuildPlan,
  call: CallOptions,
): Promise<Outcome> {
  switch (plan.action) {
    case 'rebuild':
      return rebuildAll(services, {corpus, lease, live}, plan, call)
    case 'compact': {
      const place = live && {version: live, folder: versionFolder(corpus, live), lease}
      if (place) await executeCompaction(services, place, plan.merges, call)
      return {interrupted: isAborted(call)}
    }
    case 'fill':
      return outcomeOf(await embedCorpus(services, {corpus, lease}, {...FILL, dummies: true}, call))
    case 'rollback':
      return outcomeOf(await executeRollback(services, {corpus, lease}, plan.rollback, call))
  }
}

/** Keyword index and segments, from what is stored; nothing is embedded. */
async function rebuildAll(
  services: Pick<Services, 'analyser' | 'index' | 'indexFiles' | 'store'>,
  {corpus: before, lease, live}: Run,
  {expected: {keywords}, segments}: Extract<RebuildPlan, {readonly action: 'rebuild'}>,
  call: CallOptions,
): Promise<Outcome> {
  const store = await services.store.write('write')
  const corpus = await rebuildKeywords(services, {store, corpus: before, lease}, call)
  if (isAborted(call)) return {interrupted: true}
  if (!live || !segments) return {keywords, notes: [noVectors(corpus)], interrupted: false}
  const rebuilt = await rebuildSegments(
    {store, files: services.indexFiles, builder: () => services.index.builder()},
    {version: live, folder: versionFolder(corpus, live), lease, ...call},
    segments,
  )
  return {keywords, ...rebuilt}
}

const doneOf = ({before, outcome}: Reembedding): Done => ({before, done: outcomeOf(outcome)})

const isAborted = (call: CallOptions): boolean => call.signal?.aborted === true

/** @throws RagError why not all was embedded */
function outcomeOf({hits, misses, notes, interrupted, failure}: EmbeddingOutcome): Outcome {
  if (failure) throw failure
  return {embedded: hits + misses, notes, interrupted}
}

interface Measured {
  readonly action: RebuildAction
  readonly corpus: Corpus
  readonly before: IndexFacts
  readonly after: IndexFacts
  readonly seconds: number
}

const NOTHING_DONE = {embedded: 0, keywords: 0, resumed: 0, notes: []}

function report({action, corpus, before, after, seconds}: Measured, done: Outcome): RebuildReport {
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

const noVectors = (corpus: Corpus): string =>
  `Corpus "${corpus.name}" has no vectors yet; its keyword index was made anew.`
