import type {Metadata} from '../../model/metadata.js'
import {attributeOf, readXml} from '../archive/xml-part.js'
import type {ZipDocument} from '../archive/zip.js'
import {cleanUnescaped} from '../clean-text.js'
import {titleLine} from '../file-title.js'
import {primaryTag} from '../language-tag.js'

/** An opened document of an office program. */
export interface OfficePackage {
  readonly file: string
  readonly kind: string
  readonly archive: ZipDocument
}

export interface OfficeProperties {
  readonly title: string | undefined
  readonly language: string | undefined
  readonly metadata: Metadata
}

const MAX_VALUE = 2000
/** Elements of Dublin Core, and how metadata calls them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['title', 'title'],
  ['language', 'language'],
  ['creator', 'author'],
  ['initial-creator', 'author'],
  ['subject', 'subject'],
  ['description', 'description'],
  ['keywords', 'keywords'],
  ['keyword', 'keywords'],
  ['publisher', 'publisher'],
  ['created', 'created'],
  ['creation-date', 'created'],
])

/** What a document says of itself in a part of Dublin Core elements: `docProps/core.xml`, `meta.xml`, an OPF. */
export async function readProperties(from: OfficePackage, part: string): Promise<OfficeProperties> {
  const found = new Map<string, string>()
  let key: string | undefined
  let text = ''
  if (from.archive.has(part))
    await readXml(
      {...from, part},
      {
        open: (name) => {
          key = NAMES.get(name)
          text = ''
        },
        text: (more) => {
          if (key !== undefined && text.length < MAX_VALUE) text += more
        },
        close: () => {
          const value = cleanUnescaped(text).trim().slice(0, MAX_VALUE)
          if (key !== undefined && value !== '' && !found.has(key)) found.set(key, value)
          key = undefined
        },
      },
    )
  const {title, language, ...metadata} = Object.fromEntries(found)
  return {title: titleLine(title ?? ''), language: primaryTag(language), metadata}
}

/** What a part refers to: targets by id, as paths from the root of the package. */
export async function readRelations(
  from: OfficePackage,
  part: string,
): Promise<ReadonlyMap<string, Relation>> {
  const relations = new Map<string, Relation>()
  const slash = part.lastIndexOf('/') + 1
  const file = `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`
  if (!from.archive.has(file)) return relations
  await readXml(
    {...from, part: file},
    {
      open: (name, attributes) => {
        const [id, target] = [attributeOf(attributes, 'Id'), attributeOf(attributes, 'Target')]
        if (name !== 'Relationship' || id === undefined || target === undefined) return
        const type = attributeOf(attributes, 'Type')?.split('/').at(-1) ?? ''
        relations.set(id, {type, target: resolvePart(part, target)})
      },
    },
  )
  return relations
}

export interface Relation {
  /** The last word of its type: `slide`, `notesSlide`, `worksheet`. */
  readonly type: string
  readonly target: string
}

/** A path that a part names, from the root of the archive. */
export function resolvePart(from: string, target: string): string {
  const path = target.startsWith('/') ? target : `${from.slice(0, from.lastIndexOf('/') + 1)}${target}`
  const parts: string[] = []
  for (const part of path.split('/'))
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  return parts.join('/')
}
