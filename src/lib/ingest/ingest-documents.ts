import {liveVersion} from '../model/embedding.js'
import {dryRunFiles} from './ingest-files.js'
import type {Corpus, CorpusCounts, CorpusSettings} from '../model/corpus.js'
import {embeddingUnfinished} from '../model/errors/corpus/model.js'
import type {RagError} from '../model/errors/rag-error.js'
import {dryRunOfStream} from '../model/errors/request/ingest.js'
import type {IngestPlan, IngestReport, IngestRequest} from '../model/operations/ingest.js'
import {corpusName, type CorpusName} from '../model/names.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {effectiveSettings, mergeSettings, newSettings} from '../corpus/corpus-settings.js'
import {embedCorpus} from '../embedding/embed-corpus.js'
import type {EmbeddingOutcome} from '../embedding/embedding-outcome.js'
import type {Services} from '../ports/services.js'
import {ingestText, type TextOutcome} from './ingest-text.js'
import {ingestTools} from '../documents/open-ingest-tools.js'
import {
  openBatchOutput,
  requireOutputFolder,
  type OutputOutcome,
  type BatchOutput,
} from '../export/batch-output.js'
import {findCorpus} from '../corpus/find-corpus.js'
import {requireModel} from '../embedding/open-embedder.js'
import type {CallOptions} from '../model/operations/call.js'
import {requireInputs} from './require-inputs.js'
import {freshKeywords} from '../indexing/rebuild-keywords.js'
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

/** `Rag.ingest`. */
export async function ingestDocuments(
  services: Needs,
  request: IngestRequest,
  call: CallOptions,
): Promise<IngestReport> {
  const name = corpusName(request.corpus)
  const startedAt = services.clock.monotonic()
  await requireInputs(services, request)
  const {corpus: there} = await findCorpus(services, name)
  const settings = settingsOf(there, request.settings)
  // What is there is kept up as far as it can be; a first ingest by a model that can't be had is a mistake.
  await requireModel(services, settings, {prepare: !there && !request.textOnly, ...call})
  const {msgpackOut: dir, dirs: ingested = []} = request
  const output =
    dir === undefined
      ? undefined
      : await openBatchOutput(services, {name, corpus: there, dir, ingested}, call.signal)
  try {
    return await ingestInto(services, {name, settings, request, output, startedAt}, call)
  } finally {
    output?.close()
  }
}

const NO_OUTPUT: OutputOutcome = {notes: [], interrupted: false}

interface Job {
  readonly name: CorpusName
  readonly settings: CorpusSettings
  readonly request: IngestRequest
  readonly output: BatchOutput | undefined
  readonly startedAt: number
}

async function ingestInto(
  services: Needs,
  {name, settings, request, output, startedAt}: Job,
  call: CallOptions,
): Promise<IngestReport> {
  const store = await services.store.write('create')
  return withLease(services, {store, corpus: name, purpose: 'ingest', ...signalOf(call)}, async (lease) => {
    const known = await store.createCorpus(name, {...settings, analyser: services.analyser.fingerprint})
    await output?.begin(store)
    const merged = await mergeSettings(store, known, {given: request.settings, lease})
    const purged = await finishPurgesFirst(services, {store, corpus: merged, lease}, call)
    const corpus = await freshKeywords(services, {store, corpus: merged, lease}, call)
    const run = {store, corpus, lease, request}
    const text = await ingestText(services, run, call)
    const textSeconds = (services.clock.monotonic() - startedAt) / 1000
    const vectors = await vectorPart(services, run, text.interrupted, call)
    const isStopped = vectors.interrupted || text.interrupted
    const written = (isStopped ? output?.stopped() : await output?.write(store, call)) ?? NO_OUTPUT
    if (!isStopped && !written.interrupted) await vacuumCorpus(services, run)
    return report(services, {run, purged, text, textSeconds, vectors, written, startedAt})
  })
}

