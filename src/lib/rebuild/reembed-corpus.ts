import type {StagedModel} from '../embedding/fit-model.js'
import {measureTail} from '../indexing/index-tail.js'
import type {Corpus} from '../model/corpus.js'
import {modelOrigin, type EmbeddingVersion} from '../model/embedding.js'
import {RagError} from '../model/errors.js'
import type {CorpusName} from '../model/names.js'
import type {RebuildRequest} from '../model/operations/rebuild.js'
import {reembedLease, type Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {vacuumFiles} from '../corpus/corpus-folders.js'
import {dropRetired} from '../corpus/drop-retired.js'
import type {HeldCorpus} from '../corpus/held-corpus.js'
import {catchUp, catchUpLive} from '../embedding/catch-up.js'
import {asOutcome} from '../embedding/embed-corpus.js'
import {embeddingFacts} from '../embedding/embedding-facts.js'
import {NOTHING_EMBEDDED, sumOutcomes, type EmbeddingOutcome} from '../embedding/embedding-outcome.js'
import type {Renewal} from '../embedding/embedding-request.js'
import {learnAside, openTarget} from '../embedding/open-target.js'
import {planEmbedding} from '../embedding/plan-embedding.js'
import {promoteVersion} from '../embedding/promote-version.js'
import type {Services} from '../ports/services.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {indexFacts, type IndexFacts} from '../indexing/index-facts.js'
import {requireModel} from '../embedding/open-embedder.js'
import type {CallOptions} from '../model/operations/call.js'
import {planEmptySwitch} from './plan-empty-switch.js'
import {settingsToEmbedBy} from './rebuild-request.js'
import {finishPurgesFirst} from '../purge/finish-purges.js'
import {withLease, type LeaseJob} from '../corpus/with-lease.js'

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

export interface Reembedding {
  /** As it was before. */
  readonly before: IndexFacts
  readonly outcome: EmbeddingOutcome
}

/**
 * Makes a new embedding version beside the live one and puts it in its place. Other writers go on meanwhile: they have the corpus's lease,
 * and this only a lease of the version that it makes, under which vectors and segments of that are written. What they bring is embedded in
 * passes, each shorter than the one before; the switch takes the corpus's lease. Cut off anywhere, the same call goes on.
 * @throws RagError LEASE_HELD when another makes one already, or writes at the start and does not end in the time to wait
 */
export async function reembedCorpus(
  services: Needs,
  name: CorpusName,
  request: RebuildRequest,
  call: CallOptions,
): Promise<Reembedding> {
  const store = await services.store.write('write')
  const found = await requireCorpus(store, name)
  const settings = settingsToEmbedBy(found, request)
  await requireModel(services, settings, {prepare: true, ...call})
  return withLease(
    services,
    {store, corpus: reembedLease(name), purpose: 'rebuild', ...call},
    async (making) => {
      // Fails now when another process writes, not after a model was learned.
      const purged = await withLease(services, writing(store, name, call), (lease) =>
        finishPurgesFirst(services, {store, corpus: found, lease}, {...call, isSole: true}),
      )
      const before = await indexFacts(store, found)
      const renew = {keepOld: request.keepOld === true, settings}
      let staged = await learnAhead(services, {...found, settings}, renew, call)
      const isPatient = staged !== undefined
      const learn: Run['learn'] = async (corpus) => {
        const ahead = staged
        staged = undefined
        return ahead ?? learnAside(services, corpus, call)
      }
      try {
        const outcome = await inPasses(services, {name, request, learn}, {making, isPatient}, call)
        return {before, outcome: {...outcome, notes: [...purged, ...outcome.notes]}}
      } finally {
        if (staged) await services.modelFiles.discard(staged.path)
      }
    },
  )
}

interface Run {
  readonly name: CorpusName
  readonly request: RebuildRequest
  /** Hands out the model that was learned ahead, once; then learns. */
  readonly learn: (corpus: Corpus) => Promise<StagedModel | undefined>
}

const writing = (store: Store, name: CorpusName, {signal}: CallOptions): LeaseJob => ({
  store,
  corpus: name,
  purpose: 'rebuild',
  signal,
})

/**
 * Learns the model before the corpus's lease is taken: that takes as long as the rest. Undefined when the plan is to go on with an unfinished
 * version, or when there is nothing to learn from, which the plan under the lease then finds too.
 */
async function learnAhead(
  services: Pick<Services, 'modelFiles' | 'models' | 'store'>,
  corpus: Corpus,
  renew: Renewal,
  call: CallOptions,
): Promise<StagedModel | undefined> {
  if (modelOrigin(corpus.settings) !== 'learned') return undefined
  const {into} = planEmbedding(await embeddingFacts(services, corpus, {renew}, call), {renew})
  if (into.kind !== 'learn' || into.isFirst) return undefined
  try {
    return await learnAside(services, corpus, call)
  } catch (error) {
    if (error instanceof RagError && error.code === 'INTERRUPTED' && call.signal?.aborted) return undefined
    throw error
  }
}

async function inPasses(
  services: Needs,
  run: Run,
  {making, isPatient}: {readonly making: Lease; readonly isPatient: boolean},
  call: CallOptions,
): Promise<EmbeddingOutcome> {
  let step = await (isPatient ? whenFree : nextStep)(services, run, {unless: Infinity}, call)
  let outcome = step.outcome
  while (step.apart) {
    const {corpus, version, pending} = step.apart
    const pass = await asOutcome(call, () => catchUp(services, {corpus, lease: making}, version, call))
    outcome = sumOutcomes(outcome, pass)
    if (pass.interrupted || pass.failure) break
    step = await whenFree(services, run, {unless: pending}, call)
    outcome = sumOutcomes(outcome, step.outcome)
  }
  return outcome
}

interface Step {
  readonly outcome: EmbeddingOutcome
  /** What is to be done with the lease given back; nothing when all is done, or can't be. */
  readonly apart?:
    | {
        readonly corpus: Corpus
        readonly version: EmbeddingVersion
        readonly pending: number
      }
    | undefined
}

/**
 * With the corpus's lease in hand, plans what is to be embedded into. When nothing is missing, finishes; also when the last pass has not
 * brought it to the half of what it was: who writes faster than is embedded would keep this from ever ending.
 */
async function nextStep(
  services: Needs,
  {name, request, learn}: Run,
  {unless, isPatient = false}: {readonly unless: number; readonly isPatient?: boolean | undefined},
  call: CallOptions,
): Promise<Step> {
  const store = await services.store.write('write')
  const job = {...writing(store, name, call), ...(isPatient ? {waitMs: Infinity} : {})}
  return withLease(services, job, async (lease) => {
    const found = await requireCorpus(store, name)
    // The corpus is treated as one of the new model; stored is that by the switch alone.
    const settings = settingsToEmbedBy(found, request)
    const held = {corpus: {...found, settings}, lease}
    const renew = {keepOld: request.keepOld === true, settings}
    let apart: Step['apart']
    const outcome = await asOutcome(call, async () => {
      const {corpus} = held
      const plan = planEmbedding(await embeddingFacts(services, corpus, {renew}, call), {renew})
      const {version, notes} = await openTarget(services, held, plan, () => learn(corpus))
      if (!version) return {...NOTHING_EMBEDDED, notes, interrupted: call.signal?.aborted === true}
      const pending = await missing(store, version, {isFirst: unless === Infinity})
      const isBuilding = version.state === 'building'
      const live = await catchUpLive(services, held, version, call)
      if (isBuilding && pending > 0 && pending <= unless / 2) {
        if (!live.interrupted) apart = {corpus, version, pending}
        return {...live, notes: [...notes, ...live.notes]}
      }
      const done = sumOutcomes(live, await catchUp(services, held, version, call))
      if (isBuilding && !done.interrupted && !done.failure)
        await promoteVersion(services, held, version, renew)
      return {...done, notes: [...notes, ...done.notes]}
    })
    if (apart) return {outcome, apart}
    const {corpus} = held
    await switchIfEmpty(store, held)
    await dropRetired(store, corpus, lease)
    await vacuumFiles(services, store, corpus)
    return {outcome}
  })
}

/** Vectors to be made; at first also those to be indexed, of a run that was killed before it came to that. */
async function missing(
  store: Store,
  version: EmbeddingVersion,
  {isFirst}: {readonly isFirst: boolean},
): Promise<number> {
  const pending = await store.countPending(version.corpusId, version.id)
  return isFirst ? pending + (await measureTail(store, version)).count : pending
}

/** `nextStep` once whoever writes has ended, however long that takes: what was made is not to be given up for it. */
async function whenFree(
  services: Needs,
  run: Run,
  {unless}: {readonly unless: number},
  call: CallOptions,
): Promise<Step> {
  const store = await services.store.read()
  const writer = (await store.listLeases()).find(({corpus, alive}) => corpus === run.name && alive)
  if (writer)
    services.logger.warn(
      `The re-embedding of "${run.name}" waits until process ${writer.holder.pid} on ${writer.holder.host} (${writer.purpose}) has ended.`,
    )
  try {
    return await nextStep(services, run, {unless, isPatient: true}, call)
  } catch (error) {
    const gaveUp = error instanceof RagError && error.code === 'LEASE_HELD' && call.signal?.aborted === true
    if (!gaveUp) throw error
    return {outcome: {...NOTHING_EMBEDDED, interrupted: true}}
  }
}

/** The corpus has the settings that it is to have. */
async function switchIfEmpty(store: Store, {corpus, lease}: HeldCorpus): Promise<void> {
  const {id, settings} = corpus
  const {chunks} = await store.countCorpus(id)
  const plan = planEmptySwitch({chunks, settings, versions: await store.listEmbeddingVersions(id)})
  if (!plan) return
  for (const version of plan.drop) await store.dropEmbeddingVersion(version.id, lease, {evenLive: true})
  await store.updateSettings(id, plan.settings, lease)
}
