import {ContentHashes} from '../artifacts/content-hashes.js'
import {FILE_FAULTS, replayFile, type ReplayedFile, type ReplaySet} from '../artifacts/replay-file.js'
import type {Corpus} from '../model/corpus.js'
import {RagError, usage} from '../model/errors.js'
import {corpusName} from '../model/names.js'
import type {ReplayReport, ReplayRequest} from '../model/replay.js'
import type {BatchFiles} from '../ports/batch-files.js'
import type {Lease} from '../ports/lease.js'
import type {Store} from '../ports/store.js'
import {sweepCorpusFiles} from './corpus-folders.js'
import {mergeSettings} from './corpus-settings.js'
import {embedCorpus} from './embed-corpus.js'
import type {Environment} from './environment.js'
import {fillWithDummies} from './fill-with-dummies.js'
import {lookAt} from './look-at.js'
import {requireKnownModel} from './open-embedder.js'
import type {CallOptions} from './rag-options.js'
import {freshKeywords} from './rebuild-keywords.js'
import {replayReport, SKIPPED, type Done, type VectorOutcome} from './replay-report.js'
import {batchFilesOf, replayTools, type EngineReplayTools} from './replay-tools.js'
import {replaySettings} from './replay-settings.js'
import {openReplayState} from './replay-state.js'
import {withLease} from './with-lease.js'

/** `Rag.replay`. */
export async function replay(
  env: Environment,
  request: ReplayRequest,
  call: CallOptions,
): Promise<ReplayReport> {
  const name = corpusName(request.corpus)
  const startedAt = env.clock.monotonic()
  const files = await batchFilesOf()
  const paths = await pathsOf(files, request)
  const {store: reader, corpus: known} = await lookAt(env, name)
  const settings = await replaySettings({files, corpus: known, paths, request}, call.signal)
  await requireKnownModel(env, settings)
  const set = {rules: rulesOf(request), seen: new ContentHashes(env.digest)}
  if (request.dryRun) {
    const tools = await replayTools(env, {files, settings, store: reader, known, request})
    const target = {corpusId: known?.id, sink: undefined, pipeline: 'replay'}
    const done = await eachFile({tools, set: {...set, target}, paths}, call)
    return replayReport(env, {corpus: known, name, request, done, startedAt})
  }
  const store = await env.writer('create')
  const held = {store, corpus: name, purpose: 'replay', ...(call.signal ? {signal: call.signal} : {})}
  return withLease(env, held, async (lease) => {
    const state = await openReplayState(request.stateFile)
    const made = await store.createCorpus(name, {...settings, analyser: env.analyser.fingerprint})
    const merged = await mergeSettings(store, made, {given: request.settings, lease})
    const corpus = await freshKeywords(env, {store, corpus: merged, lease}, call)
    const tools = await replayTools(env, {files, settings: corpus.settings, store, corpus, lease, request})
    const target = {corpusId: corpus.id, sink: tools.sink, pipeline: 'replay', ...languageOf(corpus)}
    const due = await state.due(paths)
    const done = await eachFile({tools, set: {...set, target}, paths: due}, call)
    await removeDeleted({store, corpus, lease, request, done}, tools)
    const vectors = await vectorPart(env, {store, corpus, lease, request, done}, call)
    if (!vectors.failure && !done.interrupted && !vectors.interrupted) {
      await state.add(done.files.filter((file) => file.whole))
      await archive(files, request, {done, before: without(paths, due)})
      await sweepCorpusFiles(env, store, corpus)
    }
    const after = await store.getCorpus(name)
    return replayReport(env, {corpus: after, name, request, done, vectors, notes: state.notes, startedAt})
  })
}

/** @throws RagError USAGE | INPUT_MISSING when nothing matches */
async function pathsOf(
  files: BatchFiles,
  {globs = [], files: named = []}: ReplayRequest,
): Promise<readonly string[]> {
  if (globs.length + named.length === 0)
    throw usage('No batch was named.', "Name them: rag replay --glob 'DIR/*.msgpack'")
  const found = globs.length > 0 ? await files.expand(globs) : []
  if (found.length + named.length === 0)
    throw new RagError('INPUT_MISSING', `No file matches ${globs.join(', ')}. Nothing was changed.`, {
      hint: 'Put the pattern in quotes, lest the shell expands it; rag watch waits for files to come.',
    })
  return [...new Set([...found, ...named])]
}

