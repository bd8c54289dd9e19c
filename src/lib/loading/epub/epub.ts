import type {LoadedDocument, LoadFault} from '../../model/document.js'
import {isEncrypted} from '../../model/errors/files/source.js'
import {reasonOf} from '../../model/errors/rag-error.js'
import type {DocumentLoaders, RawFile} from '../../ports/document-loader.js'
import {attributeOf, readXml} from '../archive/xml-part.js'
import {ZipDocument} from '../archive/zip.js'
import {fileTitle} from '../file-title.js'
import {readProperties, resolvePart, type OfficePackage} from '../office/package-parts.js'
import {markdownParagraphs} from '../placed/markdown-paragraphs.js'
import {PlacedText} from '../placed/placed-text.js'
import {readPackageDocument} from './package-document.js'

/**
 * EPUB: its chapters in the order of its spine, by the reader of HTML. A chapter without a heading gets its title of the table of contents.
 * Places are paragraphs of a chapter's file.
 * @throws RagError NOT_TEXT (encrypted, empty) | BAD_INPUT | TOO_LARGE
 */
export async function readEpub({name, bytes}: RawFile, within: DocumentLoaders): Promise<LoadedDocument> {
  const archive = await ZipDocument.open(name, 'EPUB', bytes)
  const from = {file: name, kind: 'EPUB', archive}
  const book = await readPackageDocument(from)
  const locked = await lockedParts(from)
  if (book.spine.some((chapter) => locked.has(chapter))) throw isEncrypted(name, 'EPUB')
  const {title, language, metadata} = await readProperties(from, book.part)
  const text = new PlacedText()
  const faults: LoadFault[] = []
  for (const chapter of book.spine)
    try {
      const page = await within.find('a.xhtml')!.load({name: 'a.xhtml', bytes: await archive.bytes(chapter)})
      writeChapter(text, page.text, {part: chapter, title: book.titles.get(chapter)})
    } catch (error) {
      faults.push({message: `${chapter}: ${reasonOf(error)}`})
    }
  if (text.places().length === 0) faults.push({message: 'it holds no text: its chapters are images or empty'})
  return {
    title: title ?? fileTitle(name),
    text: text.text(),
    format: 'markdown',
    firstLine: 1,
    language,
    metadata,
    places: text.places(),
    ...(faults.length > 0 ? {faults} : {}),
  }
}

function writeChapter(
  text: PlacedText,
  chapter: string,
  {part, title}: {readonly part: string; readonly title: string | undefined},
): void {
  const paragraphs = markdownParagraphs(chapter)
  if (title !== undefined && paragraphs.length > 0 && !paragraphs.some((one) => /^#{1,6} /.test(one)))
    text.block(`# ${title}`)
  paragraphs.forEach((paragraph, at) =>
    text.block(paragraph, {kind: 'paragraphs', first: at + 1, last: at + 1, part}),
  )
}

/** Parts that are encrypted by more than the usual hiding of fonts. */
async function lockedParts(from: OfficePackage): Promise<ReadonlySet<string>> {
  const locked = new Set<string>()
  const part = 'META-INF/encryption.xml'
  if (from.archive.has(part))
    await readXml(
      {...from, part},
      {
        open: (name, attributes) => {
          if (name === 'CipherReference') locked.add(resolvePart('', attributeOf(attributes, 'URI') ?? ''))
        },
      },
    )
  return locked
}
