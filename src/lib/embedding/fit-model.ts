import type {EmbeddingVersion} from '../model/embedding.js'
import type {ArtifactFiles} from '../ports/artifact-files.js'
import type {FittedModel} from '../ports/embedder.js'
import type {Lease} from '../ports/lease.js'
import type {VectorStore} from '../ports/store.js'
import type {ProgressSink} from '../ports/surroundings.js'

export interface FitJob {
  readonly corpusId: number
  /** Folder of the corpus among the model files. */
  readonly folder: string
  readonly liveChunks: number
  readonly dimension: number
  /** The version before it is to be kept when this one goes live. */
  readonly keepsOld?: boolean
  readonly lease: Lease
  readonly signal?: AbortSignal
  readonly onProgress?: ProgressSink
}

/**
 * Learns a model from the corpus and enters it as a new embedding version in state `building`. The file is durable before
 * the row names it. Returns nothing when there is nothing to learn from.
 */
export async function fitModel(
  tools: {readonly store: VectorStore; readonly files: ArtifactFiles; readonly model: FittedModel},
  job: FitJob,
): Promise<EmbeddingVersion | undefined> {
  const {store, files, model} = tools
  const versions = await store.listEmbeddingVersions(job.corpusId)
  const name = `${job.folder}/v${(versions.at(-1)?.number ?? 0) + 1}.${model.provider}`
  const staged = await files.stage(name)
  try {
    const {dimension} = await model.fit(store.sampleInputs(job.corpusId, model.sampleSize), {
      dimension: job.dimension,
      path: staged,
      ...(job.signal ? {signal: job.signal} : {}),
      onProgress: (done, total) => job.onProgress?.({phase: 'fit', done, total, unit: 'steps'}),
    })
    if (dimension === 0) return undefined
    const modelFile = await files.seal(staged, name)
    return await store.addEmbeddingVersion(
      job.corpusId,
      {
        provider: model.provider,
        model: model.provider,
        dimension,
        fingerprint: modelFile.sha256,
        modelFile,
        fittedChunks: job.liveChunks,
        ...(job.keepsOld ? {keepsOld: true} : {}),
      },
      job.lease,
    )
  } finally {
    await files.discard(staged)
  }
}
