import {liveVersion} from '../model/embedding.js'
import type {ReplayedFile} from './replay-file.js'
import type {StandingBatch} from './exports/export-standing.js'
import {batchMissing} from '../model/errors/files/exported-batch.js'
import type {InputFailure} from '../model/operations/ingest.js'
import type {Corpus} from '../model/corpus.js'
import type {ReplayFileReport, ReplayReport} from '../model/operations/replay.js'
import type {EmbeddingOutcome} from '../embedding/embedding-outcome.js'
import type {Services} from '../ports/services.js'

/** What became of the files of a call. */
export interface Done {
  readonly files: readonly ReplayedFile[]
  readonly interrupted: boolean
}

/** What became of the vectors. */
export interface VectorOutcome extends EmbeddingOutcome {
  readonly dummies: number
}

export const SKIPPED: VectorOutcome = {
  hits: 0,
  misses: 0,
  checkpoints: 0,
  interrupted: false,
  notes: [],
  dummies: 0,
}

/** What a corpus holds, and what its vectors are of. */
export type StoredFacts = Pick<ReplayReport, 'model' | 'dimension' | 'chunks'>

/** What became of a call. */
export interface ReplayOutcome {
  /** Absent when a dry run found none. */
  readonly corpus: Corpus | undefined
  readonly stored: StoredFacts
  readonly done: Done
  readonly vectors?: VectorOutcome | undefined
  readonly notes?: readonly string[] | undefined
  /** Batches of exports that are not there. */
  readonly missing?: readonly StandingBatch[] | undefined
}

/** All of it, for whoever asked for the replay. */
export function replayReport(
  {corpus, stored, done, missing = [], vectors = SKIPPED, notes = []}: ReplayOutcome,
  call: Pick<ReplayReport, 'corpus' | 'dryRun' | 'seconds'>,
): ReplayReport {
  const asked = vectors.hits + vectors.misses
  return {
    ...call,
    ...stored,
    files: done.files.map(fileReport),
    missing: missing.map(({path: file, records}) => ({file, records})),
    inserted: sum(done, 'inserted'),
    skipped: sum(done, 'skipped'),
    duplicates: sum(done, 'duplicates'),
    failed: sum(done, 'failed'),
    dummies: vectors.dummies,
    cache: {
      embedHits: vectors.hits,
      embedMisses: vectors.misses,
      hitRate: asked > 0 ? vectors.hits / asked : 0,
    },
    checkpoints: vectors.checkpoints,
    recordsPerSecond: sum(done, 'records') / Math.max(call.seconds, 1e-3),
    // What is missing comes first: bad records must not push it out.
    failures: [...missing.map(missingFailure), ...done.files.flatMap((file) => file.failures)].slice(0, 1000),
    notes: [...notes, ...vectors.notes, ...withoutVectors(corpus, stored.chunks.pending, vectors)],
    interrupted: done.interrupted || vectors.interrupted,
    ...(vectors.failure ? {failure: vectors.failure} : {}),
  }
}

function missingFailure({path, records}: StandingBatch): InputFailure {
  const {code, message, hint} = batchMissing(path, records)
  return {source: path, code, message: hint === undefined ? message : `${message} ${hint}`}
}

type Counted = 'inserted' | 'skipped' | 'duplicates' | 'failed' | 'records'

const sum = ({files}: Done, key: Counted): number => files.reduce((total, file) => total + file[key], 0)

/** Nothing of a corpus that is not there. */
export async function storedFacts(
  services: Pick<Services, 'store'>,
  corpus: Corpus | undefined,
): Promise<StoredFacts> {
  if (!corpus) return {model: '', dimension: 0, chunks: {total: 0, pending: 0, dummy: 0}}
  const store = await services.store.read()
  const {chunks: total, pending, dummy} = await store.countCorpus(corpus.id)
  const live = liveVersion(await store.listEmbeddingVersions(corpus.id))
  return {
    model: live?.model ?? corpus.settings.model,
    dimension: live?.dimension ?? 0,
    chunks: {total, pending, dummy},
  }
}

function fileReport(file: ReplayedFile): ReplayFileReport {
  const {records, inserted, skipped, duplicates, failed, error, whole, archivedAs} = file
  return {
    file: file.file,
    records,
    inserted,
    skipped,
    duplicates,
    failed,
    ...(error ? {error} : {}),
    whole,
    ...(archivedAs === undefined ? {} : {archivedAs}),
  }
}

/** Records without a vector that no model here can make are found by keyword; that is to be said. */
function withoutVectors(
  corpus: Corpus | undefined,
  pending: number,
  {failure}: VectorOutcome,
): readonly string[] {
  if (!corpus || pending === 0 || failure) return []
  return [
    `${pending} chunks of "${corpus.name}" have no vector: the model ${corpus.settings.model} can't make them here; keyword search finds them.`,
  ]
}
