import type {LoadedDocument} from '../model/document.js'

export interface RawFile {
  /** The name used for the default title and for choosing a loader; no folder. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Reads one kind of file. Loaders are pure: bytes in, document out. Only those that have to wait answer with a promise. */
export interface DocumentLoader {
  /** Short name: `markdown`, `html`, `csv`, … Kept as the document's `file_type`. */
  readonly type: string
  /** Lower-case extensions without the dot. */
  readonly extensions: readonly string[]
  /**
   * @throws RagError NOT_TEXT (binary, undecodable) | BAD_INPUT (malformed; names line or offset), or rejects with it. Memory and time are
   * bounded by a small multiple of the input's size whatever it holds, or by the limits of `ReadApart`: `bytes` may then be gone afterwards.
   */
  load(file: RawFile): LoadedDocument | Promise<LoadedDocument>
}

/**
 * Reads a file by the loader of this type somewhere else: in a thread that is ended when it takes too long or too much memory. The bytes
 * are handed over: they may be gone afterwards.
 * @throws RagError as the loader does; TOO_LARGE (time or memory ran out)
 */
export type ReadApart = (type: string, file: RawFile) => Promise<LoadedDocument>

/** All loaders, found by file name. */
export interface DocumentLoaders {
  /** Names usable in `--types`, each with its extensions. */
  readonly types: readonly {readonly type: string; readonly extensions: readonly string[]}[]
  /** The loader for a file name, or `undefined` when no loader takes it. */
  find(fileName: string): DocumentLoader | undefined
}
