import type {LoadedDocument} from '../../model/document.js'
import {isEncrypted} from '../../model/errors/files/source.js'
import type {RawFile} from '../../ports/document-loader.js'
import {readXml} from '../archive/xml-part.js'
import {ZipDocument} from '../archive/zip.js'
import {fileTitle, titleLine} from '../file-title.js'
import {readProperties, type OfficePackage} from '../office/package-parts.js'
import {OpenDocumentReader} from './opendocument-reader.js'

/**
 * ODT, ODS and ODP: headings, lists, tables, notes; each stretch in its numbered paragraph, its row of a sheet, or its slide. Comments and
 * deleted text are left out.
 * @throws RagError NOT_TEXT (encrypted, empty) | BAD_INPUT | TOO_LARGE
 */
export async function readOpenDocument({name, bytes}: RawFile): Promise<LoadedDocument> {
  const kind = name.slice(name.lastIndexOf('.') + 1).toUpperCase()
  const archive = await ZipDocument.open(name, kind, bytes)
  const from = {file: name, kind, archive}
  if (await isLocked(from)) throw isEncrypted(name, kind)
  const {title, language, metadata} = await readProperties(from, 'meta.xml')
  const reader = new OpenDocumentReader()
  await readXml({...from, part: 'content.xml'}, reader)
  const {written: text} = reader
  return {
    title: title ?? titleLine(reader.firstHeading) ?? fileTitle(name),
    text: text.text(),
    format: 'markdown',
    firstLine: 1,
    language,
    metadata,
    places: text.places(),
    ...(text.places().length === 0
      ? {faults: [{message: 'it holds no text: it is empty, or holds images only'}]}
      : {}),
  }
}

/** By its manifest; newer programs put the whole package into one part. */
async function isLocked(from: OfficePackage): Promise<boolean> {
  if (from.archive.has('encrypted-package')) return true
  const part = 'META-INF/manifest.xml'
  let found = false
  if (from.archive.has(part))
    await readXml({...from, part}, {open: (name) => void (found ||= name === 'encryption-data')})
  return found
}
