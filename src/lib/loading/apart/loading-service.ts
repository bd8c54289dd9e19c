import type {LoadedDocument} from '../../model/document.js'

/** A file for the thread, with the type of its loader. */
export interface LoadingRequest {
  readonly type: string
  readonly name: string
  readonly bytes: Uint8Array
}

/** What the thread that reads documents does. */
export type LoadingService = {
  readonly load: (request: LoadingRequest) => Promise<LoadedDocument>
}
