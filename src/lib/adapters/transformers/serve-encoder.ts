import {HandedOver} from '../../kernel/threads/service.js'
import {serveThread} from '../../kernel/threads/serve-thread.js'
import {encoderStopped, modelRuntimeMissing, modelUnusable} from '../../model/errors/model/model-folder.js'
import {type RagError, reasonOf} from '../../model/errors/rag-error.js'
import {Encoder, NotAnEncoder, type EncoderSpec} from './encoder.js'

export interface LoadRequest {
  readonly spec: EncoderSpec
  /** As errors are to name the model. */
  readonly name: string
}

export type EncoderService = {
  /** To be called first, and once. */
  readonly load: (request: LoadRequest) => Promise<void>
  /** One vector a text, in one array. */
  readonly encode: (texts: readonly string[]) => Promise<HandedOver<Float32Array>>
}

/** Serves an `EncoderThread`: loads a model and embeds by it. Called by the worker's entry file. */
export function serveEncoder(): void {
  let loaded: {readonly encoder: Encoder; readonly name: string} | undefined
  const service: EncoderService = {
    load: async ({spec, name}) => {
      const encoder = await Encoder.load(spec).catch((error: unknown) => {
        throw isMissing(error) ? modelRuntimeMissing(error) : modelUnusable(name, shortReason(error))
      })
      loaded = {encoder, name}
    },
    encode: async (texts) => {
      if (!loaded) throw new Error('no model was loaded before the first text')
      const {encoder, name} = loaded
      const vectors = await encoder.encode(texts).catch((error: unknown) => {
        throw failedBy(error, name)
      })
      return new HandedOver(vectors, [vectors.buffer as ArrayBuffer])
    },
  }
  serveThread(service, {close: async () => loaded?.encoder.close()})
}

const failedBy = (error: unknown, name: string): RagError =>
  error instanceof NotAnEncoder
    ? modelUnusable(name, shortReason(error))
    : encoderStopped(name, shortReason(error))

const isMissing = (error: unknown): boolean =>
  ['ERR_MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND'].includes(
    String((error as {code?: unknown}).code),
  )

/** The runtime's messages may be pages long. */
const shortReason = (error: unknown): string => reasonOf(error).replaceAll(/\s+/g, ' ').trim().slice(0, 300)
