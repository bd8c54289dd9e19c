import {requireCorpus} from '../corpus/require-corpus.js'
import {isUsable} from '../embedding/model-is-usable.js'
import {inspectPieces} from '../indexing/compact-segments.js'
import {indexFacts, type IndexFacts} from '../indexing/index-facts.js'
import type {Piece} from '../indexing/plan-compaction.js'
import type {SegmentRebuildFacts} from '../indexing/plan-segment-rebuild.js'
import {inspectForRebuild} from '../indexing/rebuild-segments.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import type {RebuildAction, RebuildRequest} from '../model/operations/rebuild.js'
import type {Services} from '../ports/services.js'
import type {Store} from '../ports/store/store.js'
import {actionOf, settingsToEmbedBy} from './rebuild-request.js'

/** What this asks for. */
type Needs = Pick<Services, 'indexFiles' | 'modelFiles' | 'models'>

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
    | {readonly action: 'fill'}
    | {
        readonly action: 'reembed'
        /** Of the corpus once it is embedded anew. */
        readonly settings: CorpusSettings
        readonly keepOld: boolean
        readonly versions: readonly EmbeddingVersion[]
        /** Chunks that the unfinished version lacks. */
        readonly unfinished: number
      }
    | {
        readonly action: 'rollback'
        readonly versions: readonly EmbeddingVersion[]
        /** Chunks that the kept version lacks, its segments, and whether its learned model can't be used. */
        readonly kept: {readonly missing: number; readonly segments: number; readonly isDamaged: boolean}
      }
  )

/**
 * Gathers what `planRebuild` goes by. Reads only, and takes no lease: under one, the facts hold until it is given back.
 * @throws RagError USAGE | CORPUS_MISSING | MODEL_UNKNOWN | MODEL_MISMATCH
 */
export async function inspectRebuild(
  services: Needs & Pick<Services, 'threads'>,
  store: Store,
  request: RebuildRequest,
): Promise<RebuildFacts> {
  const corpus = await requireCorpus(store, request.corpus)
  const index = await indexFacts(store, corpus)
  const seen = {corpus, index, threads: services.threads}
  return INSPECTIONS[actionOf(request)](services, {...seen, store, request})
}

interface Inspection extends CommonFacts {
  readonly store: Store
  readonly request: RebuildRequest
}

const INSPECTIONS: Readonly<
  Record<RebuildAction, (services: Needs, inspection: Inspection) => Promise<RebuildFacts>>
> = {
  rebuild: async ({indexFiles: files}, {store, request: _, ...seen}) => {
    const {threads, index} = seen
    if (!index.live) return {...seen, action: 'rebuild'}
    const rebuild = await inspectForRebuild({store, files}, {version: index.live, threads})
    return {...seen, action: 'rebuild', rebuild}
  },
  compact: async (_services, {store, request: _, ...seen}) => {
    const {threads, index} = seen
    if (!index.live) return {...seen, action: 'compact'}
    const pieces = await inspectPieces(store, {version: index.live, threads, everything: true})
    return {...seen, action: 'compact', pieces}
  },
  fill: (_services, {store: _, request: __, ...seen}) => Promise.resolve({...seen, action: 'fill'}),
  reembed: async (_services, {store, request, ...seen}) => {
    const {corpus, index} = seen
    return {
      ...seen,
      action: 'reembed',
      settings: settingsToEmbedBy(corpus, request),
      keepOld: request.keepOld === true,
      versions: await store.listEmbeddingVersions(corpus.id),
      unfinished: index.building ? await store.countPending(corpus.id, index.building.id) : 0,
    }
  },
  rollback: async (services, {store, request: _, ...seen}) => {
    const {corpus, index} = seen
    const {kept} = index
    const versions = await store.listEmbeddingVersions(corpus.id)
    const missing = kept ? await store.countPending(corpus.id, kept.id) : 0
    const segments = kept ? (await store.listSegments(kept.id)).length : 0
    const isDamaged = kept?.modelFile !== undefined && !(await isUsable(services, kept))
    return {...seen, action: 'rollback', versions, kept: {missing, segments, isDamaged}}
  },
}
