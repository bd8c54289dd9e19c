import type {Place} from '../../model/block.js'
import type {LoadedDocument} from '../../model/document.js'
import type {RawFile} from '../../ports/document-loader.js'
import {attributeOf, readXml} from '../archive/xml-part.js'
import {ZipDocument} from '../archive/zip.js'
import {collapseSpace} from '../collapse-space.js'
import {fileTitle, titleLine} from '../file-title.js'
import {escapeBlockStart} from '../markup/escape-markdown.js'
import {markdownTable} from '../placed/markdown-table.js'
import {PlacedText} from '../placed/placed-text.js'
import {readProperties, readRelations, type OfficePackage} from './package-parts.js'
import {SlideReader, type SlideBlock} from './slide-reader.js'

/**
 * PPTX: each slide a heading with its text below it, then its notes; in the order in which they are shown.
 * @throws RagError NOT_TEXT (encrypted, empty) | BAD_INPUT | TOO_LARGE
 */
export async function readPptx({name, bytes}: RawFile): Promise<LoadedDocument> {
  const archive = await ZipDocument.open(name, 'PPTX', bytes)
  const from = {file: name, kind: 'PPTX', archive}
  const {title, language, metadata} = await readProperties(from, 'docProps/core.xml')
  const text = new PlacedText()
  let firstTitle = ''
  const parts = await slideParts(from)
  for (const [at, part] of parts.entries()) {
    const slide = await readSlide(from, part)
    firstTitle ||= slide.title
    const place = {kind: 'slide', slide: at + 1, inNotes: false} as const
    const notes = await notesOf(from, part)
    if (slide.title === '' && slide.blocks.length === 0 && notes.length === 0) continue
    writeHeading(text, slide.title, place)
    writeBlocks(text, slide.blocks, place)
    writeBlocks(text, notes, {...place, inNotes: true})
  }
  return {
    title: title ?? titleLine(firstTitle) ?? fileTitle(name),
    text: text.text(),
    format: 'markdown',
    firstLine: 1,
    language,
    metadata: {...metadata, slides: parts.length},
    places: text.places(),
    ...(text.places().length === 0
      ? {faults: [{message: 'it holds no text: its slides are images or empty'}]}
      : {}),
  }
}

/** The heading of a slide; a number when it has no title, so that its text does not stand under the slide before. */
export function writeHeading(text: PlacedText, title: string, place: Extract<Place, {kind: 'slide'}>): void {
  if (title === '') text.block(`## Slide ${place.slide}`)
  else text.block(`## ${collapseSpace(title)}`, place)
}

export function writeBlocks(text: PlacedText, blocks: readonly SlideBlock[], place: Place): void {
  blocks.forEach(({kind, level, text: words, rows}, at) => {
    if (kind === 'table') text.block(markdownTable(rows), place)
    else if (kind === 'item')
      text.block(`${'  '.repeat(level)}- ${collapseSpace(words)}`, place, blocks[at - 1]?.kind === 'item')
    else text.block(escapeBlockStart(collapseSpace(words)), place)
  })
}

/** The slides in the order in which they are shown. */
async function slideParts(from: OfficePackage): Promise<readonly string[]> {
  const root = await readRelations(from, '')
  const part =
    [...root.values()].find(({type}) => type === 'officeDocument')?.target ?? 'ppt/presentation.xml'
  const relations = await readRelations(from, part)
  const slides: string[] = []
  await readXml(
    {...from, part},
    {
      open: (name, attributes) => {
        const slide = name === 'sldId' ? relations.get(attributeOf(attributes, 'id', true) ?? '') : undefined
        if (slide && from.archive.has(slide.target)) slides.push(slide.target)
      },
    },
  )
  return slides
}

async function readSlide(from: OfficePackage, part: string): Promise<SlideReader> {
  const reader = new SlideReader()
  await readXml({...from, part}, reader)
  return reader
}

async function notesOf(from: OfficePackage, slide: string): Promise<readonly SlideBlock[]> {
  const notes = [...(await readRelations(from, slide)).values()].find(({type}) => type === 'notesSlide')
  if (!notes || !from.archive.has(notes.target)) return []
  const {blocks} = await readSlide(from, notes.target)
  // What is said, not a list.
  return blocks.map((block) => (block.kind === 'item' ? {...block, kind: 'paragraph'} : block))
}
