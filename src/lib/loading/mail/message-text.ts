import type {Address, Attachment, Email} from 'postal-mime'
import type {Place} from '../../model/block.js'
import type {LoadFault} from '../../model/document.js'
import {reasonOf} from '../../model/errors/rag-error.js'
import type {DocumentLoaders} from '../../ports/document-loader.js'
import {cleanUnescaped} from '../clean-text.js'
import {titleLine} from '../file-title.js'
import {escapeBlockStart} from '../markup/escape-markdown.js'
import {deeperHeadings} from '../placed/deeper-headings.js'
import type {PlacedText} from '../placed/placed-text.js'

/** Where a message is written to. */
export interface MessageTarget {
  readonly text: PlacedText
  readonly faults: LoadFault[]
  readonly within: DocumentLoaders
  readonly message: number
  /** Lines that began with `From ` got a `>` in the mailbox. */
  readonly isFromQuoted: boolean
}

const MAX_ADDRESSES = 1000

/** A message: its subject as heading, who wrote it to whom and when, its text, then the text of its attachments. */
export async function writeMessage(email: Email, target: MessageTarget): Promise<void> {
  const {text, message} = target
  const place: Place = {kind: 'message', message}
  text.block(`# ${subjectOf(email) ?? `Message ${message}`}`, place)
  const facts = headFacts(email)
  text.block(
    [...facts].map(([name, value]) => `${name[0]!.toUpperCase()}${name.slice(1)}: ${value}`).join('\n'),
    place,
  )
  text.block(await bodyOf(email, target), place)
  for (const attachment of email.attachments) await writeAttachment(attachment, target)
}

export function subjectOf({subject}: Email): string | undefined {
  return titleLine(cleanUnescaped(subject ?? ''))
}

/** Who, to whom, when: as they are shown, and kept as metadata. */
export function headFacts({from, to, cc, date}: Email): ReadonlyMap<string, string> {
  const facts = [
    ['from', addresses(from ? [from] : [])],
    ['to', addresses(to ?? [])],
    ['cc', addresses(cc ?? [])],
    ['date', date ?? ''],
  ] as const
  return new Map(facts.filter(([, value]) => value !== '').map(([name, value]) => [name, oneLine(value)]))
}

function addresses(list: readonly Address[]): string {
  return list
    .slice(0, MAX_ADDRESSES)
    .map(({name, address}) => (name && address ? `${name} <${address}>` : (address ?? name)))
    .join(', ')
}

const oneLine = (value: string): string => cleanUnescaped(value).replace(/\s+/g, ' ').trim()

/** The plain text, whose lines of quoted replies begin with `>`; else the HTML. */
async function bodyOf({text = '', html = ''}: Email, {within, isFromQuoted}: MessageTarget): Promise<string> {
  if (text.trim() !== '' || html === '') {
    const plain = isFromQuoted ? text.replace(/^>(?=>*From )/gm, '') : text
    return escapeBlockStart(plain.replace(/\r\n?/g, '\n').replace(/\n{3,}/g, '\n\n'))
  }
  const page = await within.find('a.html')!.load({name: 'a.html', bytes: Buffer.from(html)})
  return deeperHeadings(page.text, 1)
}

async function writeAttachment(
  {filename, content, mimeType}: Attachment,
  target: MessageTarget,
): Promise<void> {
  const name = (filename ?? '').replace(/^.*[/\\]/, '')
  const {within, text, faults, message} = target
  const loader = within.find(name)
  if (!loader) {
    // Pictures and signatures are named by nobody's text.
    if (name !== '' && !/^image\/|signature/.test(mimeType))
      faults.push({message: `message ${message}: attachment "${name}" is of a type that is not read`})
    return
  }
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
    const loaded = await loader.load({name, bytes})
    const place: Place = {kind: 'message', message}
    text.block(`## ${name}`, place)
    const written =
      loaded.format === 'markdown' ? deeperHeadings(loaded.text, 2) : escapeBlockStart(loaded.text)
    text.block(written, place)
    for (const fault of loaded.faults ?? [])
      faults.push({message: `message ${message}: attachment "${name}": ${fault.message}`})
  } catch (error) {
    faults.push({message: `message ${message}: attachment: ${reasonOf(error)}`})
  }
}
