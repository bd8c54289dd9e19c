import PostalMime, {type Email} from 'postal-mime'
import type {LoadedDocument, LoadFault} from '../../model/document.js'
import {notValid} from '../../model/errors/files/source.js'
import {reasonOf} from '../../model/errors/rag-error.js'
import type {DocumentLoaders, RawFile} from '../../ports/document-loader.js'
import {fileTitle} from '../file-title.js'
import {PlacedText} from '../placed/placed-text.js'
import {messagesOf} from './mbox-messages.js'
import {headFacts, subjectOf, writeMessage} from './message-text.js'

const MAX_NESTING = 64
/** The first line of a message; some programs keep the separating line of a mailbox before it. */
const HEADER = /^(?:\xef\xbb\xbf|\s)*(?:From |[\x21-\x39\x3b-\x7e]+[ \t]*:)/

/**
 * A message (`.eml`): its subject is the title; from, to and date are text and metadata; attachments are read by their loader.
 * @throws RagError BAD_INPUT
 */
export async function readEml({name, bytes}: RawFile, within: DocumentLoaders): Promise<LoadedDocument> {
  if (!HEADER.test(Buffer.from(bytes.subarray(0, 1000)).toString('latin1')))
    throw notValid(name, 'mail', 'it does not begin with a header line such as "From: …"')
  const email = await parsed(bytes).catch((error: unknown) => {
    throw notValid(name, 'mail', reasonOf(error).replace(/\.$/, ''), error)
  })
  const text = new PlacedText()
  const faults: LoadFault[] = []
  await writeMessage(email, {text, faults, within, message: 1, isFromQuoted: false})
  return document(subjectOf(email) ?? fileTitle(name), text, {
    faults,
    metadata: Object.fromEntries(headFacts(email)),
  })
}

/**
 * A mailbox (`.mbox`): a heading a message, each part in its message. A message that can't be read is named, and the others are read.
 * @throws RagError BAD_INPUT
 */
export async function readMbox({name, bytes}: RawFile, within: DocumentLoaders): Promise<LoadedDocument> {
  const text = new PlacedText()
  const faults: LoadFault[] = []
  let message = 0
  for (const raw of messagesOf(bytes)) {
    message++
    try {
      await writeMessage(await parsed(raw), {text, faults, within, message, isFromQuoted: true})
    } catch (error) {
      faults.push({message: `message ${message} can't be read: ${reasonOf(error)}`})
    }
  }
  if (message === 0 && bytes.length > 0) throw notValid(name, 'mbox', 'line 1 does not begin with "From "')
  return document(fileTitle(name), text, {faults, metadata: {messages: message}})
}

function parsed(bytes: Uint8Array): Promise<Email> {
  return PostalMime.parse(bytes, {maxNestingDepth: MAX_NESTING})
}

function document(
  title: string,
  text: PlacedText,
  {faults, metadata}: {readonly faults: readonly LoadFault[]; readonly metadata: LoadedDocument['metadata']},
): LoadedDocument {
  return {
    title,
    text: text.text(),
    format: 'markdown',
    firstLine: 1,
    metadata,
    places: text.places(),
    ...(faults.length > 0 ? {faults} : {}),
  }
}
