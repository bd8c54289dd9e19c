import {firstValidRun, type ExportedFile, type ExportManifest} from '../../export/export-manifest.js'

/**
 * What became of a batch that a manifest names: `taken` whole by this call, or by one `before`; `failed`; `unnamed`: it lies there, and the
 * call was not asked to take it; `missing`: it is not there, and nobody knows of its having been taken.
 */
export type BatchFate = 'taken' | 'before' | 'failed' | 'unnamed' | 'missing'

export interface StandingBatch extends ExportedFile {
  readonly path: string
  readonly fate: BatchFate
}

/** An export, and how much of it has been taken. */
export interface ExportStanding {
  readonly manifest: ExportManifest
  /** All that count: not those that a later run, by another model, brings anew. */
  readonly batches: readonly StandingBatch[]
}

/** An export that was made at once counts as one run. */
const ONLY_RUN = 0

const runsOf = ({
  runs,
  deleted = [],
}: ExportManifest): readonly {readonly run: number; readonly deleted: readonly string[]}[] =>
  runs ?? [{run: ONLY_RUN, deleted}]

const runOf = ({run = ONLY_RUN}: Pick<ExportedFile, 'run'>): number => run

/**
 * Ids that may go now: what runs name as deleted, from the first on that a batch was taken of by this call. A run that is not whole deletes
 * nothing, nor does one after a run with a missing batch: a document that was renamed may have its new name only there. A run that brings
 * every document anew stands for those before it.
 */
export function deletionsOf({manifest, batches}: ExportStanding): readonly string[] {
  const taken = batches.filter(({fate}) => fate === 'taken').map(runOf)
  if (taken.length === 0) return []
  const first = Math.min(...taken)
  const valid = manifest.runs ? firstValidRun(manifest) : ONLY_RUN
  const from = first === valid ? ONLY_RUN : first
  const brokenFrom = Math.min(Infinity, ...batches.filter(({fate}) => fate === 'missing').map(runOf))
  const broken = new Set(batches.filter((batch) => !isWhole(batch)).map(runOf))
  return runsOf(manifest)
    .filter(({run}) => run >= from && run < brokenFrom && !broken.has(Math.max(run, valid)))
    .flatMap(({deleted}) => deleted)
}

/** Of a batch without a record nothing can be missing as long as it is there. */
const isWhole = ({fate, records}: StandingBatch): boolean =>
  fate === 'taken' || fate === 'before' || (fate === 'unnamed' && records === 0)

export const missingIn = (standings: readonly ExportStanding[]): readonly StandingBatch[] =>
  standings.flatMap(({batches}) => batches.filter(({fate}) => fate === 'missing'))

/** Batches with records that lie beside those that were taken, and that nobody asked for. */
export const unnamedIn = (standings: readonly ExportStanding[]): readonly StandingBatch[] =>
  standings.flatMap(({batches}) => batches.filter(({fate, records}) => fate === 'unnamed' && records > 0))

/** Batches that were taken before, of later runs than the earliest of those that are due. */
export function laterThan({batches}: ExportStanding, due: ReadonlySet<string>): readonly StandingBatch[] {
  const earliest = Math.min(Infinity, ...batches.filter(({path}) => due.has(path)).map(runOf))
  return batches.filter(
    (batch) =>
      batch.fate === 'before' && batch.records > 0 && !due.has(batch.path) && runOf(batch) > earliest,
  )
}

/** By run, where the batches of one folder were gathered: a later run has the newer documents. */
export const inRunOrder = (batches: readonly StandingBatch[]): readonly StandingBatch[] =>
  [...batches].sort((a, b) => runOf(a) - runOf(b))
