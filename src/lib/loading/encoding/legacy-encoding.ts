import chardet from 'chardet'
import iconv from 'iconv-lite'

const SAMPLE_BYTES = 65_536
const AROUND_BYTES = 24
const ESCAPE = 0x1b
// `chardet` scores families that no file in use has; ISO-8859-1 is read as windows-1252, as browsers do (the WHATWG Encoding Standard).
const READ_AS: Readonly<Record<string, string>> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-9': 'windows-1254',
  'TIS-620': 'windows-874',
  Shift_JIS: 'cp932',
  'EUC-KR': 'cp949',
}
const NEVER = new Set(['UTF-8', 'ASCII', 'UTF-16LE', 'UTF-16BE', 'UTF-32LE', 'UTF-32BE'])

/**
 * Decodes bytes that are no Unicode: the likeliest encoding that gives no character out of use. Looks at 64 kB of
 * what stands around bytes over 0x7F, so that plain ASCII, however much, does not hide the encoding.
 * @returns `undefined` when no encoding gives text
 */
export function decodeLegacy(bytes: Buffer): string | undefined {
  const sample = telling(bytes)
  for (const match of chardet.analyse(sample)) {
    if (NEVER.has(match.name) || match.confidence < 2) continue
    const decode = decoderOf(READ_AS[match.name] ?? match.name)
    if (decode !== undefined && isPlausible(decode(sample))) return decode(bytes)
  }
  const western = iconv.decode(sample, 'windows-1252')
  return isPlausible(western) ? iconv.decode(bytes, 'windows-1252') : undefined
}

/** Decodes by the encoding that the file itself names (`<meta charset>`, `encoding="…"`), if it is one that is known and fits. */
export function decodeDeclared(bytes: Buffer, label: string): string | undefined {
  if (/^(?:utf|ucs|us-ascii|unicode)/i.test(label)) return undefined
  const decode = decoderOf(/^(?:iso-?8859-1|latin-?1)$/i.test(label) ? 'windows-1252' : label)
  return decode !== undefined && isPlausible(decode(bytes.subarray(0, SAMPLE_BYTES)))
    ? decode(bytes)
    : undefined
}

/** iconv-lite knows the encodings without escapes; ISO-2022-JP is the platform's (full ICU). */
function decoderOf(encoding: string): ((bytes: Buffer) => string) | undefined {
  if (/^iso-2022-jp$/i.test(encoding)) return (bytes) => new TextDecoder('iso-2022-jp').decode(bytes)
  return iconv.encodingExists(encoding) ? (bytes) => iconv.decode(bytes, encoding) : undefined
}

/** The parts of the text that tell its encoding. One with escapes (ISO-2022) is left in one piece. */
function telling(bytes: Buffer): Buffer {
  const escape = bytes.indexOf(ESCAPE)
  if (escape >= 0) return bytes.subarray(escape, escape + SAMPLE_BYTES)
  const parts: Buffer[] = []
  let total = 0
  let end = 0
  for (let at = 0; at < bytes.length && total < SAMPLE_BYTES; at++) {
    if ((bytes[at] ?? 0) < 0x80) continue
    const start = Math.max(end, at - AROUND_BYTES)
    while (at < bytes.length && (bytes[at] ?? 0) >= 0x80 && at - start < SAMPLE_BYTES) at++
    end = Math.min(at + AROUND_BYTES, bytes.length)
    parts.push(bytes.subarray(start, end))
    total += end - start
    at = end - 1
  }
  return Buffer.concat(parts)
}

/** One unusual character in twenty may be out of use, private or a control: a damaged file is still read, a binary one is not. */
function isPlausible(text: string): boolean {
  const strange = text.match(/[\p{Cn}\p{Co}\uFFFD]|(?![\t\n\r\f])\p{Cc}/gu)?.length ?? 0
  if (strange === 0) return true
  const unusual = text.match(/[^\t\n\f\r -~]/gu)?.length ?? 0
  return strange * 20 <= unusual
}
