import type {SourceState} from '../model/document.js'
import type {Metadata} from '../model/metadata.js'

/** A document that comes cut, on its way to be analysed and hashed. */
export interface ReadyInput {
  readonly docId: string
  readonly title: string
  readonly metadata: Metadata
  readonly source: SourceState
  readonly language?: string
  readonly docHash?: string
  readonly chunks: readonly {
    readonly text: string
    /** Lower-case hex SHA-256 of the text, where it is known. */
    readonly contentHash?: string
    readonly metadata?: Metadata
    readonly vector?: Float32Array
    readonly heading?: readonly string[]
    readonly lines?: readonly [number, number]
    readonly tokens?: number
    readonly overlap?: number
  }[]
}
