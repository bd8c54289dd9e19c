import type {EmbedderIdentity, EmbeddingVersion} from '../model/embedding.js'
import {modelOrigin, sameSpec, specOf} from '../model/embedding.js'
import type {Corpus} from '../model/corpus.js'
import {reembedLease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import type {Choice} from './choice.js'
import {chooseLearned, isDamaged} from './choose-learned.js'
import type {EmbedCorpusJob} from './embed-corpus-job.js'
import type {Services} from '../ports/services.js'
import {openServed} from './open-embedder.js'
import type {CallOptions} from '../model/operations/call.js'

/** The version to embed into: an unfinished one, the live one, or a new one of the corpus's model. */
export async function chooseVersion(
  services: Services,
  job: EmbedCorpusJob,
  call: CallOptions,
): Promise<Choice> {
  const versions = await job.store.listEmbeddingVersions(job.corpus.id)
  const live = versions.find(({state}) => state === 'live')
  const building = versions.find(({state}) => state === 'building')
  if (building && !job.renew && (await isLeftAlone(services, job, {building, live})))
    return {notes: [], ...(live ? {version: live} : {})}
  switch (modelOrigin(job.corpus.settings)) {
    case 'external':
      return {notes: [], ...(live ? {version: live} : {})}
    case 'learned':
      return chooseLearned(services, job, call)
    case 'served':
      return chooseServed(services, job, {...(live ? {live} : {}), ...(building ? {building} : {})}, call)
  }
}

/**
 * What another process is making is not touched. A new version by another model, whose making was cut off, waits until that is asked for again;
 * a damaged model can't wait for it: nothing could be written until then.
 */
async function isLeftAlone(
  services: Services,
  job: EmbedCorpusJob,
  {building, live}: {readonly building: EmbeddingVersion; readonly live: EmbeddingVersion | undefined},
): Promise<boolean> {
  if (!job.isSole && (await isBeingReembedded(job.store, job.corpus))) return true
  return !isOf(job, building) && !(await isDamaged(services, live))
}

/** Whether a process that lives makes a new embedding version of the corpus. */
async function isBeingReembedded(store: Store, {name}: Corpus): Promise<boolean> {
  const making = reembedLease(name)
  return (await store.listLeases()).some(({corpus, alive}) => corpus === making && alive)
}

/** Whether a version is one of the model that the job is to embed by. */
function isOf({corpus: {settings}}: EmbedCorpusJob, version: EmbeddingVersion): boolean {
  if (modelOrigin(settings) === 'learned') return version.modelFile !== undefined
  return version.spec !== undefined && sameSpec(version.spec, settings)
}

/** Versions of a served model are as good as their fingerprint: an unfinished one goes on when the model is still the same. */
async function chooseServed(
  services: Services,
  job: EmbedCorpusJob,
  {
    live,
    building,
  }: {readonly live?: EmbeddingVersion | undefined; readonly building?: EmbeddingVersion | undefined},
  call: CallOptions,
): Promise<Choice> {
  const {store, lease, renew} = job
  const keep: Choice = {notes: [], ...(live ? {version: live} : {})}
  const isNeeded = renew !== undefined || (live ? building !== undefined : await hasText(job))
  if (!isNeeded) return keep
  const identity = await identityOf(services, job, call)
  if (building?.fingerprint === identity.fingerprint) return {version: building, notes: []}
  if (building) await store.dropEmbeddingVersion(building.id, lease)
  if (live && !renew) return keep
  return begin(job, identity, live === undefined)
}

/** A new version; with no older one to search by, a part of the vectors is better than none. */
async function begin(
  {store, corpus, lease, renew}: EmbedCorpusJob,
  identity: EmbedderIdentity,
  isFirst: boolean,
): Promise<Choice> {
  const keepsOld = renew?.keepOld ? ({keepsOld: true} as const) : {}
  const spec = specOf(corpus.settings)
  const version = await store.addEmbeddingVersion(corpus.id, {...identity, spec, ...keepsOld}, lease)
  if (!isFirst) return {version, isNew: true, notes: []}
  await store.setLiveVersion(version.id, lease, {allowPending: true})
  return {version: {...version, state: 'live'}, isNew: true, notes: []}
}

async function hasText({store, corpus}: EmbedCorpusJob): Promise<boolean> {
  return (await store.countCorpus(corpus.id)).chunks > 0
}

async function identityOf(
  services: Services,
  {corpus}: EmbedCorpusJob,
  {signal, onProgress}: CallOptions,
): Promise<EmbedderIdentity> {
  const embedder = await openServed(services, specOf(corpus.settings), {
    kind: 'passage',
    ...(signal ? {signal} : {}),
    ...(onProgress ? {onProgress} : {}),
  })
  const {provider, model, dimension, fingerprint} = embedder.identity
  await embedder.close()
  return {provider, model, dimension, fingerprint}
}
