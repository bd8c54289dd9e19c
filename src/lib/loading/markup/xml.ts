import type {LoadedDocument} from '../../model/document.js'
import type {Metadata} from '../../model/metadata.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {cleanUnescaped} from '../clean-text.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle, titleLine} from '../file-title.js'
import {primaryTag} from '../language-tag.js'
import {readMarkup} from './markup-events.js'
import {XmlReader} from './xml-reader.js'

const MAX_ATTRIBUTES = 20
const MAX_ATTRIBUTE_LENGTH = 500

/**
 * XML as Markdown: an element that holds others is a section, a short text is `Name: text`, a long one a paragraph; a short first text
 * before a long one (a question before its answer, a title) is the section's heading. Attributes of the root become metadata, those of
 * other elements lines `name: value`; technical ones (`xmlns`, `xsi:…`, `class`) and those within a text are left out.
 * Malformed XML is read as far as it goes; declared entities are never expanded.
 */
export const xmlLoader: DocumentLoader = {
  type: 'xml',
  extensions: ['xml', 'rss', 'atom', 'xsd', 'xsl', 'dita', 'dbk'],
  load(file: RawFile): LoadedDocument {
    const source = decodeText(file.bytes, file.name, declaredEncoding(file.bytes))
    const reader = new XmlReader()
    readMarkup(source, true, reader)
    reader.end()
    const text = cleanUnescaped(reader.markdown())
    const language = primaryTag(reader.rootAttributes.get('xml:lang') ?? reader.rootAttributes.get('lang'))
    return {
      title: titleLine(cleanUnescaped(reader.title)) ?? fileTitle(file.name),
      // What holds no element at all is plain text under another name.
      text: text === '' && !reader.hasElements ? source : text,
      format: 'markdown',
      firstLine: 1,
      // The lines of a rendering are those of no file that a person can open.
      ...(text === '' && !reader.hasElements ? {} : {places: []}),
      language,
      metadata: rootMetadata(reader.rootAttributes),
    }
  },
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString('latin1')
  return /^\s*<\?xml[^>]{0,100}encoding\s{0,9}=\s{0,9}["']([\w:.-]{2,40})["']/.exec(head)?.[1]
}

function rootMetadata(attributes: ReadonlyMap<string, string>): Metadata {
  const kept: [string, string][] = []
  for (const [name, value] of attributes) {
    const technical = /^(?:xmlns|xsi|xml)(?::|$)/.test(name) || name === '__proto__' || name === 'lang'
    if (technical || value.trim() === '' || value.length > MAX_ATTRIBUTE_LENGTH) continue
    if (kept.length < MAX_ATTRIBUTES) kept.push([name, cleanUnescaped(value.trim())])
  }
  return Object.fromEntries(kept)
}