/** `Rag.planIngest`. Makes nothing, not even the store. */
export async function planDocuments(
  services: Needs,
  request: IngestRequest,
  call: CallOptions,
): Promise<IngestPlan> {
  const name = corpusName(request.corpus)
  await requireInputs(services, request)
  if (request.jsonl !== undefined || request.stdin) throw dryRunOfStream()
  const {store, corpus} = await findCorpus(services, name)
  const {msgpackOut: dir, dirs: ingested = []} = request
  if (dir !== undefined) await requireOutputFolder(services, {name, corpus, dir, ingested})
  const effective = settingsOf(corpus, request.settings)
  const tools = await ingestTools(services, store, effective)
  const scope = {corpusId: corpus?.id, language: effective.language, request}
  return {corpus: name, ...(await dryRunFiles(tools, scope, call))}
}

/** What the corpus is built with from now on. @throws RagError USAGE | MODEL_UNKNOWN before anything is made */
function settingsOf(corpus: Corpus | undefined, given: IngestRequest['settings']): CorpusSettings {
  return corpus ? effectiveSettings(corpus.settings, given) : newSettings(given)
}

interface Run {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  readonly request: IngestRequest
}

const SKIPPED: EmbeddingOutcome = {hits: 0, misses: 0, checkpoints: 0, interrupted: false, notes: []}

async function vectorPart(
  services: Needs,
  {store, corpus, lease, request}: Run,
  interrupted: boolean,
  call: CallOptions,
): Promise<EmbeddingOutcome> {
  if (interrupted || request.textOnly) return {...SKIPPED, interrupted}
  const current = (await store.getCorpus(corpus.name)) ?? corpus
  const {embedBatchSize: batchSize, noCache, sleepMs, noRefit} = request
  return embedCorpus(services, {corpus: current, lease}, {batchSize, noCache, sleepMs, noRefit}, call)
}

interface Done {
  readonly run: Run
  /** What is to be said of removals that were cut off before. */
  readonly purged: readonly string[]
  readonly text: TextOutcome
  readonly textSeconds: number
  readonly vectors: EmbeddingOutcome
  readonly written: OutputOutcome
  readonly startedAt: number
}

async function report(services: Pick<Services, 'clock' | 'indexDir'>, done: Done): Promise<IngestReport> {
  const {run, text, vectors, written} = done
  const {store, corpus} = run
  const {totals} = text.writer
  const counts = await store.countCorpus(corpus.id)
  const versions = await store.listEmbeddingVersions(corpus.id)
  const live = liveVersion(versions)
  const seconds = (services.clock.monotonic() - done.startedAt) / 1000
  const asked = vectors.hits + vectors.misses
  const documents = {
    added: totals.added,
    updated: totals.updated,
    unchanged: text.unchanged + totals.unchanged,
    deleted: totals.removed,
    failed: text.failed.length,
  }
  return {
    corpus: corpus.name,
    model: live?.model ?? corpus.settings.model,
    dimension: live?.dimension ?? 0,
    documents,
    chunks: {
      added: totals.chunksAdded,
      kept: totals.chunksKept,
      deleted: totals.chunksDeleted,
      total: counts.chunks,
      pending: counts.pending,
    },
    cache: {
      embedHits: vectors.hits,
      embedMisses: vectors.misses,
      hitRate: asked > 0 ? vectors.hits / asked : 0,
    },
    checkpoints: vectors.checkpoints,
    seconds,
    textSeconds: done.textSeconds,
    documentsPerSecond: (documents.added + documents.updated) / Math.max(seconds, 1e-3),
    chunksPerSecond: totals.chunksAdded / Math.max(seconds, 1e-3),
    indexDir: services.indexDir,
    failed: text.failed,
    faults: text.faults,
    ignored: text.ignored,
    notes: [...done.purged, ...text.notes, ...vectors.notes, ...written.notes],
    ...(written.left ? {left: written.left} : {}),
    ...failureOf(done, counts),
    interrupted: text.interrupted || vectors.interrupted || written.interrupted,
  }
}

/** What is missing of the vectors comes first: it keeps batches from output, too. */
function failureOf(
  {vectors, written}: Done,
  counts: CorpusCounts,
): {readonly failure?: RagError | undefined} {
  if (vectors.failure) return {failure: embeddingUnfinished(vectors.failure, counts)}
  return written.failure ? {failure: written.failure} : {}
}

function signalOf(call: CallOptions): {readonly signal?: AbortSignal | undefined} {
  return call.signal ? {signal: call.signal} : {}
}
