import {requireCorpus} from '../corpus/require-corpus.js'
import {foreseenFacts} from '../embedding/embedding-facts.js'
import {isUsable} from '../embedding/model-is-usable.js'
import type {EmbeddingFacts} from '../embedding/plan-embedding.js'
import {inspectPieces} from '../indexing/compact-segments.js'
import {indexFacts, type IndexFacts} from '../indexing/index-facts.js'
import type {Piece} from '../indexing/plan-compaction.js'
import type {SegmentRebuildFacts} from '../indexing/plan-segment-rebuild.js'
import {inspectForRebuild} from '../indexing/rebuild-segments.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import type {RebuildRequest} from '../model/operations/rebuild.js'
import type {Services} from '../ports/services.js'
import type {Store} from '../ports/store/store.js'
import {FILL, settingsToEmbedBy} from './rebuild-request.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'indexFiles' | 'modelFiles' | 'models' | 'store' | 'threads'>

interface CommonFacts {
  readonly corpus: Corpus
  readonly index: IndexFacts
  /** Most builds at once. */
  readonly threads: number
}

/** What `planRebuild` goes by. */
export type RebuildFacts = CommonFacts &
  (
    | {
        readonly action: 'rebuild'
        /** Of the live version. */
        readonly rebuild?: SegmentRebuildFacts | undefined
      }
    | {
        readonly action: 'compact'
        /** Of the live version. */
        readonly pieces?: readonly Piece[] | undefined
      }
    | ({readonly action: 'fill'} & VersionFacts)
    | {
        readonly action: 'rollback'
        readonly versions: readonly EmbeddingVersion[]
        /** Chunks that the kept version lacks, its segments, and whether its learned model can't be used. */
        readonly kept: {readonly missing: number; readonly segments: number; readonly isDamaged: boolean}
      }
  )

/** What the version is chosen by that vectors go into. */
interface VersionFacts {
  readonly embedding: EmbeddingFacts
  /** Chunks that the unfinished version lacks. */
  readonly unfinished: number
}

/** What `planReembed` goes by. */
export interface ReembedFacts extends CommonFacts, VersionFacts {
  /** Of the corpus once it is embedded anew. */
  readonly settings: CorpusSettings
  readonly keepOld: boolean
}

/** A rebuild that is planned as a whole under one lease. */
export type PlannedAction = RebuildFacts['action']

/**
 * Gathers what `planRebuild` goes by. Reads only, and takes no lease: under one, the facts hold until it is given back.
 * @throws RagError CORPUS_MISSING
 */
export async function inspectRebuild(
  services: Needs,
  name: string,
  action: PlannedAction,
): Promise<RebuildFacts> {
  const store = await services.store.read()
  const corpus = await requireCorpus(store, name)
  const {threads, indexFiles: files} = services
  const index = await indexFacts(store, corpus)
  const {live, kept} = index
  const common = {corpus, index, threads}
  switch (action) {
    case 'rebuild':
      if (!live) return {...common, action}
      return {...common, action, rebuild: await inspectForRebuild({store, files}, {version: live, threads})}
    case 'compact':
      if (!live) return {...common, action}
      return {
        ...common,
        action,
        pieces: await inspectPieces(store, {version: live, threads, everything: true}),
      }
    case 'fill': {
      const embedding = await foreseenFacts(services, corpus, FILL)
      return {...common, action, embedding, unfinished: await unfinishedChunks(store, index)}
    }
    case 'rollback': {
      const versions = await store.listEmbeddingVersions(corpus.id)
      const missing = kept ? await store.countPending(corpus.id, kept.id) : 0
      const segments = kept ? (await store.listSegments(kept.id)).length : 0
      const isDamaged = kept?.modelFile !== undefined && !(await isUsable(services, kept))
      return {...common, action, versions, kept: {missing, segments, isDamaged}}
    }
  }
}

/**
 * Gathers what `planReembed` goes by. Reads only, and takes no lease.
 * @throws RagError CORPUS_MISSING | MODEL_UNKNOWN | MODEL_MISMATCH
 */
export async function inspectReembed(services: Needs, request: RebuildRequest): Promise<ReembedFacts> {
  const store = await services.store.read()
  const corpus = await requireCorpus(store, request.corpus)
  const index = await indexFacts(store, corpus)
  const settings = settingsToEmbedBy(corpus, request)
  const keepOld = request.keepOld === true
  const embedding = await foreseenFacts(services, {...corpus, settings}, {renew: {keepOld}})
  const unfinished = await unfinishedChunks(store, index)
  return {corpus, index, threads: services.threads, settings, keepOld, embedding, unfinished}
}

async function unfinishedChunks(store: Store, {building}: IndexFacts): Promise<number> {
  return building ? store.countPending(building.corpusId, building.id) : 0
}
