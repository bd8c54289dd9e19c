import {ContentHashes} from './reading/content-hashes.js'
import type {ReplaySet} from './replay-file.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import {noBatchMatches, noBatchNamed} from '../model/errors/request/ingest.js'
import {RagError} from '../model/errors/rag-error.js'
import {corpusName, type CorpusName} from '../model/names.js'
import type {ReplayReport, ReplayRequest} from '../model/operations/replay.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {mergeSettings} from '../corpus/corpus-settings.js'
import {embedCorpus} from '../embedding/embed-corpus.js'
import type {Services} from '../ports/services.js'
import {fillWithDummies} from '../embedding/fill-with-dummies.js'
import {findCorpus} from '../corpus/find-corpus.js'
import {requireModel} from '../embedding/open-embedder.js'
import type {CallOptions} from '../model/operations/call.js'
import {freshKeywords} from '../indexing/rebuild-keywords.js'
import {archiveBatches} from './archive-batches.js'
import {dueBatches} from './due-batches.js'
import {holdAgainstExports, requireWholeSets, takenBefore, type HeldExports} from './held-exports.js'
import {passedOver, refusedFiles, replayFiles} from './replay-files.js'
import {replayReport, SKIPPED, type Done, type VectorOutcome} from './replay-report.js'
import {replayTools} from './open-replay-tools.js'
import {replaySettings} from './replay-settings.js'
import {openReplayState, withStateFile, type OpenState} from './use-replay-state.js'
import {ReplayedExports} from './replayed-exports.js'
import {vacuumCorpus} from '../indexing/vacuum-corpus.js'
import {finishPurgesFirst} from '../purge/finish-purges.js'
import {withLease} from '../corpus/with-lease.js'

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
  const name = corpusName(request.corpus)
  const startedAt = services.clock.monotonic()
  const files = await services.files.batchFiles()
  const exports = new ReplayedExports({
    files,
    texts: await services.files.textFiles(),
    digest: services.digest,
  })
  const all = await pathsOf(files, request)
  const outOfDate = await exports.outOfDate(all)
  const paths = without(all, [...outOfDate.keys()])
  const {store: reader, corpus: known} = await findCorpus(services, name)
  const settings = await orInterrupted(replaySettings({files, corpus: known, paths, request}, call.signal))
  // Of a head that was not read to its end no corpus is made: it would be another one for good.
  if (!settings) return replayReport(services, {corpus: known, name, request, done: NOTHING, startedAt})
  await requireModel(services, settings, {
    prepare: !known && request.reembed === true && !request.dryRun,
    ...call,
  })
  const set = {rules: rulesOf(request), seen: new ContentHashes(services.digest)}
  if (request.dryRun) {
    const state = await openReplayState(services, request.stateFile, {readOnly: true})
    const against = {exports, all, before: takenBefore({files, state, request})}
    if (request.strict) await requireWholeSets(against)
    const tools = await replayTools(services, {files, exports, settings, store: reader, known, request})
    const target = {corpusId: known?.id, sink: undefined, pipeline: 'replay'}
    const done = await replayFiles({tools, set: {...set, target}, paths}, call)
    const {missing, notes} = await holdAgainstExports(against, {files: done.files, request})
    const said = [...notesOf(outOfDate), ...notes]
    return replayReport(services, {corpus: known, name, request, done, missing, notes: said, startedAt})
  }
  if (request.archive) await files.prepareArchive(request.archive.dir)
  const use = {path: request.stateFile, corpus: name, signal: call.signal}
  const job = {name, request, files, exports, all, paths, outOfDate, settings, set, startedAt}
  return withStateFile(services, use, () => replayInto(services, job, call))
}

interface Job {
  readonly name: CorpusName
  readonly request: ReplayRequest
  readonly files: BatchFiles
  readonly exports: ReplayedExports
  readonly all: readonly string[]
  readonly paths: readonly string[]
  readonly outOfDate: ReadonlyMap<string, number>
  readonly settings: CorpusSettings
  readonly set: Pick<ReplaySet, 'rules' | 'seen'>
  readonly startedAt: number
}