const rulesOf = (request: ReplayRequest): ReplaySet['rules'] => ({
  reembed: request.reembed === true,
  skipExisting: request.skipExisting === true,
  strict: request.strict === true,
})

const languageOf = ({settings: {language}}: Corpus): {language?: string} =>
  language === undefined ? {} : {language}

interface AllFiles {
  readonly tools: EngineReplayTools
  readonly set: ReplaySet
  readonly paths: readonly string[]
}

async function eachFile({tools, set, paths}: AllFiles, call: CallOptions): Promise<Done> {
  const done: ReplayedFile[] = []
  try {
    for (const path of paths) {
      if (call.signal?.aborted) break
      const replayed = await oneFile(tools, path, set, call)
      done.push(replayed)
      call.onProgress?.({phase: 'read', done: done.length, total: paths.length, unit: 'files'})
      if (set.rules.strict && replayed.error) break
    }
  } finally {
    set.seen.clear()
    await tools.close()
  }
  return {files: done, interrupted: call.signal?.aborted === true}
}

async function oneFile(
  tools: EngineReplayTools,
  path: string,
  set: ReplaySet,
  call: CallOptions,
): Promise<ReplayedFile> {
  try {
    const file = await tools.files.open(path)
    try {
      await tools.begin(file, call.signal)
      return await replayFile(tools, file, set, call)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!(error instanceof RagError && FILE_FAULTS.has(error.code))) throw error
    const {code, message} = error
    const none = {records: 0, inserted: 0, skipped: 0, duplicates: 0, failed: 0}
    return {
      file: path,
      ...none,
      sizeBytes: 0,
      mtimeMs: 0,
      error: {code, message},
      whole: false,
      failures: [{source: path, code, message}],
    }
  }
}

interface Run {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  readonly request: ReplayRequest
  readonly done: Done
}

/** What an export of changes names as deleted goes once all that it brings is there. */
async function removeDeleted({store, corpus, lease, done}: Run, tools: EngineReplayTools): Promise<void> {
  const remove = tools.deletedBy(done.files.filter((file) => file.whole))
  if (remove.length > 0) await store.commit(corpus.id, {put: [], touch: [], remove}, lease)
}

async function vectorPart(env: Environment, run: Run, call: CallOptions): Promise<VectorOutcome> {
  const {store, lease, request, done} = run
  if (done.interrupted) return {...SKIPPED, interrupted: true}
  const corpus = (await store.getCorpus(run.corpus.name)) ?? run.corpus
  const {embedBatchSize, sleepMs, dummyFill} = request
  const outcome = await embedCorpus(
    env,
    {
      store,
      corpus,
      lease,
      ...(embedBatchSize === undefined ? {} : {batchSize: embedBatchSize}),
      ...(sleepMs === undefined ? {} : {sleepMs}),
    },
    call,
  )
  if (dummyFill === undefined || outcome.interrupted) return {...outcome, dummies: 0}
  const {failure, ...rest} = outcome
  const dummies = await fillWithDummies({store, corpus, lease}, dummyFill)
  const notes = failure ? [...rest.notes, failure.message] : rest.notes
  return {...rest, notes, dummies}
}

/**
 * Files of which everything is safe go where they are kept, also those of an earlier call that ended before it could move them. What was
 * written since it was loaded stays.
 */
async function archive(
  files: BatchFiles,
  {archive: to}: ReplayRequest,
  {done, before}: {readonly done: Done; readonly before: readonly string[]},
): Promise<void> {
  if (!to) return
  const how = {compress: to.compress === true}
  for (const path of before) await files.archive(path, to.dir, how)
  for (const file of done.files) {
    if (!file.whole || !(await isAsLoaded(files, file))) continue
    const archivedAs = await files.archive(file.file, to.dir, how)
    Object.assign(file, {archivedAs})
  }
}

function without(paths: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Set(others)
  return paths.filter((path) => !left.has(path))
}

async function isAsLoaded(
  files: BatchFiles,
  {file: path, sizeBytes, mtimeMs}: ReplayedFile,
): Promise<boolean> {
  const file = await files.open(path).catch(() => undefined)
  await file?.close()
  return file?.sizeBytes === sizeBytes && file.mtimeMs === mtimeMs
}
