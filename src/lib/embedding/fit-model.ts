import type {EmbeddingVersion} from '../model/embedding.js'
import type {ArtifactFiles} from '../ports/files/artifact-files.js'
import type {FittedModel} from '../ports/embedder.js'
import type {Lease} from '../ports/store/lease.js'
import type {VectorStore} from '../ports/store/store.js'
import type {ProgressSink} from '../ports/surroundings.js'

export interface FitJob {
  readonly corpusId: number
  /** Folder of the corpus among the model files. */
  readonly folder: string
  readonly liveChunks: number
  readonly dimension: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}

export interface FitTools {
  readonly store: VectorStore
  readonly files: ArtifactFiles
  readonly model: FittedModel
}

/** A learned model that no row names yet: its file is staged, and nobody else's orphans while this process lives. */
export interface StagedModel {
  readonly path: string
  readonly name: string
  readonly dimension: number
  /** Live chunks when it was learned. */
  readonly fittedChunks: number
}

/**
 * Learns a model from the corpus; reads only, and needs no lease. Returns nothing, and leaves nothing, when there is nothing to learn
 * from. The file is the caller's to enter or to discard.
 */
export async function fitAside(
  {store, files, model}: FitTools,
  job: FitJob,
): Promise<StagedModel | undefined> {
  const versions = await store.listEmbeddingVersions(job.corpusId)
  const name = `${job.folder}/v${(versions.at(-1)?.number ?? 0) + 1}.${model.provider}`
  const path = await files.stage(name)
  let dimension = 0
  try {
    const fitted = await model.fit(store.sampleInputs(job.corpusId, model.sampleSize), {
      dimension: job.dimension,
      path,
      signal: job.signal,
      onProgress: (done, total) => job.onProgress?.({phase: 'fit', done, total, unit: 'steps'}),
    })
    dimension = fitted.dimension
  } finally {
    if (dimension === 0) await files.discard(path)
  }
  return dimension === 0 ? undefined : {path, name, dimension, fittedChunks: job.liveChunks}
}

/** Enters a learned model as a new embedding version in state `building`. The file is durable before the row names it. */
export async function enterModel(
  {store, files, model}: FitTools,
  {path, name, dimension, fittedChunks}: StagedModel,
  job: {
    readonly corpusId: number
    /** The version before it is to be kept when this one goes live. */
    readonly keepsOld?: boolean | undefined
    readonly lease: Lease
  },
): Promise<EmbeddingVersion> {
  try {
    const modelFile = await files.seal(path, name)
    return await store.addEmbeddingVersion(
      job.corpusId,
      {
        provider: model.provider,
        model: model.provider,
        dimension,
        fingerprint: modelFile.sha256,
        modelFile,
        fittedChunks,
        ...(job.keepsOld ? {keepsOld: true} : {}),
      },
      job.lease,
    )
  } finally {
    await files.discard(path)
  }
}
