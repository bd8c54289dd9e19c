import type {Corpus} from '../model/corpus.js'
import {type EmbeddingVersion, keptVersion, type ModelSpec} from '../model/embedding.js'
import {keptModelDamaged} from '../model/errors/learned-model.js'
import type {RagError} from '../model/errors/rag-error.js'
import {usage} from '../model/errors.js'
import {vacuumFiles} from '../corpus/corpus-folders.js'
import {dropRetired} from '../corpus/drop-retired.js'
import {catchUp} from '../embedding/catch-up.js'
import type {EmbeddingOutcome} from '../embedding/embedding-job.js'
import type {EmbeddingJob} from '../embedding/embedding-job.js'
import type {Services} from '../ports/services.js'
import {withSpec} from '../corpus/corpus-settings.js'
import {isUsable} from '../embedding/model-is-usable.js'
import {canEmbed} from '../embedding/open-embedder.js'
import type {CallOptions} from '../model/operations/call.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  'cache' | 'clock' | 'digest' | 'index' | 'indexFiles' | 'logger' | 'modelFiles' | 'models' | 'threads'
>

/**
 * Makes the kept version live again, after what has come since was embedded for it, and keeps the one in use in its place: so one can go
 * back and forth. Until the switch, searches use what they used.
 * @throws RagError USAGE when none is kept | MODEL_DAMAGED when its model can't be read
 */
export async function rollBack(
  services: Needs,
  job: EmbeddingJob,
  call: CallOptions,
): Promise<EmbeddingOutcome> {
  const {store, corpus, lease} = job
  const versions = await store.listEmbeddingVersions(corpus.id)
  const kept = keptVersion(versions)
  if (!kept) throw nothingKept(corpus)
  if (kept.modelFile && !(await isUsable(services, kept))) throw keptModelDamaged(corpus, kept)
  // An unfinished version would go live with the next ingest, which is not what is asked for.
  for (const version of versions)
    if (version.state === 'building') await store.dropEmbeddingVersion(version.id, lease)
  const outcome = await catchUp(services, job, kept, call)
  if (outcome.interrupted || outcome.failure) return outcome
  const missing = await store.countPending(corpus.id, kept.id)
  await store.setLiveVersion(kept.id, lease, {
    keepOld: true,
    allowPending: !canEmbed(corpus, kept),
    settings: withSpec(corpus.settings, specOfVersion(kept)),
  })
  await dropRetired(store, corpus, lease)
  await vacuumFiles(services, store, corpus)
  return missing === 0 ? outcome : {...outcome, notes: [...outcome.notes, stillMissing(missing)]}
}

function specOfVersion({provider, model, spec}: EmbeddingVersion): ModelSpec {
  return spec ?? {model: provider === 'external' ? `external:${model}` : model}
}

const stillMissing = (missing: number): string =>
  `${missing} chunks came after that version was in use and have no vector of it; only keyword search finds them.`

export const nothingKept = (corpus: Corpus): RagError =>
  usage(
    `No earlier embedding version of corpus "${corpus.name}" is kept. Nothing was changed.`,
    'rag rebuild --reembed --keep-old keeps the one that it replaces.',
  )
