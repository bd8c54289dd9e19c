import {notWholeInRange} from '../model/errors/request/search.js'
import {chunkOverlapOutOfRange, modelTakesNoWays} from '../model/errors/corpus/settings.js'
import {weightOutOfRange} from '../model/errors/request/search.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import {LEARNED_MODEL, modelOrigin, sameSpec, specOf, type ModelSpec} from '../model/embedding.js'
import {corpusModelFixed, type ModelUse} from '../model/errors/corpus/model.js'
import {addressHoldsPassword} from '../model/errors/request/settings.js'
import {holdsPassword} from '../model/secrets/addresses.js'
import {modelUnknown} from '../model/errors/corpus/model.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'

const DEFAULTS: CorpusSettings = {model: LEARNED_MODEL, chunkSize: 256, chunkOverlap: 32, dimension: 256}

const MIN_CHUNK_SIZE = 8
const MAX_CHUNK_SIZE = 8192

/** What a new corpus is built with. @throws RagError USAGE | MODEL_UNKNOWN */
export function newSettings(given: Partial<CorpusSettings> | undefined): CorpusSettings {
  return effectiveSettings(DEFAULTS, given)
}

/** Settings given now laid over those of the corpus. @throws RagError USAGE | MODEL_UNKNOWN */
export function effectiveSettings(
  base: CorpusSettings,
  given: Partial<CorpusSettings> | undefined,
): CorpusSettings {
  const settings = {...base, ...given}
  const {chunkSize, chunkOverlap, vectorWeight = 0} = settings
  if (!Number.isInteger(chunkSize) || chunkSize < MIN_CHUNK_SIZE || chunkSize > MAX_CHUNK_SIZE)
    throw notWholeInRange('--chunk-size', chunkSize, [MIN_CHUNK_SIZE, MAX_CHUNK_SIZE])
  if (!Number.isInteger(chunkOverlap) || chunkOverlap < 0 || chunkOverlap >= chunkSize)
    throw chunkOverlapOutOfRange(chunkOverlap, chunkSize)
  if (!(vectorWeight >= 0 && vectorWeight <= 1)) throw weightOutOfRange(vectorWeight)
  requireUsable(settings)
  return settings
}

function requireUsable(spec: ModelSpec): void {
  if (!/^(?!external:$)\S(.*\S)?$/.test(spec.model)) throw modelUnknown(spec.model)
  if (holdsPassword(spec.model))
    throw addressHoldsPassword({what: '--model', address: spec.model, variable: 'EMBED_API_KEY'})
  if (modelOrigin(spec) !== 'served' && Object.keys(specOf(spec)).length > 1)
    throw modelTakesNoWays(spec.model)
}

/** The settings with another model's name and ways of use in the place of their own. */
export function withSpec(settings: CorpusSettings, spec: ModelSpec): CorpusSettings {
  const keys = Object.keys(specOf(settings))
  const rest = Object.entries(settings).filter(([key]) => !keys.includes(key))
  return {...(Object.fromEntries(rest) as unknown as CorpusSettings), ...specOf(spec)}
}

/**
 * Keeps explicitly given settings with the corpus. As long as it has no vectors, its model may be another one.
 * @throws RagError MODEL_MISMATCH when another model is asked for than that of its vectors
 */
export async function mergeSettings(
  store: Store,
  corpus: Corpus,
  {given, lease}: {readonly given: Partial<CorpusSettings> | undefined; readonly lease: Lease},
): Promise<Corpus> {
  const merged = effectiveSettings(corpus.settings, given)
  if (!sameSpec(merged, corpus.settings) && (await store.listEmbeddingVersions(corpus.id)).length > 0)
    throw corpusModelFixed(corpus.name, useOf(corpus.settings), useOf(merged))
  const same = Object.entries(merged).every(
    ([key, value]) => corpus.settings[key as keyof CorpusSettings] === value,
  )
  return same ? corpus : store.updateSettings(corpus.id, merged, lease)
}

const useOf = (settings: CorpusSettings): ModelUse => ({model: settings.model, ways: waysOfUse(settings)})

const waysOfUse = (settings: CorpusSettings): string =>
  Object.entries(specOf(settings))
    .filter(([key]) => key !== 'model')
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ') || 'its defaults'
