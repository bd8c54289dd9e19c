import {cachedEmbedder, type CachedEmbedder} from './cached-embedder.js'
import type {Corpus} from '../model/corpus.js'
import {
  modelOrigin,
  type EmbedderIdentity,
  type EmbeddingVersion,
  type ModelSpec,
} from '../model/embedding.js'
import {cannotEmbedQueries, modelChanged} from '../model/errors/corpus/model.js'
import {learnedModelMissing} from '../model/errors/model/learned-model.js'
import {modelUnknown} from '../model/errors/corpus/model.js'
import type {Embedder} from '../ports/embedder.js'
import type {ProgressSink} from '../ports/surroundings.js'
import type {Services} from '../ports/services.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'cache' | 'digest' | 'modelFiles' | 'models'>

export interface OpenFor {
  readonly kind: 'query' | 'passage'
  readonly signal?: AbortSignal | undefined
  readonly noCache?: boolean | undefined
  /** Called while a model is fetched. */
  readonly onProgress?: ProgressSink | undefined
}

/** The name by which a provider knows the model of a version; nothing for models that are learned or only come with documents. */
function servedSpec({settings}: Corpus, {provider, spec}: EmbeddingVersion): ModelSpec | undefined {
  if (spec) return spec
  return provider === 'external' && modelOrigin(settings) === 'served' ? settings : undefined
}

/** Whether vectors of the version can be made here, if its model can be reached. */
export function canEmbed(corpus: Corpus, version: EmbeddingVersion): boolean {
  return version.modelFile !== undefined || servedSpec(corpus, version) !== undefined
}

/**
 * The model of an embedding version, asked only for what is not cached. A learned model is quicker than any cache, and its vectors are
 * good for one corpus alone.
 * @throws RagError as `openEmbedder`
 */
export async function openCachedEmbedder(
  services: Needs,
  corpus: Corpus,
  version: EmbeddingVersion,
  open: OpenFor,
): Promise<Embedder | CachedEmbedder> {
  const embedder = await openEmbedder(services, corpus, version, open)
  const cache = version.modelFile || open.noCache ? undefined : await services.cache()
  return cache ? cachedEmbedder(embedder, {cache, digest: services.digest, corpus: corpus.name}) : embedder
}

/** How often a cached embedder did not have to ask; nothing of others. */
export function cacheUseOf(embedder: Embedder | CachedEmbedder): {
  readonly hits: number
  readonly misses: number
} {
  return 'use' in embedder ? embedder.use : {hits: 0, misses: 0}
}

/**
 * Opens the model of an embedding version: the one place where that is done. The caller closes it.
 * @throws RagError NO_VECTORS when its vectors can't be made here | MODEL_MISMATCH when the model is not the one that made the
 * version's vectors | MODEL_DAMAGED | what `EmbedderProvider.open` throws
 */
export async function openEmbedder(
  services: Pick<Services, 'modelFiles' | 'models'>,
  corpus: Corpus,
  version: EmbeddingVersion,
  open: OpenFor,
): Promise<Embedder> {
  if (version.modelFile) return openLearned(services, corpus, version, open)
  const spec = servedSpec(corpus, version)
  if (!spec) throw cannotEmbedQueries(corpus, version.model)
  // Of vectors that came from elsewhere nothing is known but the model's name and their length.
  const isNamedOnly = version.provider === 'external'
  const embedder = await openServed(services, spec, {...open, known: isNamedOnly ? undefined : version})
  const {identity} = embedder
  const isSame = isNamedOnly
    ? identity.dimension === version.dimension
    : identity.fingerprint === version.fingerprint
  if (isSame) return embedder
  await embedder.close()
  throw modelChanged(corpus, version, identity)
}

async function openLearned(
  services: Pick<Services, 'modelFiles' | 'models'>,
  corpus: Corpus,
  version: EmbeddingVersion,
  {kind}: OpenFor,
): Promise<Embedder> {
  const modelFile = version.modelFile!
  const lsa = await services.models.learned()
  const path = services.modelFiles.path(modelFile.file)
  if (kind === 'passage') return lsa.openForPassages(path, version)
  // Each row read has a checksum of its own; the size tells a whole model of another corpus from this one.
  if (!(await services.modelFiles.present(modelFile))) throw learnedModelMissing(corpus, modelFile.file)
  return lsa.openForQueries(path, version)
}

/** Opens a model by name, whatever vectors there are. @throws RagError MODEL_UNKNOWN | what `EmbedderProvider.open` throws */
export async function openServed(
  services: Pick<Services, 'models'>,
  spec: ModelSpec,
  options: OpenFor & {readonly known?: EmbedderIdentity | undefined},
): Promise<Embedder> {
  const provider = (await services.models.providers()).find((one) => one.serves(spec.model))
  if (!provider) throw modelUnknown(spec.model)
  return options.kind === 'query'
    ? services.models.keptOpen({spec, known: options.known}, () => provider.open(spec, options))
    : provider.open(spec, options)
}

/**
 * Looks at the name, and with `prepare` sees that the model is at hand: fetched, if need be.
 * @throws RagError MODEL_UNKNOWN when nobody serves a model of that name | MODEL_MISSING | MODEL_UNUSABLE | INTERRUPTED
 */
export async function requireModel(
  services: Pick<Services, 'models'>,
  spec: ModelSpec,
  {
    prepare,
    ...call
  }: {
    readonly prepare: boolean
    readonly signal?: AbortSignal | undefined
    readonly onProgress?: ProgressSink | undefined
  },
): Promise<void> {
  if (modelOrigin(spec) !== 'served') return
  const provider = (await services.models.providers()).find((one) => one.serves(spec.model))
  if (!provider) throw modelUnknown(spec.model)
  if (prepare) await provider.prepare?.(spec, call)
}
