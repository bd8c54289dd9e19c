import type {LoadedDocument, PlacedSpan} from '../../model/document.js'
import {notValid} from '../../model/errors/files/source.js'
import {reasonOf} from '../../model/errors/rag-error.js'
import type {DocumentLoaders, RawFile} from '../../ports/document-loader.js'
import {ZipDocument} from '../archive/zip.js'
import {headingStyles} from './heading-styles.js'
import {readProperties, type OfficePackage} from './package-parts.js'
import {titleLine} from '../file-title.js'

/** Stand around the number of a paragraph at its end, until the text is made. Of the private use area: they mean nothing by themselves. */
const [MARK, MARK_END] = ['\ue5a1', '\ue5a2']
const MARKS = /\ue5a1(\d+)\ue5a2/g
/** From a note to where it is referred to. */
const BACK_LINKS = / ?<a href="#(?:foot|end)note-ref-[^"]*">↑<\/a>/g
/** Styles of other programs, beyond those that mammoth knows. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  "p[style-name='Source Code'] => pre:separator('\\n')",
  "p[style-name='HTML Preformatted'] => pre:separator('\\n')",
  "p[style-name='Preformatted Text'] => pre:separator('\\n')",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Block Text'] => blockquote > p:fresh",
  ...[1, 2, 3, 4, 5, 6].map((level) => `p[style-name='Heading ${level}'] => h${level}:fresh`),
]

/**
 * DOCX: headings, lists, tables and notes by mammoth and the reader of HTML; each stretch in its numbered paragraph, as Word counts them.
 * Comments are left out.
 * @throws RagError NOT_TEXT (encrypted, empty) | BAD_INPUT | TOO_LARGE
 */
export async function readDocx({name, bytes}: RawFile, within: DocumentLoaders): Promise<LoadedDocument> {
  const archive = await ZipDocument.open(name, 'DOCX', bytes)
  const from = {file: name, kind: 'DOCX', archive}
  await checkParts(from)
  const {title, language, metadata} = await readProperties(from, 'docProps/core.xml')
  const headings = [...(await headingStyles(from))].map(
    ([style, level]) => `p[style-name='${style}'] => h${level}:fresh`,
  )
  const html = await toHtml(name, bytes, [...STYLES, ...headings])
  const page = await within
    .find('a.html')!
    .load({name: 'a.html', bytes: Buffer.from(`<!doctype html><meta charset="utf-8">${html}`)})
  const {text, places} = withoutMarks(page.text)
  const first = page.title.replace(MARKS, '')
  return {
    title: title ?? (first === 'a' ? undefined : titleLine(first)) ?? name.replace(/\.[^.]*$/, ''),
    text,
    format: 'markdown',
    firstLine: 1,
    language,
    metadata,
    places,
    ...(text === '' ? {faults: [{message: 'it holds no text: its paragraphs are empty'}]} : {}),
  }
}

/** Unpacks once what mammoth unpacks into memory: a part that is larger than it declares is refused here, before. */
async function checkParts({archive}: OfficePackage): Promise<void> {
  for (const part of archive.names) if (/\.(?:xml|rels)$/i.test(part)) await archive.check(part)
}

async function toHtml(name: string, bytes: Uint8Array, styleMap: readonly string[]): Promise<string> {
  const {default: mammoth} = await import('mammoth')
  let number = 0
  const {transforms} = mammoth as unknown as {readonly transforms: Transforms}
  const transformDocument = transforms.paragraph((paragraph: Paragraph) => {
    number++
    if (!hasText(paragraph)) return paragraph
    const mark = {type: 'text', value: `${MARK}${number}${MARK_END}`}
    return {...paragraph, children: [...paragraph.children, {type: 'run', children: [mark]}]}
  })
  try {
    const {value} = await mammoth.convertToHtml(
      {buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)},
      {
        styleMap: [...styleMap],
        transformDocument,
        convertImage: mammoth.images.imgElement(() => Promise.resolve({src: ''})),
      },
    )
    return value.replace(BACK_LINKS, '')
  } catch (error) {
    throw notValid(name, 'DOCX', reasonOf(error).replace(/\.$/, ''), error)
  }
}

/** What mammoth's types leave out. */
interface Transforms {
  paragraph(change: (paragraph: Paragraph) => Paragraph): (document: unknown) => unknown
}

interface Paragraph {
  readonly children: readonly DocumentNode[]
}

interface DocumentNode {
  readonly type: string
  readonly value?: string
  readonly children?: readonly DocumentNode[]
}

function hasText({children = []}: {readonly children?: readonly DocumentNode[]}): boolean {
  return children.some((child) => (child.type === 'text' ? child.value?.trim() !== '' : hasText(child)))
}

/** Each mark ends the text of its paragraph. */
function withoutMarks(marked: string): {readonly text: string; readonly places: readonly PlacedSpan[]} {
  const places: PlacedSpan[] = []
  let text = ''
  let from = 0
  for (const mark of marked.matchAll(MARKS)) {
    const piece = marked.slice(from, mark.index)
    const start = text.length + piece.length - piece.trimStart().length
    text += piece
    from = mark.index + mark[0].length
    const paragraph = Number(mark[1])
    if (start < text.length)
      places.push({start, end: text.length, place: {kind: 'paragraphs', first: paragraph, last: paragraph}})
  }
  return {text: text + marked.slice(from), places}
}
