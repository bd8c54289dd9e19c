import {Parser} from 'htmlparser2'
import {notValid} from '../../model/errors/files/source.js'
import type {ZipDocument} from './zip.js'

/** Deeper than any program writes; the parser's cost grows with the depth. */
const MAX_DEPTH = 500

export type Attributes = Readonly<Record<string, string>>

/** What is called with the elements of a part, by their names without a prefix. */
export interface XmlHandler {
  open?(name: string, attributes: Attributes): void
  close?(name: string): void
  text?(text: string): void
}

/** Where a part is, for errors. */
export interface XmlPart {
  readonly file: string
  readonly kind: string
  readonly archive: ZipDocument
  readonly part: string
}

/** Reads an XML part as it is unpacked. Entities that a document declares are not expanded. @throws RagError as `ZipDocument.text`, and BAD_INPUT (too deep) */
export async function readXml({file, kind, archive, part}: XmlPart, handler: XmlHandler): Promise<void> {
  let depth = 0
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > MAX_DEPTH) throw notValid(file, kind, `${part} is nested over ${MAX_DEPTH} levels deep`)
        handler.open?.(localName(name), attributes)
      },
      onclosetag(name) {
        depth--
        handler.close?.(localName(name))
      },
      ontext: (text) => handler.text?.(text),
    },
    {xmlMode: true, decodeEntities: true},
  )
  for await (const text of archive.text(part)) parser.write(text)
  parser.end()
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** An attribute by its name without the prefix; with `prefixed`, one that has a prefix. */
export function attributeOf(attributes: Attributes, name: string, prefixed = false): string | undefined {
  if (!prefixed && name in attributes) return attributes[name]
  for (const key in attributes) if (key.endsWith(`:${name}`)) return attributes[key]
  return undefined
}
