import type {RagError} from '../../model/errors/rag-error.js'
/** A file found under a root. */
export interface SourceFile {
  /** Relative to the root, `/`-separated: the document's id. */
  readonly path: string
  readonly absolutePath: string
  readonly sizeBytes: number
  readonly mtimeMs: number
}

export interface ListOptions {
  /** Globs relative to the root; absent = everything. A pattern without `/` matches at any depth. */
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Honour `.gitignore` and `.ragignore` at every level, and skip `.git`, `node_modules`, `.rag` and hidden entries. Default true. */
  readonly ignoreFiles?: boolean | undefined
  /** Folders, absolute or as the root is named, of which nothing is listed; they need not be there. */
  readonly leaveOut?: readonly string[] | undefined
  /** Says which files are wanted by name; the others are counted by extension in `otherTypes`. */
  readonly wanted: (fileName: string) => boolean
}

export interface Listing {
  /** The folder as an absolute path, links resolved. */
  readonly root: string
  /** Sorted by `path` (code unit order). */
  readonly files: readonly SourceFile[]
  /** Files of types that are not read, by extension (`''` for none). */
  readonly otherTypes: ReadonlyMap<string, number>
  /** Entries that could not be looked at, each with its INPUT_UNREADABLE: unreadable folders, links that lead out of the root or nowhere. */
  readonly problems: readonly ListingProblem[]
  /** Files in the root before any choice, 0 for an empty (or unmounted) folder. */
  readonly seen: number
}

export interface ListingProblem {
  /** Relative to the root; that of an ignore file above the root is absolute. */
  readonly path: string
  readonly error: RagError
  /**
   * What can't be told because of it. `entries`: whether anything is at the path or below it. `rules`: what the ignore files leave out in
   * the folder of the path and below. Absent when all is known, as of a link that leads nowhere.
   */
  readonly unknown?: 'entries' | 'rules' | undefined
}

/** Reads folders and files. Confined: nothing outside the root is ever listed or read through it. */
export interface SourceTree {
  /** @throws RagError INPUT_MISSING (no such folder, or not a folder) | INPUT_UNREADABLE */
  list(root: string, options: ListOptions, signal?: AbortSignal): Promise<Listing>
  /** Size and mtime of one named file. @throws RagError INPUT_MISSING | INPUT_UNREADABLE | BAD_INPUT (a folder, a device) */
  stat(path: string): Promise<SourceFile>
  /** True when the path is there (whatever it is), false when it is gone. @throws RagError INPUT_UNREADABLE when it can't be told */
  exists(path: string): Promise<boolean>
  /**
   * True when a regular file of that absolute path, or a link to one, lies inside the root; false when there is nothing, or something else.
   * @throws RagError INPUT_UNREADABLE when it can't be told
   */
  hasFile(path: string, root: string): Promise<boolean>
  /**
   * The bytes of a file, opened without following a link that leads out of `root`.
   * @throws RagError INPUT_MISSING (gone since listing) | INPUT_UNREADABLE | TOO_LARGE (over `maxBytes`, checked while reading)
   */
  read(file: SourceFile, maxBytes: number, root?: string): Promise<Uint8Array>
  /** All of standard input. @throws RagError TOO_LARGE */
  readStdin(maxBytes: number): Promise<Uint8Array>
  /**
   * The lines of a file (or of standard input for `-`) as bytes without their line end, with line number from 1 and byte
   * offset. A line over `maxLineBytes` comes as `tooLong` with no bytes. Memory is bounded by the longest line.
   */
  lines(path: string, maxLineBytes: number, signal?: AbortSignal): AsyncIterable<SourceLine>
}

export interface SourceLine {
  readonly number: number
  readonly offset: number
  readonly bytes: Uint8Array
  readonly tooLong: boolean
}
