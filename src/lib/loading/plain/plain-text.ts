import type {LoadedDocument, TextFormat} from '../../model/document.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle} from '../file-title.js'

export interface PlainFormat {
  readonly format: TextFormat
  /** The title is the file's name with its extension, as source files are called. */
  readonly keepExtension?: boolean | undefined
  /** What becomes of the text, whose lines stay where they are. */
  readonly edit?: ((text: string) => string) | undefined
}

/** A loader that takes text as it is; the title is the file's name. */
export function plainLoader(
  type: string,
  extensions: readonly string[],
  {format, keepExtension = false, edit = (text) => text}: PlainFormat,
): DocumentLoader {
  return {
    type,
    extensions,
    load: (file: RawFile): LoadedDocument => ({
      title: keepExtension ? file.name : fileTitle(file.name),
      text: edit(decodeText(file.bytes, file.name)),
      format,
      firstLine: 1,
      metadata: {},
    }),
  }
}

/** Text, logs and well-known files without extension. */
export const textLoader = plainLoader('text', ['txt', 'text', 'log', 'asc', 'tex'], {format: 'text'})

/** YAML, TOML and INI: their lines say more as they are than in any rendering. */
export const configLoader = plainLoader(
  'config',
  ['yaml', 'yml', 'toml', 'ini', 'cfg', 'conf', 'properties', 'env'],
  {format: 'text', keepExtension: true},
)
