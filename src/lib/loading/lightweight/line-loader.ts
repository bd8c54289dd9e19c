import type {LoadedDocument} from '../../model/document.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle, titleLine} from '../file-title.js'

/** Lines of a source as lines of Markdown, one for one, and the title that it names. */
export type LineReader = (lines: readonly string[]) => {
  readonly title: string | undefined
  readonly lines: readonly string[]
}

/** A loader that makes Markdown of each line: every line of the text is a line of the file. */
export function lineLoader(type: string, extensions: readonly string[], read: LineReader): DocumentLoader {
  return {
    type,
    extensions,
    load(file: RawFile): LoadedDocument {
      const {title, lines} = read(decodeText(file.bytes, file.name).split('\n'))
      return {
        title: titleLine(title ?? '') ?? fileTitle(file.name),
        text: lines.join('\n'),
        format: 'markdown',
        firstLine: 1,
        metadata: {},
      }
    },
  }
}