async function replayInto(services: Needs, job: Job, call: CallOptions): Promise<ReplayReport> {
  const {name, request, files, exports, all, outOfDate, settings, startedAt} = job
  const store = await services.store.write('create')
  const holding = {store, corpus: name, purpose: 'replay', signal: call.signal}
  return withLease(services, holding, async (lease) => {
    const state = await openReplayState(services, request.stateFile)
    const against = {exports, all, before: takenBefore({files, state, request})}
    if (request.strict) await requireWholeSets(against)
    const made = await store.createCorpus(name, {...settings, analyser: services.analyser.fingerprint})
    const merged = await mergeSettings(store, made, {given: request.settings, lease})
    const purged = await finishPurgesFirst(services, {store, corpus: merged, lease}, call)
    const corpus = await freshKeywords(services, {store, corpus: merged, lease}, call)
    const given = {files, exports, settings: corpus.settings, store, corpus, lease, request}
    const tools = await replayTools(services, given)
    const target = {corpusId: corpus.id, sink: tools.sink, pipeline: 'replay', ...languageOf(corpus)}
    const due = await dueBatches({files, exports, before: against.before}, await state.due(job.paths))
    const passed = await passedOver(files, await only(outOfDate, state))
    const taken = await replayFiles({tools, set: {...job.set, target}, paths: due.paths}, call)
    const done = {...taken, files: [...passed, ...refusedFiles(due.refused), ...taken.files]}
    const run = {store, corpus, lease, request, done, exports}
    const held = await holdAgainstExports(against, {files: done.files, request})
    await removeDeleted(run, held)
    const vectors = await vectorPart(services, run, call)
    if (!vectors.failure && !done.interrupted && !vectors.interrupted) {
      await state.add(done.files.filter((file) => file.whole))
      const before = without(all, [...due.paths, ...done.files.map(({file}) => file)])
      await archiveBatches(files, request, {done, before})
      await vacuumCorpus(services, run)
    }
    const after = await store.getCorpus(name)
    const notes = [...purged, ...state.notes, ...notesOf(outOfDate), ...held.notes]
    const {missing} = held
    return replayReport(services, {corpus: after, name, request, done, missing, vectors, notes, startedAt})
  })
}

const NOTHING: Done = {files: [], interrupted: true}

/** Undefined when the call was interrupted. */
const orInterrupted = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof RagError && error.code === 'INTERRUPTED') return undefined
    throw error
  })

/** @throws RagError USAGE | INPUT_MISSING when nothing matches */
async function pathsOf(
  files: BatchFiles,
  {globs = [], files: named = []}: ReplayRequest,
): Promise<readonly string[]> {
  if (globs.length + named.length === 0) throw noBatchNamed()
  const found = globs.length > 0 ? await files.expand(globs) : []
  if (found.length + named.length === 0) throw noBatchMatches(globs)
  return [...new Set([...found, ...named])]
}

const rulesOf = (request: ReplayRequest): ReplaySet['rules'] => ({
  reembed: request.reembed === true,
  skipExisting: request.skipExisting === true,
  strict: request.strict === true,
})

const languageOf = ({settings: {language}}: Corpus): {language?: string | undefined} =>
  language === undefined ? {} : {language}

interface Run {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  readonly request: ReplayRequest
  readonly done: Done
  readonly exports: ReplayedExports
}

/** What an export of changes names as deleted goes once all that it brings is there. */
async function removeDeleted(
  {store, corpus, lease, done}: Run,
  {deletions: remove}: HeldExports,
): Promise<void> {
  if (done.interrupted || remove.length === 0) return
  await store.commit(corpus.id, {put: [], touch: [], remove}, lease)
}

/** Those that are not written down as done. */
async function only(
  outOfDate: ReadonlyMap<string, number>,
  state: OpenState,
): Promise<ReadonlyMap<string, number>> {
  const due = new Set(await state.due([...outOfDate.keys()]))
  return new Map([...outOfDate].filter(([path]) => due.has(path)))
}

const notesOf = ({size}: ReadonlyMap<string, number>): readonly string[] =>
  size === 0
    ? []
    : [
        `${size} of the files hold vectors of a model that was given up; a later run beside them holds all of it by the new one, and is taken instead.`,
      ]

async function vectorPart(services: Needs, run: Run, call: CallOptions): Promise<VectorOutcome> {
  const {store, lease, request, done} = run
  if (done.interrupted) return {...SKIPPED, interrupted: true}
  const corpus = (await store.getCorpus(run.corpus.name)) ?? run.corpus
  const {embedBatchSize, sleepMs, dummyFill} = request
  // Whoever learns its own model anew can't take later batches by the one that came with the export.
  const making = {batchSize: embedBatchSize, sleepMs, noRefit: run.exports.bringModel}
  const outcome = await embedCorpus(services, {corpus, lease}, making, call)
  if (dummyFill === undefined || outcome.interrupted) return {...outcome, dummies: 0}
  const {failure, ...rest} = outcome
  const dummies = await fillWithDummies({store, corpus, lease}, dummyFill)
  const notes = failure ? [...rest.notes, failure.message] : rest.notes
  return {...rest, notes, dummies}
}

function without(paths: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Set(others)
  return paths.filter((path) => !left.has(path))
}
