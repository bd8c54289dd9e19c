/** A run of so many characters of base64 is no word. Longer than a SHA-512 in hex, shorter than the least key or picture. */
const RUN = 200
/** A line of base64 as mail and certificates break it. */
const PAYLOAD_LINE = /^[ \t>]*[A-Za-z0-9+/]{60,80}={0,2}[ \t]*$/
/** The last line of it may be shorter. */
const LAST_LINE = /^[ \t>]*[A-Za-z0-9+/]{4,80}={0,2}[ \t]*$/
/** So many such lines in a row are one payload. */
const LINES = 4

/**
 * A text without what is in it for programs alone: the payloads of data URIs and other long runs of base64 (`…` in their place), base64
 * broken into lines (certificates, keys, attachments). Line ends stay where they are. Linear in the length.
 */
export function leaveOutPayloads(text: string): string {
  if (!hasLongLine(text)) return text
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    if (line.length < 60) continue
    const end = payloadEnd(lines, at)
    if (end > at) {
      lines.fill('', at, end)
      at = end - 1
    } else if (line.length >= RUN) lines[at] = withoutRuns(line)
  }
  return lines.join('\n')
}

/** Whether there is anything to look at: most texts have no line of base64 at all. */
function hasLongLine(text: string): boolean {
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    end = text.indexOf('\n', start)
    const length = (end < 0 ? text.length : end) - start
    if (length >= RUN || (length >= 60 && PAYLOAD_LINE.test(text.slice(start, start + length)))) return true
  }
  return false
}

/** The line after the payload that begins here, or this line when none does. */
function payloadEnd(lines: readonly string[], from: number): number {
  let end = from
  while (end < lines.length && PAYLOAD_LINE.test(lines[end]!)) end++
  if (end - from < LINES || !isPayload(lines.slice(from, end).join(''))) return from
  return end < lines.length && LAST_LINE.test(lines[end]!) ? end + 1 : end
}

/** A line with `…` in place of its long runs of base64. A regular expression would keep a stack as deep as a run is long. */
function withoutRuns(line: string): string {
  const kept: string[] = []
  let from = 0
  for (let at = 0; at < line.length; at++) {
    const start = at
    while (at < line.length && isBase64(line.charCodeAt(at))) at++
    if (at - start < RUN || !isPayload(line.slice(start, at))) continue
    kept.push(line.slice(from, start))
    while (line[at] === '=') at++
    from = at
  }
  return [...kept, line.slice(from)].join('…')
}

function isBase64(code: number): boolean {
  const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
  const isDigit = code >= 0x30 && code <= 0x39
  return isLetter || isDigit || code === 0x2b || code === 0x2f || code === 0x2d || code === 0x5f
}

/** Bytes give letters of both cases and digits in like numbers; sequences of genes, rules, paths and words do not. */
function isPayload(run: string): boolean {
  const sample = run.slice(0, 4000)
  const share = (what: RegExp): number => (sample.match(what)?.length ?? 0) / sample.length
  return share(/[a-z]/g) > 0.15 && share(/[A-Z]/g) > 0.15 && share(/\d/g) > 0.03
}
