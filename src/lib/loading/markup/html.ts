import type {LoadedDocument} from '../../model/document.js'
import type {Metadata} from '../../model/metadata.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {cleanUnescaped} from '../clean-text.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle, titleLine} from '../file-title.js'
import {HtmlReader} from './html-reader.js'
import {primaryTag} from '../language-tag.js'
import {readMarkup} from './markup-events.js'

/**
 * HTML as Markdown: headings, lists, tables and preformatted text keep their form, links are their text. Scripts, styles, pictures and
 * navigation are dropped, and nothing else.
 */
export const htmlLoader: DocumentLoader = {
  type: 'html',
  extensions: ['html', 'htm', 'xhtml', 'xht'],
  load(file: RawFile): LoadedDocument {
    const source = decodeText(file.bytes, file.name, declaredCharset(file.bytes))
    const reader = read(source)
    const text = reader.blocks.text()
    const title =
      titleLine(cleanUnescaped(reader.title)) ?? titleLine(cleanUnescaped(reader.blocks.firstHeading))
    const language = primaryTag(reader.language)
    return {
      title: title ?? fileTitle(file.name),
      text: cleanUnescaped(text),
      format: 'markdown',
      firstLine: 1,
      // Its lines are those of no file that a person can open.
      places: [],
      language,
      metadata: describing(reader.meta),
    }
  },
}

/** What would be dropped and is never closed must not swallow the page: it is read anew with such elements kept. */
function read(source: string): HtmlReader {
  const kept = new Set<string>()
  for (;;) {
    const reader = new HtmlReader(kept)
    readMarkup(source, false, reader)
    reader.end()
    if (reader.unclosed === '') return reader
    kept.add(reader.unclosed)
  }
}

function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2048)).toString(
    'latin1',
  )
  return /<meta[^<>]{0,200}charset\s{0,9}=\s{0,9}["']?([\w:.-]{2,40})/i.exec(head)?.[1]
}

function describing(meta: ReadonlyMap<string, string>): Metadata {
  return Object.fromEntries([...meta].map(([name, value]) => [name, cleanUnescaped(value)]))
}
