import type {ProgressEvent} from '../progress.js'

/** Given with each long call. */
export interface CallOptions {
  /** Finish the batch in hand, commit it, and return (`interrupted: true`). */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined
  /** Called with each call of an embedder. */
  readonly onEmbed?: ((call: {readonly texts: number; readonly ms: number}) => void) | undefined
}
