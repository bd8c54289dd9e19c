import {liveVersion} from '../model/embedding.js'
import type {ReplayedFile} from './replay-file.js'
import type {Corpus} from '../model/corpus.js'
import type {ReplayFileReport, ReplayReport, ReplayRequest} from '../model/operations/replay.js'
import type {EmbeddingOutcome} from '../embedding/embedding-job.js'
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

export interface ToReport {
  readonly corpus: Corpus | undefined
  readonly name: string
  readonly request: ReplayRequest
  readonly done: Done
  readonly vectors?: VectorOutcome | undefined
  readonly notes?: readonly string[] | undefined
  readonly startedAt: number
}

/** All of it, for whoever asked for the replay. */
export async function replayReport(
  services: Pick<Services, 'clock' | 'store'>,
  facts: ToReport,
): Promise<ReplayReport> {
  const {corpus, name, request, done, vectors = SKIPPED, notes = []} = facts
  const stored = await storedFacts(services, corpus)
  const seconds = (services.clock.monotonic() - facts.startedAt) / 1000
  const asked = vectors.hits + vectors.misses
  return {
    corpus: name,
    model: stored.model,
    dimension: stored.dimension,
    dryRun: request.dryRun === true,
    files: done.files.map(fileReport),
    inserted: sum(done, 'inserted'),
    skipped: sum(done, 'skipped'),
    duplicates: sum(done, 'duplicates'),
    failed: sum(done, 'failed'),
    dummies: vectors.dummies,
    chunks: stored.chunks,
    cache: {
      embedHits: vectors.hits,
      embedMisses: vectors.misses,
      hitRate: asked > 0 ? vectors.hits / asked : 0,
    },
    checkpoints: vectors.checkpoints,
    seconds,
    recordsPerSecond: sum(done, 'records') / Math.max(seconds, 1e-3),
    failures: done.files.flatMap((file) => file.failures).slice(0, 1000),
    notes: [...notes, ...vectors.notes, ...missing(corpus, stored.chunks.pending, vectors)],
    interrupted: done.interrupted || vectors.interrupted,
    ...(vectors.failure ? {failure: vectors.failure} : {}),
  }
}

type Counted = 'inserted' | 'skipped' | 'duplicates' | 'failed' | 'records'

const sum = ({files}: Done, key: Counted): number => files.reduce((total, file) => total + file[key], 0)

async function storedFacts(
  services: Pick<Services, 'store'>,
  corpus: Corpus | undefined,
): Promise<Pick<ReplayReport, 'model' | 'dimension' | 'chunks'>> {
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
function missing(corpus: Corpus | undefined, pending: number, {failure}: VectorOutcome): readonly string[] {
  if (!corpus || pending === 0 || failure) return []
  return [
    `${pending} chunks of "${corpus.name}" have no vector: the model ${corpus.settings.model} can't make them here; keyword search finds them.`,
  ]
}
