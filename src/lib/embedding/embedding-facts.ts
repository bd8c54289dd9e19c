import {
  isLearned,
  liveVersion,
  modelOrigin,
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
import type {VersionChoice} from './embedding-job.js'
import {isUsable} from './model-is-usable.js'
import {openServed} from './open-embedder.js'
import {isFresh, needsIdentity, type EmbeddingFacts} from './plan-embedding.js'

/** What `planEmbedding` needs to know. Only reads; asks a served model what it is only when the plan depends on it. */
export async function embeddingFacts(
  services: Pick<Services, 'modelFiles' | 'models'>,
  {store, corpus, ...choice}: VersionChoice & {readonly store: Store; readonly corpus: Corpus},
  call: CallOptions,
): Promise<EmbeddingFacts> {
  const versions = await store.listEmbeddingVersions(corpus.id)
  const {chunks} = await store.countCorpus(corpus.id)
  const unfinished = unfinishedVersion(versions)
  const facts: EmbeddingFacts = {
    corpus: corpus.name,
    spec: corpus.settings,
    versions,
    chunks,
    damaged: await damagedModels(services, {versions, chunks, spec: corpus.settings}, choice),
    isReembedded: unfinished !== undefined && !choice.renew && (await isReembedded(store, corpus)),
  }
  return needsIdentity(facts, choice)
    ? {...facts, identity: await identityOf(services, corpus.settings, call)}
    : facts
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
