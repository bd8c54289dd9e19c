import {rowsLeftOut} from '../model/errors/store/store.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {reasonOf} from '../model/errors.js'
import {uncovered} from '../model/seq-ranges.js'
import type {Segment} from '../model/segment.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {SegmentLog, StoreUpkeep, VectorStore} from '../ports/store/store.js'
import type {OpenSegment, SegmentLoader} from '../ports/vector-index.js'
import type {VectorBlock} from '../model/embedding.js'

export interface IndexTools {
  readonly store: VectorStore & SegmentLog & Pick<StoreUpkeep, 'takeDamage'>
  readonly files: ArtifactFiles
  readonly loader: SegmentLoader
  /** Makes a part that is scanned exactly. */
  readonly exact: (block: VectorBlock, dimension: number) => OpenSegment
}

/** An index opened for searching, with what had to be worked around. */
export interface OpenedIndex {
  readonly version: EmbeddingVersion
  readonly parts: readonly OpenSegment[]
  readonly segments: number
  /** Vectors that are scanned because no segment covers them. */
  readonly tail: number
  /** Vectors that are scanned because their segment is lost or damaged. */
  readonly scanned: number
  readonly problems: readonly string[]
}

type Opened = {readonly part: OpenSegment} | {readonly problem: string}

const BLOCK = 8192
/** How often the segments are listed anew because a writer replaced some of them meanwhile. */
const MOST_ATTEMPTS = 5

/**
 * Loads the segments of a version and reads its tail. Size and SHA-256 of each file are checked before the native loader
 * sees a byte. A bad file never stops a search: it is set aside, named in `problems`, and its vectors are scanned exactly.
 */
export async function openIndex(tools: IndexTools, version: EmbeddingVersion): Promise<OpenedIndex> {
  for (let attempt = 1; ; attempt++) {
    const segments = await tools.store.listSegments(version.id)
    // Side by side: one file is hashed while another is loaded by a thread of its own.
    const opened = await Promise.all(segments.map((segment) => openSegment(tools, segment)))
    const isWhole = opened.every((outcome) => 'part' in outcome)
    if (isWhole || attempt === MOST_ATTEMPTS || !(await wereReplaced(tools, version, segments)))
      return assemble(tools, version, {segments, opened})
    for (const outcome of opened) if ('part' in outcome) outcome.part.close()
  }
}

/** Whether segments were merged or rebuilt since they were listed: their files are then gone for a good reason. */
async function wereReplaced(
  {store}: IndexTools,
  version: EmbeddingVersion,
  segments: readonly Segment[],
): Promise<boolean> {
  const now = new Set((await store.listSegments(version.id)).map(({id}) => id))
  return segments.some(({id}) => !now.has(id))
}

async function assemble(
  tools: IndexTools,
  version: EmbeddingVersion,
  {segments, opened}: {readonly segments: readonly Segment[]; readonly opened: readonly Opened[]},
): Promise<OpenedIndex> {
  const parts: OpenSegment[] = []
  const problems: string[] = []
  let scanned = 0
  for (const [i, outcome] of opened.entries()) {
    if ('part' in outcome) {
      parts.push(outcome.part)
      continue
    }
    problems.push(outcome.problem)
    const block = await readRange(tools, version, {from: segments[i]!.firstSeq, to: segments[i]!.lastSeq})
    scanned += block.seqs.length
    parts.push(tools.exact(block, version.dimension))
  }
  let tail = 0
  for (const range of uncovered(segments)) {
    const block = await readRange(tools, version, range)
    if (block.seqs.length === 0) continue
    tail += block.seqs.length
    parts.push(tools.exact(block, version.dimension))
  }
  // Said by every search through this index.
  const damaged = tools.store.takeDamage()
  if (damaged.length > 0) problems.push(rowsLeftOut(damaged))
  return {version, parts, segments: segments.length, tail, scanned, problems}
}

async function openSegment({store, files, loader}: IndexTools, segment: Segment): Promise<Opened> {
  const check = await files.check(segment)
  let reason = check.ok ? undefined : check.reason
  if (reason === undefined) {
    try {
      return {part: await loader.open(files.path(segment.file), segment)}
    } catch (error) {
      if (!isDamage(error)) throw error
      reason = reasonOf(error)
    }
  }
  // Replaced meanwhile, the file may be another's by now.
  const isPublished = (await store.listSegments(segment.versionId)).some(({id}) => id === segment.id)
  if (isPublished) await files.setAside(segment.file)
  return {
    problem: `Index segment ${segment.file} can't be used (${reason}); its ${segment.count} vectors were compared one by one. No document is lost; the next ingest builds it anew.`,
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'INDEX_DAMAGED'
}

async function readRange(
  {store}: IndexTools,
  version: EmbeddingVersion,
  range: {readonly from: number; readonly to: number},
): Promise<VectorBlock> {
  const blocks: VectorBlock[] = []
  for await (const block of store.readVectors(version.id, {...range, leaveOutDamaged: true}, BLOCK))
    blocks.push(block)
  if (blocks.length === 1) return blocks[0]!
  const count = blocks.reduce((sum, block) => sum + block.seqs.length, 0)
  const seqs = new Uint32Array(count)
  const vectors = new Float32Array(count * version.dimension)
  let at = 0
  for (const block of blocks) {
    seqs.set(block.seqs, at)
    vectors.set(block.vectors, at * version.dimension)
    at += block.seqs.length
  }
  return {seqs, vectors}
}
