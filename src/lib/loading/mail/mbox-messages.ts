const FROM = Buffer.from('From ')
const NEXT = Buffer.from('\nFrom ')
const LINE_END = 0x0a
const RETURN = 0x0d
/** What a separating line holds besides the word: somebody, and a time. */
const SEPARATOR = /^From \S+.*\d\d:\d\d/
const MAX_SEPARATOR = 500

/** The messages of a mailbox, each without its separating line, which begins with `From ` below an empty line. */
export function* messagesOf(input: Uint8Array): Generator<Uint8Array> {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  if (!bytes.subarray(0, FROM.length).equals(FROM)) return
  let start = endOfLine(bytes, 0)
  for (let at = bytes.indexOf(NEXT, 0); at >= 0; at = bytes.indexOf(NEXT, at + 1)) {
    if (at + 1 < start || !separates(bytes, at + 1)) continue
    yield bytes.subarray(start, at)
    start = endOfLine(bytes, at + 1)
  }
  yield bytes.subarray(start)
}

function separates(bytes: Buffer, at: number): boolean {
  // `at - 1` ends the line above, which has to be empty.
  let above = at - 2
  if (bytes[above] === RETURN) above--
  if (bytes[above] !== LINE_END) return false
  return SEPARATOR.test(bytes.toString('latin1', at, Math.min(at + MAX_SEPARATOR, endOfLine(bytes, at))))
}

/** Where the next line begins. */
function endOfLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(LINE_END, at)
  return end < 0 ? bytes.length : end + 1
}
