import type {CallOptions} from '../model/operations/call.js'
import type {ReplayReport, ReplayRequest} from '../model/operations/replay.js'
import type {Services} from '../ports/services.js'
import {mergeSettings} from '../corpus/corpus-settings.js'
import {withLease} from '../corpus/with-lease.js'
import {freshKeywords} from '../indexing/rebuild-keywords.js'
import {vacuumCorpus} from '../indexing/vacuum-corpus.js'
import {finishPurgesFirst} from '../purge/finish-purges.js'
import {archiveBatches} from './archive-batches.js'
import {embedReplayed} from './embed-replayed.js'
import {dryReplayTools, replayTools, type TakingRules} from './open-replay-tools.js'
import {ContentHashes} from './reading/content-hashes.js'
import type {ReplaySet} from './replay-file.js'
import {openReplay} from './open-replay.js'
import {replayFiles} from './replay-files.js'
import {replayReport, SKIPPED, storedFacts, type Done, type ReplayOutcome} from './replay-report.js'
import {takenBefore} from './exports/taken-before.js'
import {openReplayState, withStateFile} from './use-replay-state.js'

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
  | 'memory'
  | 'modelFiles'
  | 'models'
  | 'processes'
  | 'store'
  | 'threads'
  | 'waitMs'
  | 'workerUrl'
>

/** `Rag.replay`. */
export async function replay(
  services: Needs,
  request: ReplayRequest,
  call: CallOptions,
): Promise<ReplayReport> {
  const startedAt = services.clock.monotonic()
  const outcome = request.dryRun
    ? await dryRun(services, request, call)
    : await loadBatches(services, request, call)
  const seconds = (services.clock.monotonic() - startedAt) / 1000
  return replayReport(outcome, {corpus: request.corpus, dryRun: request.dryRun === true, seconds})
}

/** Reads all of it, and makes nothing. */
async function dryRun(services: Needs, request: ReplayRequest, call: CallOptions): Promise<ReplayOutcome> {
  const {stateFile, archive, taken, strict} = request
  const {batches, name, store, corpus, settings} = await openReplay(services, request, call)
  const stored = await storedFacts(services, corpus)
  if (!settings) return {corpus, stored, done: NOTHING}
  const state = await openReplayState(services, stateFile, {readOnly: true})
  const before = takenBefore(batches.files, state, {archive: archive?.dir, taken})
  if (strict) await batches.requireWhole(before)
  const tools = await dryReplayTools(services, batches, {name, settings, store, corpus}, takingRules(request))
  const target = {corpusId: corpus?.id, sink: undefined, pipeline: PIPELINE}
  const set = {target, rules: rulesOf(request), seen: new ContentHashes(services.digest)}
  const done = await replayFiles({tools, set, paths: batches.paths}, call)
  const {missing, notes} = await batches.outcome(done.files, before, {isPart: !!taken})
  return {corpus, stored, done, missing, notes}
}

/** Loads what is due, under the lease of the corpus and while nobody uses the state file for another one. */
async function loadBatches(
  services: Needs,
  request: ReplayRequest,
  call: CallOptions,
): Promise<ReplayOutcome> {
  const {stateFile, archive, taken, strict, embedBatchSize: batchSize, sleepMs, dummyFill} = request
  const {signal} = call
  const {batches, name, corpus: known, settings} = await openReplay(services, request, call)
  if (!settings) return {corpus: known, stored: await storedFacts(services, known), done: NOTHING}
  if (archive) await batches.files.prepareArchive(archive.dir)
  return withStateFile(services, {path: stateFile, corpus: name, signal}, async () => {
    const store = await services.store.write('create')
    return withLease(services, {store, corpus: name, purpose: PIPELINE, signal}, async (lease) => {
      const state = await openReplayState(services, stateFile)
      const before = takenBefore(batches.files, state, {archive: archive?.dir, taken})
      if (strict) await batches.requireWhole(before)
      const made = await store.createCorpus(name, {...settings, analyser: services.analyser.fingerprint})
      const merged = await mergeSettings(store, made, {given: request.settings, lease})
      const purged = await finishPurgesFirst(services, {store, corpus: merged, lease}, call)
      const corpus = await freshKeywords(services, {store, corpus: merged, lease}, call)
      const held = {store, corpus, lease}
      const tools = await replayTools(services, batches, held, takingRules(request))
      const {paths, settled} = await batches.due(state, before)
      const {language} = corpus.settings
      const target = {corpusId: corpus.id, sink: tools.sink, pipeline: PIPELINE, language}
      const set = {target, rules: rulesOf(request), seen: new ContentHashes(services.digest)}
      const read = await replayFiles({tools, set, paths}, call)
      const done = {...read, files: [...settled, ...read.files]}
      const {missing, deletions, notes} = await batches.outcome(done.files, before, {isPart: !!taken})
      // What an export of changes names as deleted goes once all that it brings is there.
      if (!done.interrupted && deletions.length > 0)
        await store.commit(corpus.id, {put: [], touch: [], remove: deletions}, lease)
      // Whoever learns its own model anew can't take later batches by the one that came with the export.
      const making = {batchSize, sleepMs, noRefit: batches.exports.bringModel, dummyFill}
      const vectors = done.interrupted ? STOPPED : await embedReplayed(services, held, making, call)
      if (!vectors.failure && !vectors.interrupted) {
        await state.add(done.files.filter(({whole}) => whole))
        const earlier = batches.without([...paths, ...done.files.map(({file}) => file)])
        if (archive) await archiveBatches(batches.files, archive, done.files, earlier)
        await vacuumCorpus(services, held)
      }
      const after = await store.getCorpus(name)
      const stored = await storedFacts(services, after)
      return {corpus: after, stored, done, missing, vectors, notes: [...purged, ...state.notes, ...notes]}
    })
  })
}

const PIPELINE = 'replay'

const NOTHING: Done = {files: [], interrupted: true}

const STOPPED = {...SKIPPED, interrupted: true}

const rulesOf = (request: ReplayRequest): ReplaySet['rules'] => ({
  reembed: request.reembed === true,
  skipExisting: request.skipExisting === true,
  strict: request.strict === true,
})

const takingRules = ({skipExisting, settings}: ReplayRequest): TakingRules => ({
  skipExisting: skipExisting === true,
  modelGiven: settings?.model !== undefined,
})
