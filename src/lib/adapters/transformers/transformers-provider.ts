import {createHash} from 'node:crypto'
import {modelUnusable} from '../../model/errors/model/model-folder.js'
import type {ModelSpec} from '../../model/embedding.js'
import {isModelName, isModelPath} from '../../model/model-folder.js'
import {waysOf, type ModelFamily} from '../../model/model-family.js'
import type {Embedder} from '../../ports/embedder.js'
import type {EmbedderProvider} from '../../ports/embedder-provider.js'
import type {ModelLibrary} from '../../ports/model-library.js'
import {chooseWeights, type ChosenModel} from './choose-weights.js'
import {EncoderThread} from './encoder-thread.js'
import {digestOf} from './file-digest.js'
import {TransformersEmbedder} from './transformers-embedder.js'

/** A network gains little from more threads than these; further cores get a copy of their own. */
const THREADS_A_COPY = 4
/** Each copy holds the weights in memory. */
const MOST_COPIES = 4

export interface TransformersOptions {
  readonly library: ModelLibrary
  /** Cores to use. */
  readonly threads: number
  readonly workerUrl: (name: string) => URL
}

/** Serves models that run in this process, by transformers.js on ONNX Runtime: a folder, `name` or `owner/name`. */
export function transformersProvider({library, threads, workerUrl}: TransformersOptions): EmbedderProvider {
  const url = workerUrl('encoder-worker')
  return {
    provider: 'transformers',
    serves: (model) => isModelPath(model) || isModelName(model),
    async prepare(spec, call) {
      await chooseWeights(library, spec, {...call, mayFetch: true})
    },
    async open(spec, {kind, signal, onProgress}) {
      // A search must not begin to download.
      const mayFetch = kind === 'passage'
      const call = {signal, onProgress}
      const chosen = await chooseWeights(library, spec, {...call, mayFetch})
      return openChosen(chosen, spec, {url, ...(kind === 'query' ? {copies: 1, threads} : share(threads))})
    },
  }
}

interface Running {
  readonly url: URL
  readonly copies: number
  /** That compute one batch of a copy. */
  readonly threads: number
}

async function openChosen(chosen: ChosenModel, spec: ModelSpec, running: Running): Promise<Embedder> {
  const {folder} = chosen
  const byMaker = folder.pooling === undefined ? {} : {pooling: folder.pooling}
  const ways = waysOf({...byMaker, ...spec}, folder.name)
  // The files are read twice, side by side: by the runtime, and for the fingerprint.
  const [fingerprint, started] = await Promise.allSettled([
    fingerprintOf(chosen, ways),
    startThreads(chosen, ways, running),
  ])
  if (started.status === 'rejected') throw started.reason
  if (fingerprint.status === 'rejected') {
    await closeAll(started.value)
    throw modelUnusable(spec.model, 'its files can not be read', fingerprint.reason)
  }
  const {dimension} = folder
  const identity = {provider: 'transformers', model: spec.model, dimension, fingerprint: fingerprint.value}
  return new TransformersEmbedder(identity, ways, started.value)
}

async function startThreads(
  {folder, weights}: ChosenModel,
  {pooling, normalize}: ModelFamily,
  {url, copies, threads}: Running,
): Promise<readonly EncoderThread[]> {
  const {path, name, maxTokens, dimension} = folder
  const dataFiles = weights.files.length - 1
  const spec = {path, dtype: weights.dtype, dataFiles, pooling, normalize, maxTokens, dimension, threads}
  const started = await Promise.allSettled(
    Array.from({length: copies}, () => EncoderThread.start(url, name, spec)),
  )
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = started.find((one) => one.status === 'rejected')
  if (!failed) return running
  await closeAll(running)
  throw failed.reason
}

const closeAll = async (threads: readonly EncoderThread[]): Promise<void> => {
  await Promise.all(threads.map((thread) => thread.close()))
}

/** Measured on two cores with the shape of MiniLM: one copy on both is as fast as a copy each, in half the memory. */
function share(threads: number): {readonly copies: number; readonly threads: number} {
  const copies = Math.max(1, Math.min(MOST_COPIES, Math.floor(threads / THREADS_A_COPY)))
  return {copies, threads: Math.max(1, Math.floor(threads / copies))}
}

/** Over all that changes a vector, and nothing else: the same files elsewhere, or by another name, are the same model. */
async function fingerprintOf({folder, weights}: ChosenModel, ways: ModelFamily): Promise<string> {
  const files = await digestOf(folder.path, ['tokenizer.json', ...weights.files])
  const parts = ['transformers', files, folder.maxTokens, JSON.stringify(ways)]
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}
