import {isUtf8} from 'node:buffer'
import iconv from 'iconv-lite'
import {binarySignature} from '../binary-signature.js'
import {cleanText} from '../clean-text.js'
import {leaveOutPayloads} from '../leave-out-payloads.js'
import {notText} from '../../model/errors/files/source.js'
import {decodeDeclared, decodeLegacy} from './legacy-encoding.js'
import {utf16WithoutMark} from './utf16-without-mark.js'
import {utf8Damage} from './utf8-damage.js'

const NUL = 0
const ESCAPE = 0x1b
const UTF8_MARK = '\xef\xbb\xbf'
const CONTROL_SAMPLE_BYTES = 65_536

/**
 * The text of a file's bytes: Unicode with or without a mark, else the likeliest older encoding. Line ends are `\n`; there is no
 * byte order mark, NUL or other control but tab. Valid UTF-8 is told by one native pass; damaged UTF-8 keeps its
 * good characters and gets U+FFFD for the rest; a file half in UTF-8 and half in another encoding is decoded line by line.
 * What is in it for programs alone (`leaveOutPayloads`) is left out.
 * @param label the encoding that the file itself names; used only where the bytes are no valid Unicode
 * @throws RagError NOT_TEXT
 */
export function decodeText(input: Uint8Array, name: string, label?: string): string {
  return leaveOutPayloads(cleanText(decoded(input, name, label)))
}

function decoded(input: Uint8Array, name: string, label: string | undefined): string {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  const kind = binarySignature(bytes)
  if (kind !== undefined) throw notText(name, `it is ${kind}`)
  const marked = decodeMarked(bytes)
  if (marked !== undefined) return marked
  return isUtf8(bytes) ? decodeUtf8(bytes, name) : decodeOther(bytes, name, label)
}

/** Decodes by a byte order mark of UTF-16 or UTF-32; `undefined` when there is none. UTF-8 is left to the quick way. */
function decodeMarked(bytes: Buffer): string | undefined {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) {
    const utf32 = third === 0 && fourth === 0 && bytes.length % 4 === 0
    return utf32 ? iconv.decode(bytes, 'utf-32le') : new TextDecoder('utf-16le').decode(bytes)
  }
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return iconv.decode(bytes, 'utf-32be')
  return undefined
}

function decodeUtf8(bytes: Buffer, name: string): string {
  if (bytes.includes(NUL)) return decodeWithNuls(bytes, name)
  refuseControls(bytes, name)
  // ISO-2022-JP is pure ASCII to look at; its escapes give it away.
  if (bytes.includes(ESCAPE) && /\x1b\$[@B]/.test(bytes.toString('latin1', 0, 65_536))) {
    return decodeLegacy(bytes) ?? bytes.toString('utf8')
  }
  return bytes.toString('utf8')
}

function decodeWithNuls(bytes: Buffer, name: string): string {
  const utf16 = utf16WithoutMark(bytes)
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes)
  let nuls = 0
  for (let at = bytes.indexOf(NUL); at >= 0; at = bytes.indexOf(NUL, at + 1)) nuls++
  // A stray NUL or two in a long text does no harm; more say that it is not meant to be read.
  if (nuls * 1000 > bytes.length || !isUtf8(bytes)) {
    throw notText(name, `it holds ${nuls} NUL bytes, the first at offset ${bytes.indexOf(NUL)}`)
  }
  refuseControls(bytes, name)
  return bytes.toString('utf8')
}

function decodeOther(bytes: Buffer, name: string, label: string | undefined): string {
  if (bytes.includes(NUL)) return decodeWithNuls(bytes, name)
  refuseControls(bytes, name)
  const {built, stray} = utf8Damage(bytes)
  if (stray * 20 <= built) return bytes.toString('utf8')
  if (bytes.toString('latin1', 0, 3) === UTF8_MARK || built > 2 * stray) return decodeByLine(bytes)
  const text = (label === undefined ? undefined : decodeDeclared(bytes, label)) ?? decodeLegacy(bytes)
  if (text === undefined) throw notText(name, 'its bytes fit no known encoding')
  return text
}

/** Lines of valid UTF-8 are taken as they are; the others together show their encoding, and are decoded by it. */
function decodeByLine(bytes: Buffer): string {
  const lines: (string | number)[] = []
  const others: Buffer[] = []
  for (let start = 0; start <= bytes.length;) {
    const end = bytes.indexOf(0x0a, start)
    const line = bytes.subarray(start, end < 0 ? bytes.length : end)
    lines.push(isUtf8(line) ? line.toString('utf8') : others.push(line, Buffer.from('\n')) / 2 - 1)
    start = end < 0 ? bytes.length + 1 : end + 1
  }
  const decoded = decodeLegacy(Buffer.concat(others))?.split('\n')
  if (decoded === undefined) return bytes.toString('utf8')
  return lines.map((line) => (typeof line === 'string' ? line : (decoded[line] ?? ''))).join('\n')
}

/** @throws RagError NOT_TEXT when a tenth of the beginning is control characters */
function refuseControls(bytes: Buffer, name: string): void {
  const end = Math.min(bytes.length, CONTROL_SAMPLE_BYTES)
  let controls = 0
  for (let at = 0; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== ESCAPE) controls++
  }
  if (controls * 10 > end) throw notText(name, `${controls} of its first ${end} bytes are control characters`)
}
