import type {KnownSource} from '../model/document.js'
import type {Candidate} from './collect-inputs.js'

/** A file whose time stamp is this close to when it was read may have been written again within the same tick. */
const RACY_MS = 2000

export interface PlanOptions {
  readonly force: boolean
  readonly checksum: boolean
  /** Fingerprint of what prepares documents now. */
  readonly pipeline: string
}

/** A file to be looked into, with what is stored of it. */
export interface WorkItem {
  readonly candidate: Candidate
  readonly known?: KnownSource | undefined
}

export interface PlannedWork {
  /** In the order of the candidates. */
  readonly work: readonly WorkItem[]
  /** Files that are the same by size and time. */
  readonly unchanged: number
}

/** Tells by the list alone which files need to be read. Pure. */
export function planIngest(
  candidates: readonly Candidate[],
  known: ReadonlyMap<string, KnownSource>,
  options: PlanOptions,
): PlannedWork {
  const work: WorkItem[] = []
  let unchanged = 0
  for (const candidate of candidates) {
    const stored = known.get(candidate.docId)
    if (stored && !options.force && !options.checksum && looksUnchanged(candidate, stored, options.pipeline))
      unchanged++
    else work.push(stored ? {candidate, known: stored} : {candidate})
  }
  return {work, unchanged}
}

/** Files that are in the corpus already, under another id: taken from another folder above or below, most likely. Pure. */
export function storedElsewhere(
  candidates: readonly Candidate[],
  known: ReadonlyMap<string, KnownSource>,
): readonly {readonly docId: string; readonly other: string}[] {
  const owners = new Map([...known.values()].map(({docId, source}) => [source.source, docId]))
  return candidates.flatMap(({docId, file}) => {
    const other = owners.get(file.absolutePath)
    return other === undefined || other === docId || known.has(docId) ? [] : [{docId, other}]
  })
}

function looksUnchanged({file, root}: Candidate, {source}: KnownSource, pipeline: string): boolean {
  return (
    source.sizeBytes === file.sizeBytes &&
    source.mtimeMs === file.mtimeMs &&
    source.source === file.absolutePath &&
    source.root === root &&
    source.pipeline === pipeline &&
    source.readAtMs !== undefined &&
    source.readAtMs - file.mtimeMs > RACY_MS
  )
}
