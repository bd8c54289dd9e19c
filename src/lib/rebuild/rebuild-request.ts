import type {Corpus, CorpusSettings} from '../model/corpus.js'
import {cannotReembed, modelNeedsVectors} from '../model/errors/corpus/model.js'
import {type RagError} from '../model/errors/rag-error.js'
import {
  compactAlone,
  needsReembed,
  onlyMissingKeepsVectors,
  rollbackAlone,
} from '../model/errors/corpus/rebuild.js'
import type {RebuildAction, RebuildRequest} from '../model/operations/rebuild.js'
import {specOf} from '../model/embedding.js'
import {effectiveSettings, withSpec} from '../corpus/corpus-settings.js'

/** Flags that go together with no others, or only with some. */
const RULES: readonly {
  readonly isBroken: (request: RebuildRequest) => boolean
  readonly refusal: () => RagError
}[] = [
  {
    isBroken: (it) => it.rollback === true && (it.compact === true || embeds(it) || renews(it)),
    refusal: rollbackAlone,
  },
  {isBroken: (it) => it.compact === true && (embeds(it) || renews(it)), refusal: compactAlone},
  {isBroken: (it) => it.onlyMissing === true && renews(it), refusal: onlyMissingKeepsVectors},
  {isBroken: (it) => !it.reembed && renews(it), refusal: needsReembed},
]

const embeds = ({reembed, onlyMissing}: RebuildRequest): boolean => reembed === true || onlyMissing === true
const renews = ({model, keepOld}: RebuildRequest): boolean => model !== undefined || keepOld === true

/** How vectors that are missing are filled in: by the model in use. */
export const FILL = {noRefit: true} as const

/** What is asked for. @throws RagError USAGE for flags that contradict each other */
export function actionOf(request: RebuildRequest): RebuildAction {
  for (const {isBroken, refusal} of RULES) if (isBroken(request)) throw refusal()
  if (request.rollback) return 'rollback'
  if (request.compact) return 'compact'
  if (request.onlyMissing) return 'fill'
  return request.reembed ? 'reembed' : 'rebuild'
}

/**
 * The settings of the corpus once it is embedded by another model.
 * @throws RagError MODEL_UNKNOWN | MODEL_MISMATCH when the model can't make vectors from the stored texts
 */
export function settingsToEmbedBy(
  corpus: Corpus,
  {model, modelOptions}: Pick<RebuildRequest, 'model' | 'modelOptions'>,
): CorpusSettings {
  const spec = model === undefined ? specOf(corpus.settings) : {model}
  const settings = effectiveSettings(withSpec(corpus.settings, {...spec, ...modelOptions}), undefined)
  if (!settings.model.startsWith('external:')) return settings
  throw model === undefined || model === corpus.settings.model
    ? cannotReembed(corpus, corpus.settings.model)
    : modelNeedsVectors(corpus, settings.model)
}
