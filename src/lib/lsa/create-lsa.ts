import {LEARNED_MODEL} from '../model/embedding.js'
import type {Analyser} from '../ports/analyser.js'
import type {RandomAccessFiles} from '../ports/files/random-access-files.js'
import type {FittedModel} from '../ports/embedder.js'
import {fitModel} from './fit-model.js'
import {callingThread, type Lanes} from './lanes.js'
import {TaskRunner} from './lsa-tasks.js'
import {ModelReader} from './model-reader.js'
import {passageEmbedder} from './passage-embedder.js'
import {queryEmbedder} from './query-embedder.js'
import {workerLanes} from './worker-lanes.js'

export interface LsaOptions {
  readonly analyser: Analyser
  /** Where model files are. */
  readonly files: RandomAccessFiles
  /** Worker threads for fitting and for embedding passages. */
  readonly threads: number
  /** URL of a worker's module; asked for `lsa-worker`, which must call `serveLsaWorker` with an equal analyser. */
  readonly workerUrl: (name: string) => URL
}

/** Chunks beyond which a sample says as much as the whole corpus. */
const SAMPLE_SIZE = 30_000

/**
 * Latent semantic analysis learned from the corpus itself (Deerwester et al. 1990): texts as bags of analysed terms with
 * weights `(1 + ln tf) · idf`, a truncated singular value decomposition of the sample, and folding-in of new texts as
 * `normalise(Σ weight_t · V_t)`. Texts that use different words for one matter come close when the corpus uses those
 * words side by side. Needs no download; the vector of a text depends on the text and the model file alone.
 *
 * A query's `language` may hold several tags, comma-separated, most frequent first: the languages of the corpus.
 */
export function createLsa(options: LsaOptions): FittedModel {
  const {analyser, files, threads, workerUrl} = options
  const few = (): Lanes => callingThread(new TaskRunner(analyser))
  const many = (): Lanes => workerLanes(workerUrl('lsa-worker'), threads, analyser.fingerprint)
  const reader = (path: string, dimension: number): Promise<ModelReader> =>
    ModelReader.open(files, path, {dimension, analyser: analyser.fingerprint})
  return {
    provider: LEARNED_MODEL,
    sampleSize: SAMPLE_SIZE,
    fit: (inputs, fit) =>
      fitModel(inputs, fit, {
        few: few(),
        many,
        analyser: analyser.fingerprint,
        files,
        sampleSize: SAMPLE_SIZE,
      }),
    openForQueries: async (path, identity) =>
      queryEmbedder(await reader(path, identity.dimension), identity, analyser),
    openForPassages: async (path, identity) => {
      const file = await reader(path, identity.dimension)
      try {
        return passageEmbedder(await file.tables(), identity, {few: few(), many, threads})
      } finally {
        await file.close()
      }
    },
  }
}
