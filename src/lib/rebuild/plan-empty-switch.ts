import type {CorpusSettings} from '../model/corpus.js'
import {sameSpec, type EmbeddingVersion} from '../model/embedding.js'

/** What `planEmptySwitch` goes by. */
export interface EmptySwitchFacts {
  /** Live chunks of the corpus. */
  readonly chunks: number
  readonly versions: readonly EmbeddingVersion[]
  /** Of the corpus once it is embedded anew. */
  readonly settings: CorpusSettings
}

/** How a corpus without text goes over to another model. */
export interface EmptySwitchPlan {
  /** Versions of other models, the live one among them; what is kept stays. */
  readonly drop: readonly EmbeddingVersion[]
  readonly settings: CorpusSettings
}

/**
 * A corpus without text has nothing to learn a model from and nothing to embed: it changes its settings, and the next ingest begins with the
 * new model. Undefined when there is text. Pure.
 */
export function planEmptySwitch({chunks, versions, settings}: EmptySwitchFacts): EmptySwitchPlan | undefined {
  if (chunks > 0) return undefined
  const isOfModel = ({spec}: EmbeddingVersion): boolean => spec !== undefined && sameSpec(spec, settings)
  return {drop: versions.filter((version) => !version.kept && !isOfModel(version)), settings}
}
