import {parentPort, workerData} from 'node:worker_threads'
import {reasonOf} from '../../model/errors.js'
import {Encoder, NotAnEncoder} from './encoder.js'
import type {EncoderAnswer, EncoderData, EncoderFault, EncoderOrder} from './encoder-messages.js'

/** Loads a model and embeds by it what it is sent, in turn. To be called in a worker thread only. */
export async function serveEncoder(): Promise<void> {
  const port = parentPort
  if (port === null) throw new Error('serveEncoder was called outside a worker thread')
  const {spec} = workerData as EncoderData
  const say = (answer: EncoderAnswer, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(answer, transfer)
  const encoder = await Encoder.load(spec).catch((error: unknown) => {
    say({type: 'failed', fault: isMissing(error) ? 'runtime' : 'model', reason: shortReason(error)})
    port.close()
    return undefined
  })
  if (!encoder) return
  const encode = async (id: number, texts: readonly string[]): Promise<void> => {
    try {
      const vectors = await encoder.encode(texts)
      say({type: 'done', id, vectors}, [vectors.buffer as ArrayBuffer])
    } catch (error) {
      const fault: EncoderFault = error instanceof NotAnEncoder ? 'model' : 'encode'
      say({type: 'failed', id, fault, reason: shortReason(error)})
    }
  }
  let last = Promise.resolve()
  port.on('message', (order: EncoderOrder) => {
    last = last.then(async () => {
      if (order.type === 'encode') return encode(order.id, order.texts)
      await encoder.close()
      port.close()
    })
  })
  say({type: 'ready'})
}

const isMissing = (error: unknown): boolean =>
  ['ERR_MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND'].includes(
    String((error as {code?: unknown}).code),
  )

/** The runtime's messages may be pages long. */
const shortReason = (error: unknown): string => reasonOf(error).replaceAll(/\s+/g, ' ').trim().slice(0, 300)
