import type {Corpus} from '../../model/corpus.js'
import type {EmbeddingVersion} from '../../model/embedding.js'
import type {Segment} from '../../model/segment.js'
import {checkModel} from './check-model.js'
import {checkSegment} from './check-segment.js'
import {fewAtOnce} from '../../kernel/few-at-once.js'
import type {Inspection} from './inspection.js'

/** One is hashed while another is loaded, each by a thread of its own, and this one asks a third for what it holds. */
const SIDE_BY_SIDE = 3
/** So many are in memory at a time. */
const OPEN_AT_ONCE = 2

export interface FilesCheck {
  readonly corpora: readonly Corpus[]
  readonly sample: number
}

/** Files that were found whole, by the ids of their rows. */
export interface WholeFiles {
  readonly segments: number[]
  readonly models: number[]
}

interface FileToCheck {
  readonly version: EmbeddingVersion
  /** Absent for the version's model. */
  readonly segment?: Segment | undefined
  readonly verifiedAtMs: number
}

/**
 * Checks all index segments and model files, those checked longest ago first. At least one is checked, however little
 * time there is: night after night, all get their turn.
 */
export async function checkFiles(inspection: Inspection, check: FilesCheck): Promise<WholeFiles> {
  const whole: WholeFiles = {segments: [], models: []}
  const queue = (await inspection.guard('rag.db', () => listFiles(inspection, check.corpora))) ?? []
  inspection.expect(queue.length)
  const checkNext = fileCheck(inspection, check, whole)
  let next = 0
  const lane = async (): Promise<void> => {
    while (
      next < queue.length &&
      (next === 0 || !inspection.budget.isSpent) &&
      !inspection.budget.isInterrupted
    )
      await checkNext(queue[next++]!)
  }
  await Promise.all(Array.from({length: SIDE_BY_SIDE}, lane))
  if (next < queue.length) inspection.isComplete = false
  return whole
}

async function listFiles({tools}: Inspection, corpora: readonly Corpus[]): Promise<FileToCheck[]> {
  const {segments: ofSegments, models: ofModels} = await tools.store.verifiedAt()
  const now = tools.clock.now()
  // A time in the future is of a clock that was set back since: it counts as never, or the file's turn would not come until then.
  const past = (atMs = 0): number => (atMs > now ? 0 : atMs)
  const files: FileToCheck[] = []
  for (const corpus of corpora)
    for (const version of await tools.store.listEmbeddingVersions(corpus.id)) {
      if (version.modelFile) files.push({version, verifiedAtMs: past(ofModels.get(version.id))})
      for (const segment of await tools.store.listSegments(version.id))
        files.push({version, segment, verifiedAtMs: past(ofSegments.get(segment.id))})
    }
  return files.sort((a, b) => a.verifiedAtMs - b.verifiedAtMs)
}

function fileCheck(
  inspection: Inspection,
  {sample}: FilesCheck,
  whole: WholeFiles,
): (file: FileToCheck) => Promise<void> {
  const tools = {...inspection.tools, loader: fewAtOnce(inspection.tools.loader, OPEN_AT_ONCE)}
  const turn = (tools.clock.now() % 1000) / 1000
  const live = new Map<number, Promise<Uint32Array>>()
  const liveSeqs = (versionId: number): Promise<Uint32Array> => {
    let seqs = live.get(versionId)
    if (!seqs) live.set(versionId, (seqs = tools.store.seqsWhere(versionId, [])))
    return seqs
  }
  return async ({version, segment}) => {
    const file = segment ?? version.modelFile!
    await inspection.guard(segment ? `indexes/${file.file}` : `models/${file.file}`, async () => {
      const found = segment
        ? await checkSegment(tools, {version, segment, sample, turn, liveSeqs: () => liveSeqs(version.id)})
        : await checkModel(tools, version)
      inspection.add(...found)
      if (found.every(({finding}) => finding.severity !== 'error')) {
        if (segment) whole.segments.push(segment.id)
        else whole.models.push(version.id)
      }
    })
    inspection.checked.files++
    inspection.checked.bytes += file.sizeBytes
    inspection.step()
  }
}
