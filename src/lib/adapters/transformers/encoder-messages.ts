import type {EncoderSpec} from './encoder.js'

/** What the thread of an encoder is told. */
export type EncoderOrder =
  {readonly type: 'encode'; readonly id: number; readonly texts: readonly string[]} | {readonly type: 'close'}

/** `runtime`: the package is not there; `model`: it refuses the model; `encode`: it failed while it ran. */
export type EncoderFault = 'runtime' | 'model' | 'encode'

/** What it says: `ready` or `failed` first, then an answer an order. */
export type EncoderAnswer =
  | {readonly type: 'ready'}
  | {readonly type: 'done'; readonly id: number; readonly vectors: Float32Array}
  | {readonly type: 'failed'; readonly id?: number; readonly fault: EncoderFault; readonly reason: string}

/** Given to the thread when it starts. */
export interface EncoderData {
  readonly spec: EncoderSpec
}
