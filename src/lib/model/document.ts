import type {Place, Span} from './block.js'
import type {Metadata} from './metadata.js'

/** How a document's text is built up, which decides how it is cut into chunks. */
export type TextFormat = 'markdown' | 'text' | 'code' | 'records'

/** Where a document came from, what its file looked like when it was read, and what prepared it. */
export interface SourceState {
  /** Absolute path, or `stdin`, or the label the caller gave. */
  readonly source: string
  /** The folder given to `--dir`; absent for single files and other origins. `--prune` looks only at its own root. */
  readonly root?: string | undefined
  readonly sizeBytes?: number | undefined
  readonly mtimeMs?: number | undefined
  /** Lower-case hex SHA-256 of the file's bytes. */
  readonly sha256?: string | undefined
  /** When the file was read. A file written within two seconds of it is hashed again next time (its mtime can't be trusted). */
  readonly readAtMs?: number | undefined
  /** Fingerprint of reader, chunker and analyser; another one means that the document is to be prepared anew. */
  readonly pipeline?: string | undefined
}

/** A stretch of a document's text with its place in the source. */
export interface PlacedSpan extends Span {
  readonly place: Place
}

/** Something of a file that could not be read as it stands. */
export interface LoadFault {
  /** In plain words, without the file's name. */
  readonly message: string
  /** The line of the source, from 1. */
  readonly line?: number | undefined
}

/** What a loader makes of bytes: normalised text (line ends `\n`, no BOM, no NUL) and what is known about it. */
export interface LoadedDocument {
  readonly title: string
  readonly text: string
  readonly format: TextFormat
  /** The line of the source on which `text` begins (front matter may have been taken off). Counted from 1. */
  readonly firstLine: number
  /**
   * Where stretches of `text` stand in the source: in the order of the text, not overlapping. Absent: each line of the text is a line of
   * the source, from `firstLine`. Text between them has no place.
   */
  readonly places?: readonly PlacedSpan[] | undefined
  /** What could not be read as it stands, and was read as far as it goes, or left out. */
  readonly faults?: readonly LoadFault[] | undefined
  /** BCP 47 primary tag when the source names it (`<html lang>`, front matter). */
  readonly language?: string | undefined
  readonly metadata: Metadata
}

/** A stored document without its text. */
export interface DocumentRecord {
  readonly id: number
  readonly docId: string
  readonly docHash: string
  readonly title: string
  readonly language: string
  readonly source: SourceState
  readonly metadata: Metadata
  readonly chunks: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** What is stored of it is not what was: nothing of it but the id is to be gone by. */
  readonly isDamaged?: boolean | undefined
}

/** The little that a second ingest needs to know of each stored document. */
export interface KnownSource {
  readonly docId: string
  readonly docHash: string
  readonly source: SourceState
}
