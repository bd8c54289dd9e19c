import type {EmbeddingVersion} from '../../model/embedding.js'
import {isAbout, RagError, reasonOf} from '../../model/errors.js'
import type {Segment} from '../../model/segment.js'
import {cosine} from '../../model/vector.js'
import type {OpenSegment} from '../../ports/vector-index.js'
import type {Diagnosis} from './diagnosis.js'
import {
  fileUnreadable,
  segmentDamaged,
  segmentDisagrees,
  segmentUnreachable,
  vectorFlipped,
  type FlippedVector,
} from './findings.js'
import {beforeFlip} from './flipped-bit.js'
import type {InspectionTools} from './inspection.js'

/** So near is a vector to itself, in the single precision of an index. */
const SAME = 1 - 1e-5
const LEAST_SAMPLE = 20
/** Asked for so many, an index searches beyond its usual reach, and then far beyond it. */
const FAR = [100, 1000]
/** A graph of neighbours leaves some few out of reach; so large a share of them makes answers worse. */
const TOLERATED = 0.05

export interface SegmentCheck {
  readonly version: EmbeddingVersion
  readonly segment: Segment
  /** Share of its vectors that are searched for by themselves. */
  readonly sample: number
  /** Live seqs of the version, ascending. */
  readonly liveSeqs: () => Promise<Uint32Array>
  /** Which of the vectors are sampled, 0–1: another in each run. */
  readonly turn: number
}

/**
 * Checks one segment: size and SHA-256, whether it loads, whether it holds each live vector of its range and none out of
 * it, and whether sampled vectors are as stored and find themselves. Nothing when it is whole, or not published any more.
 */
export async function checkSegment(
  tools: InspectionTools,
  check: SegmentCheck,
): Promise<readonly Diagnosis[]> {
  const {segment, version} = check
  const place = {corpusId: version.corpusId, segment}
  const opened = await open(tools, segment)
  if ('damage' in opened) return (await isGone(tools, segment)) ? [] : [segmentDamaged(place, opened.damage)]
  if ('unreadable' in opened) return [fileUnreadable(`indexes/${segment.file}`, opened.unreadable)]
  try {
    const live = within(await check.liveSeqs(), segment)
    const labels = labelFault(opened.part, segment, live)
    const found = labels === undefined ? await searchAll(tools, opened.part, check, live) : NOTHING
    const why = labels ?? found.fault
    if ((why !== undefined || found.flipped.length > 0) && (await isGone(tools, segment))) return []
    const flipped = found.flipped.map((row) => vectorFlipped(version, row))
    if (why !== undefined) return [...flipped, segmentDisagrees(place, why)]
    return found.missed > TOLERATED * found.asked
      ? [...flipped, segmentUnreachable(place, found.missed, found.asked)]
      : flipped
  } finally {
    opened.part.close()
  }
}

async function open(
  {indexFiles, loader}: InspectionTools,
  segment: Segment,
): Promise<{part: OpenSegment} | {damage: string} | {unreadable: string}> {
  try {
    const check = await indexFiles.check(segment)
    if (!check.ok) return {damage: check.reason}
    return {part: await loader.open(indexFiles.path(segment.file), segment)}
  } catch (error) {
    if (isAbout(error, 'stored')) return {damage: reasonOf(error)}
    if (error instanceof RagError && error.code === 'STORE_UNUSABLE') return {unreadable: reasonOf(error)}
    throw error
  }
}

/** Replaced or dropped while it was checked: its file may be gone, or another's. */
async function isGone({store}: InspectionTools, {id, versionId}: Segment): Promise<boolean> {
  return !(await store.listSegments(versionId)).some((segment) => segment.id === id)
}

function within(seqs: Uint32Array, {firstSeq, lastSeq}: Segment): Uint32Array {
  return seqs.subarray(lowerBound(seqs, firstSeq), lowerBound(seqs, lastSeq + 1))
}

