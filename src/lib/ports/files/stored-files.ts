/** Reads whatever files there are below folders, by their bytes: to prove what is in none of them. Changes nothing. */
export interface StoredFiles {
  /**
   * Absolute paths of all files below the folders, each once, ascending. Links are followed; a folder that is not there is empty, and a name
   * that is no absolute path is passed over. @throws RagError STORE_UNUSABLE when a folder can't be read
   */
  list(folders: readonly string[]): Promise<readonly string[]>
  /**
   * The bytes of a file as they lie there; then, of one that is packed with gzip or zstd, as they were before, as far as they can be
   * unpacked: a list for each, of pieces which lie where the piece before lay. A file that is gone is empty.
   * @throws RagError STORE_UNUSABLE when it can't be read
   */
  read(path: string): AsyncIterable<AsyncIterable<Uint8Array>>
}
