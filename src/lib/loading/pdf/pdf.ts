import type {LoadedDocument, LoadFault} from '../../model/document.js'
import type {Metadata} from '../../model/metadata.js'
import {holdsNoText, isEncrypted, notValid} from '../../model/errors/files/source.js'
import {reasonOf} from '../../model/errors/rag-error.js'
import type {RawFile} from '../../ports/document-loader.js'
import {cleanUnescaped} from '../clean-text.js'
import {fileTitle, titleLine} from '../file-title.js'
import {primaryTag} from '../language-tag.js'
import {numberRanges} from '../placed/number-ranges.js'
import type {PdfPage} from './page-furniture.js'
import {pdfText} from './pdf-text.js'
import {readPage, type PdfDocument} from './read-page.js'

/** Titles that programs write by themselves. */
const NO_TITLE =
  /^(?:untitled|unnamed|document\d*|microsoft (?:word|powerpoint)\b.*|.*\.(?:docx?|pptx?|xlsx?|odt|tex|dvi|indd|qxd))$/i

/**
 * PDF as Markdown, from where the text stands on each page: headings by size, columns one after the other, tables by their gaps; without
 * running heads, feet and page numbers. Pages without text are faults.
 * @throws RagError NOT_TEXT (encrypted, no text at all) | BAD_INPUT
 */
export async function readPdf({name, bytes}: RawFile): Promise<LoadedDocument> {
  const pdf = await openPdf(name, bytes)
  const faults: LoadFault[] = []
  const pages: PdfPage[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    try {
      pages.push(await readPage(pdf, number))
    } catch (error) {
      faults.push({message: `page ${number} can't be read: ${reasonOf(error)}`})
    }
  }
  const empty = pages.filter(({rows, turned}) => rows.length + turned.length === 0).map(({number}) => number)
  if (empty.length === pages.length) {
    if (faults.length > 0) throw notValid(name, 'PDF', faults[0]!.message)
    throw holdsNoText(
      name,
      pages.length === 1 ? 'its page is an image or empty' : `its ${pages.length} pages are images or empty`,
    )
  }
  if (empty.length > 0)
    faults.push({
      message: `page${empty.length === 1 ? '' : 's'} ${numberRanges(empty)} of ${pdf.numPages}: no text, an image or empty`,
    })
  const {text, firstHeading} = pdfText(pages)
  const {title, language, metadata} = await describePdf(pdf)
  await pdf.loadingTask.destroy()
  return {
    title: title ?? titleLine(firstHeading ?? '') ?? fileTitle(name),
    text: text.text(),
    format: 'markdown',
    firstLine: 1,
    language,
    metadata,
    places: text.places(),
    ...(faults.length > 0 ? {faults} : {}),
  }
}

async function openPdf(name: string, bytes: Uint8Array): Promise<PdfDocument> {
  const {getDocumentProxy} = await import('unpdf')
  try {
    return await getDocumentProxy(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      verbosity: 0,
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
    })
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw isEncrypted(name, 'PDF')
    throw notValid(name, 'PDF', reasonOf(error).replace(/\.$/, ''), error)
  }
}

async function describePdf(pdf: PdfDocument): Promise<{
  readonly title: string | undefined
  readonly language: string | undefined
  readonly metadata: Metadata
}> {
  const found = await pdf.getMetadata().catch(() => undefined)
  const info = (found?.info ?? {}) as Readonly<Record<string, unknown>>
  const text = (key: string): string =>
    typeof info[key] === 'string' ? cleanUnescaped(info[key]).trim() : ''
  const title = titleLine(text('Title'))
  const written = /^D:(\d{4})(\d\d)(\d\d)/.exec(text('CreationDate'))
  return {
    title: title !== undefined && !NO_TITLE.test(title) ? title : undefined,
    language: primaryTag(info['Language']),
    metadata: {
      pages: pdf.numPages,
      ...(text('Author') === '' ? {} : {author: text('Author').slice(0, 500)}),
      ...(text('Subject') === '' ? {} : {subject: text('Subject').slice(0, 500)}),
      ...(text('Keywords') === '' ? {} : {keywords: text('Keywords').slice(0, 500)}),
      ...(written ? {created: `${written[1]}-${written[2]}-${written[3]}`} : {}),
    },
  }
}