function lowerBound(seqs: Uint32Array, seq: number): number {
  let [low, high] = [0, seqs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (seqs[middle]! < seq) low = middle + 1
    else high = middle
  }
  return low
}

function labelFault(part: OpenSegment, segment: Segment, live: Uint32Array): string | undefined {
  const seqs = part.seqs().sort()
  if (seqs.length !== segment.count) return `it holds ${seqs.length} labels for ${segment.count} vectors`
  for (const [i, seq] of seqs.entries()) {
    if (i > 0 && seq === seqs[i - 1]) return `it holds vector ${seq} twice`
    if (seq < segment.firstSeq || seq > segment.lastSeq)
      return `it holds vector ${seq}, which is not of its range`
  }
  let missing = 0
  let at = 0
  for (const seq of live) {
    while (at < seqs.length && seqs[at]! < seq) at++
    if (seqs[at] !== seq) missing++
  }
  return missing > 0 ? `it lacks ${missing} of the ${live.length} vectors of its range` : undefined
}

interface Searched {
  readonly fault?: string | undefined
  readonly asked: number
  readonly missed: number
  readonly flipped: readonly FlippedVector[]
}

const NOTHING: Searched = {asked: 0, missed: 0, flipped: []}

async function searchAll(
  {store}: InspectionTools,
  part: OpenSegment,
  {version, sample, turn}: SegmentCheck,
  live: Uint32Array,
): Promise<Searched> {
  const seqs = choose(live, sample, turn)
  const flipped: FlippedVector[] = []
  const counts = {asked: seqs.length, flipped}
  let missed = 0
  for (let from = 0; from < seqs.length; from += 500) {
    const chunks = await store.chunksOfSeqs(version.id, seqs.slice(from, from + 500))
    const vectors = await store.vectorsOfChunks(version.id, [...chunks.values()])
    for (const [seq, chunkId] of chunks) {
      const stored = vectors.get(chunkId)
      // Replaced meanwhile, or not usable at all, which the check of the vectors reports.
      if (!stored || !hasDirection(stored)) continue
      const found = search(part, seq, stored)
      if (found === 'other') {
        const vector = beforeFlip(stored, part.vectorOf(seq) ?? NO_VECTOR)
        if (!vector) return {...counts, missed, fault: `its vector ${seq} is not the stored one`}
        flipped.push({seq, vector})
      }
      if (found === 'missed') missed++
    }
  }
  return {...counts, missed}
}

const NO_VECTOR = new Float32Array(0)

/** Whether a segment holds a vector as it is stored, and a search for it finds it, or one that is equal to it. */
function search(part: OpenSegment, seq: number, stored: Float32Array): 'found' | 'missed' | 'other' {
  const [nearest] = part.search(stored, 1)
  const isFound = nearest !== undefined && nearest.score >= SAME
  // Under its own number, and as near as that: it is the stored one, too.
  if (isFound && nearest.seq === seq) return 'found'
  const held = part.vectorOf(seq)
  if (!held || cosine(held, stored) < SAME) return 'other'
  return isFound || FAR.some((k) => isAmong(part, stored, k)) ? 'found' : 'missed'
}

function choose(live: Uint32Array, sample: number, turn: number): number[] {
  const wanted = Math.min(live.length, Math.max(LEAST_SAMPLE, Math.ceil(sample * live.length)))
  const stride = live.length / Math.max(1, wanted)
  return Array.from({length: wanted}, (_, i) => live[Math.floor((i + turn) * stride) % live.length]!)
}

function hasDirection(vector: Float32Array): boolean {
  const squares = vector.reduce((sum, value) => sum + value * value, 0)
  return squares > 0 && Number.isFinite(squares)
}

function isAmong(part: OpenSegment, vector: Float32Array, k: number): boolean {
  return part.search(vector, Math.min(part.count, k)).some(({score}) => score >= SAME)
}
