import {WorkerThread} from '../../kernel/threads/worker-thread.js'
import {encoderStopped} from '../../model/errors/model/model-folder.js'
import {embeddingInterrupted} from '../../model/errors/program/interruption.js'
import type {EncoderSpec} from './encoder.js'
import type {EncoderService} from './serve-encoder.js'

/** The batch in hand may end: the runtime does not bear to be cut off inside. A thread that takes longer is ended. */
const CLOSE_MS = 5000

/** An encoder in a thread of its own. */
export class EncoderThread {
  readonly #thread: WorkerThread<EncoderService>

  private constructor(thread: WorkerThread<EncoderService>) {
    this.#thread = thread
  }

  /** @throws RagError MODEL_UNUSABLE | NATIVE_MODULE_MISSING */
  static async start(url: URL, name: string, spec: EncoderSpec): Promise<EncoderThread> {
    const thread = new WorkerThread<EncoderService>({
      url,
      what: 'The thread that embeds',
      ended: (why, cause) => encoderStopped(name, why, cause),
      // What the runtime prints is not for the person who runs this program.
      isSilent: true,
      closeMs: CLOSE_MS,
    })
    try {
      await thread.call('load', {spec, name})
      return new EncoderThread(thread)
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  /** Calls that the thread has in hand or before it. */
  get load(): number {
    return this.#thread.load
  }

  /** One vector a text, in one array. @throws RagError MODEL_UNUSABLE | INTERRUPTED */
  async encode(texts: readonly string[], signal: AbortSignal | undefined): Promise<Float32Array> {
    try {
      return await this.#thread.call('encode', texts, {signal})
    } catch (error) {
      throw signal?.aborted ? embeddingInterrupted() : error
    }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
