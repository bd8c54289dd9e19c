import {withSpec} from '../corpus/corpus-settings.js'
import {canEmbed} from '../embedding/open-embedder.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import {keptVersion, type EmbeddingVersion, type ModelSpec} from '../model/embedding.js'
import {keptModelDamaged} from '../model/errors/model/learned-model.js'
import {nothingKept} from '../model/errors/corpus/rebuild.js'

/** What `planRollback` goes by. */
export interface RollbackFacts {
  readonly corpus: Corpus
  readonly versions: readonly EmbeddingVersion[]
  /** Live chunks without a vector in the kept version. */
  readonly missing: number
  /** The learned model of the kept version is missing, damaged, or of another version of rag. */
  readonly isDamaged: boolean
}

/** What a rollback does, step by step. */
export interface RollbackPlan {
  /** Unfinished versions: the next ingest would promote them, which is not what is asked for. */
  readonly drop: readonly EmbeddingVersion[]
  /** The kept version. What it lacks is embedded first, where its model can do that. */
  readonly into: EmbeddingVersion
  /** How it is promoted. The live version becomes the kept one. */
  readonly promotion: {
    readonly keepOld: true
    readonly allowPending: boolean
    /** Of the corpus from then on: those of the version's model. */
    readonly settings: CorpusSettings
  }
  /** Chunks that stay without a vector, for a person. */
  readonly notes: readonly string[]
}

/**
 * Back to the kept version. Pure.
 * @throws RagError USAGE when none is kept | MODEL_DAMAGED when its model can't be used
 */
export function planRollback({corpus, versions, missing, isDamaged}: RollbackFacts): RollbackPlan {
  const kept = keptVersion(versions)
  if (!kept) throw nothingKept(corpus.name)
  if (isDamaged) throw keptModelDamaged(corpus, kept)
  const settings = withSpec(corpus.settings, specOfVersion(kept))
  // The model that the corpus has now must not add to the vectors of another one.
  const allowPending = !canEmbed({...corpus, settings}, kept)
  return {
    drop: versions.filter(({state}) => state === 'building'),
    into: kept,
    promotion: {keepOld: true, allowPending, settings},
    notes: allowPending && missing > 0 ? [stillMissing(missing)] : [],
  }
}

function specOfVersion({provider, model, spec}: EmbeddingVersion): ModelSpec {
  return spec ?? {model: provider === 'external' ? `external:${model}` : model}
}

const stillMissing = (missing: number): string =>
  `${missing} chunks came after that version was in use and have no vector of it; only keyword search finds them.`
