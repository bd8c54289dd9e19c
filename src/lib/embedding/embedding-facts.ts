import {
  isLearned,
  liveVersion,
  modelOrigin,
  sameSpec,
  specOf,
  unfinishedVersion,
  type EmbedderIdentity,
  type EmbeddingVersion,
  type ModelSpec,
} from '../model/embedding.js'
import type {CallOptions} from '../model/operations/call.js'
import type {Corpus} from '../model/corpus.js'
import type {Services} from '../ports/services.js'
import {reembedLease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import type {VersionChoice} from './embedding-request.js'
import {isUsable} from './model-is-usable.js'
import {openServed} from './open-embedder.js'
import {isFresh, needsIdentity, type EmbeddingFacts} from './plan-embedding.js'

/** What `planEmbedding` needs to know. Only reads; asks a served model what it is only when the plan depends on it. */
export async function embeddingFacts(
  services: Pick<Services, 'modelFiles' | 'models' | 'store'>,
  corpus: Corpus,
  choice: VersionChoice,
  call: CallOptions,
): Promise<EmbeddingFacts> {
  const facts = await storedFacts(services, corpus, choice)
  return needsIdentity(facts, choice)
    ? {...facts, identity: await identityOf(services, corpus.settings, call)}
    : facts
}

/**
 * The facts of a plan that is only shown. A served model is not asked what it is: it is taken for the one that the unfinished version was
 * begun by, or for one of the dimension in the settings.
 */
export async function foreseenFacts(
  services: Pick<Services, 'modelFiles' | 'models' | 'store'>,
  corpus: Corpus,
  choice: VersionChoice,
): Promise<EmbeddingFacts> {
  const facts = await storedFacts(services, corpus, choice)
  if (!needsIdentity(facts, choice)) return facts
  const {settings} = corpus
  const unfinished = unfinishedVersion(facts.versions)
  const isSame = unfinished?.spec !== undefined && sameSpec(unfinished.spec, settings)
  const {model, dimension} = settings
  return {...facts, identity: isSame ? unfinished : {provider: '', model, dimension, fingerprint: ''}}
}

async function storedFacts(
  services: Pick<Services, 'modelFiles' | 'models' | 'store'>,
  corpus: Corpus,
  choice: VersionChoice,
): Promise<EmbeddingFacts> {
  const store = await services.store.read()
  const versions = await store.listEmbeddingVersions(corpus.id)
  const {chunks} = await store.countCorpus(corpus.id)
  const isMaking = unfinishedVersion(versions) !== undefined
  return {
    corpus: corpus.name,
    spec: corpus.settings,
    versions,
    chunks,
    damaged: await damagedModels(services, {versions, chunks, spec: corpus.settings}, choice),
    isReembedded: isMaking && !choice.renew && (await isReembedded(store, corpus)),
  }
}

/** Every byte of a model is read to know it: only those that the plan may depend on. */
async function damagedModels(
  services: Pick<Services, 'modelFiles' | 'models'>,
  {
    versions,
    chunks,
    spec,
  }: {
    readonly versions: readonly EmbeddingVersion[]
    readonly chunks: number
    readonly spec: ModelSpec
  },
  {refit}: VersionChoice,
): Promise<ReadonlySet<number>> {
  const live = liveVersion(versions)
  const unfinished = unfinishedVersion(versions)
  const isOwn = modelOrigin(spec) === 'learned'
  const candidates: EmbeddingVersion[] = []
  if (live && (unfinished || (isOwn && chunks > 0))) candidates.push(live)
  if (unfinished && isOwn && !refit && isFresh(unfinished, chunks)) candidates.push(unfinished)
  const damaged = new Set<number>()
  for (const version of candidates.filter(isLearned))
    if (!(await isUsable(services, version))) damaged.add(version.id)
  return damaged
}

/** Whether a process that lives makes a new embedding version of the corpus. */
async function isReembedded(store: Store, {name}: Corpus): Promise<boolean> {
  const lease = reembedLease(name)
  return (await store.listLeases()).some(({corpus, alive}) => corpus === lease && alive)
}

async function identityOf(
  services: Pick<Services, 'models'>,
  spec: ModelSpec,
  {signal, onProgress}: CallOptions,
): Promise<EmbedderIdentity> {
  const embedder = await openServed(services, specOf(spec), {kind: 'passage', signal, onProgress})
  const {provider, model, dimension, fingerprint} = embedder.identity
  await embedder.close()
  return {provider, model, dimension, fingerprint}
}
