import {notValid} from '../../model/errors/files/source.js'
import {attributeOf, readXml} from '../archive/xml-part.js'
import {resolvePart, type OfficePackage} from '../office/package-parts.js'

export interface PackageDocument {
  /** Path of the OPF. */
  readonly part: string
  /** Chapters in the order in which they are read. */
  readonly spine: readonly string[]
  /** Titles of the table of contents, by chapter. */
  readonly titles: ReadonlyMap<string, string>
}

/** What an EPUB holds, and in which order: container → OPF → spine. @throws RagError BAD_INPUT */
export async function readPackageDocument(from: OfficePackage): Promise<PackageDocument> {
  const part = await rootFile(from)
  const items = new Map<string, string>()
  const references: string[] = []
  const contents = {nav: '', ncx: ''}
  await readXml(
    {...from, part},
    {
      open: (name, attributes) => {
        if (name === 'itemref') references.push(attributes['idref'] ?? '')
        if (name !== 'item') return
        const target = resolvePart(part, decodePath(attributes['href'] ?? ''))
        items.set(attributes['id'] ?? '', target)
        if (/\bnav\b/.test(attributes['properties'] ?? '')) contents.nav = target
        if (attributes['media-type'] === 'application/x-dtbncx+xml') contents.ncx = target
      },
    },
  )
  const spine = references.map((id) => items.get(id)).filter((chapter) => chapter !== undefined)
  const titles = new Map<string, string>()
  for (const table of [contents.nav, contents.ncx])
    if (from.archive.has(table)) await readTitles(from, table, titles)
  return {
    part,
    spine: spine.filter((chapter) => from.archive.has(chapter) && chapter !== contents.nav),
    titles,
  }
}

async function rootFile(from: OfficePackage): Promise<string> {
  let root: string | undefined
  const part = 'META-INF/container.xml'
  if (from.archive.has(part))
    await readXml(
      {...from, part},
      {
        open: (name, attributes) =>
          void (name === 'rootfile' && (root ??= attributeOf(attributes, 'full-path'))),
      },
    )
  root ??= from.archive.names.find((name) => name.endsWith('.opf'))
  if (root === undefined) throw notValid(from.file, from.kind, 'it has no package document')
  return root
}

/** Of a navigation document, or of the older NCX: the first title of each chapter. */
async function readTitles(from: OfficePackage, part: string, titles: Map<string, string>): Promise<void> {
  let [text, label, target] = ['', '', '']
  const keep = (title: string, href: string): void => {
    const chapter = resolvePart(part, decodePath(href.replace(/#.*$/, '')))
    if (title.trim() !== '' && !titles.has(chapter)) titles.set(chapter, title.trim())
  }
  await readXml(
    {...from, part},
    {
      open: (name, attributes) => {
        if (name === 'a' || name === 'navLabel') text = ''
        if (name === 'a') target = attributes['href'] ?? ''
        if (name === 'content') keep(label, attributes['src'] ?? '')
      },
      text: (more) => {
        if (text.length < 500) text += more
      },
      close: (name) => {
        if (name === 'a') keep(text, target)
        else if (name === 'navLabel') label = text
      },
    },
  )
}

function decodePath(href: string): string {
  try {
    return decodeURIComponent(href)
  } catch {
    return href
  }
}
