import type {Place} from './block.js'
import type {SourceState} from './document.js'
import type {Metadata} from './metadata.js'

/** A piece of text that was cut elsewhere, with what is known of it. */
export interface ReadyChunk {
  readonly text: string
  /** Lower-case hex SHA-256 of the text, where it is known. */
  readonly contentHash?: string | undefined
  readonly metadata?: Metadata | undefined
  readonly vector?: Float32Array | undefined
  readonly heading?: readonly string[] | undefined
  /** First and last line; without them, those it would have if all chunks stood one below the other. */
  readonly lines?: readonly [number, number] | undefined
  /** Where it stands when that is no range of lines; `lines` are 0 then. */
  readonly place?: Place | undefined
  readonly tokens?: number | undefined
  readonly overlap?: number | undefined
}

/** A document that comes cut into chunks. */
export interface ReadyDocument {
  readonly docId: string
  readonly title: string
  readonly metadata: Metadata
  readonly source: SourceState
  readonly chunks: readonly ReadyChunk[]
  /** Absent: detected. */
  readonly language?: string | undefined
  /** Absent: made from the chunks. */
  readonly docHash?: string | undefined
}
