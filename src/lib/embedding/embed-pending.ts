import type {
  EmbeddingVersion,
  PendingChunk,
  PendingScope,
  VectorBlock,
  VectorPut,
} from '../model/embedding.js'
import {tooFewVectors} from '../model/errors/corpus/model.js'
import {isAbout} from '../model/errors/questions.js'
import {RagError} from '../model/errors/rag-error.js'
import {mapInOrder} from '../kernel/in-order.js'
import type {Embedder} from '../ports/embedder.js'
import type {Lease} from '../ports/store/lease.js'
import type {VectorStore} from '../ports/store/store.js'
import type {Clock, ProgressSink} from '../ports/surroundings.js'

/** Vectors a commit: large enough to hide the fsync, small enough that a crash costs little. */
const COMMIT_SIZE = 1024
/** Vectors of a slow model are committed after so long, however few they are. */
const COMMIT_MS = 2000

export interface EmbedJob {
  readonly version: EmbeddingVersion
  readonly lease: Lease
  /** Inputs a call of the embedder; default its own limit. */
  readonly batchSize?: number | undefined
  /** Also put vectors in the place of placeholders. */
  readonly dummies?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
  /** Called with each block once it is committed, in ascending seq. */
  readonly onStored: (block: VectorBlock) => Promise<void>
}

export interface EmbedOutcome {
  /** Vectors that were found already made for an equal input. */
  readonly hits: number
  /** Inputs that the embedder was asked for. */
  readonly misses: number
  /** Texts of which the model has nothing to say. */
  readonly empty: number
  readonly interrupted: boolean
  /** The model could not be reached or used; what was made before is committed, the rest is pending. */
  readonly failure?: RagError | undefined
}

/**
 * Embeds what is pending: every live chunk without a vector in the version gets one. The one loop that serves ingest,
 * recovery after a crash and re-embedding. What was committed is never embedded again.
 */
export async function embedPending(
  tools: {readonly store: VectorStore; readonly embedder: Embedder; readonly clock: Clock},
  job: EmbedJob,
): Promise<EmbedOutcome> {
  const {corpusId, id} = job.version
  const total = await tools.store.countPending(corpusId, id, scopeOf(job))
  const tally = {hits: 0, misses: 0, empty: 0}
  let done = 0
  let ready: VectorPut[] = []
  let committedAt = tools.clock.monotonic()
  const isDue = (): boolean =>
    ready.length >= COMMIT_SIZE || tools.clock.monotonic() - committedAt >= COMMIT_MS
  const commit = async (): Promise<void> => {
    if (ready.length === 0) return
    const block = await tools.store.commitVectors(id, ready, job.lease)
    done += ready.length
    ready = []
    committedAt = tools.clock.monotonic()
    if (block.seqs.length > 0) await job.onStored(block)
    job.onProgress?.({phase: 'embed', done, total, unit: 'chunks'})
  }
  const batches = mapInOrder(pendingBatches(tools, job), tools.embedder.limits.concurrency + 1, (batch) =>
    embedBatch(tools, job, batch),
  )
  try {
    for await (const {vectors, hits, misses} of batches) {
      tally.hits += hits
      tally.misses += misses
      tally.empty += vectors.filter((put) => put.kind === 'empty').length
      ready.push(...vectors)
      if (isDue() || job.signal?.aborted) await commit()
      if (job.signal?.aborted) break
    }
  } catch (error) {
    // What was made before is kept; the rest stays pending.
    await commit()
    if (isAbout(error, 'embedding')) return {...tally, interrupted: false, failure: error}
    if (!isInterruption(error)) throw error
  }
  await commit()
  return {...tally, interrupted: job.signal?.aborted === true}
}

function isInterruption(error: unknown): boolean {
  return error instanceof RagError && error.code === 'INTERRUPTED'
}

async function* pendingBatches(
  {store, embedder}: {readonly store: VectorStore; readonly embedder: Embedder},
  job: EmbedJob,
): AsyncGenerator<readonly PendingChunk[]> {
  const {version, batchSize} = job
  const limit = Math.min(batchSize ?? embedder.limits.batch, embedder.limits.batch)
  let afterId = 0
  for (;;) {
    const page = await store.pendingChunks(version.corpusId, version.id, {afterId, limit, ...scopeOf(job)})
    if (page.length === 0) return
    afterId = page.at(-1)!.chunkId
    yield page
  }
}

const scopeOf = ({dummies = false}: EmbedJob): PendingScope => ({dummies})

interface EmbeddedBatch {
  readonly vectors: readonly VectorPut[]
  readonly hits: number
  readonly misses: number
}

const NOTHING = new Float32Array(0)

async function embedBatch(
  {store, embedder}: {readonly store: VectorStore; readonly embedder: Embedder},
  {version, signal}: EmbedJob,
  batch: readonly PendingChunk[],
): Promise<EmbeddedBatch> {
  const known = await store.findVectors(
    version.id,
    batch.map((chunk) => chunk.inputHash),
  )
  const missing = batch.filter((chunk) => !known.has(chunk.inputHash))
  const made =
    missing.length === 0
      ? []
      : await embedder.embed(
          missing.map((chunk) => chunk.input),
          {kind: 'passage', signal},
        )
  if (known.size > 0)
    await embedder.claim?.(batch.filter((chunk) => known.has(chunk.inputHash)).map((chunk) => chunk.input))
  if (made.length !== missing.length) throw tooFewVectors(version, missing.length, made.length)
  const fresh = new Map(missing.map((chunk, i) => [chunk.chunkId, made[i]]))
  const vectors = batch.map(({chunkId, inputHash}): VectorPut => {
    const vector = known.get(inputHash) ?? fresh.get(chunkId)
    return vector ? {chunkId, kind: 'dense', vector} : {chunkId, kind: 'empty', vector: NOTHING}
  })
  return {vectors, hits: batch.length - missing.length, misses: missing.length}
}
