// C0 controls but tab and line feed, DEL and C1 controls but NEL: none of them is text, and terminals obey some of them.
const UNCLEAN = /[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]/
const UNCLEAN_ALL = /[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]/g
const LINE_ENDS = /\r\n?/g
const ANSI = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[()][0-9A-B])/g
const LONE_SURROGATE = /\p{Cs}/gu

/**
 * Text as documents hold it: line ends `\n`; terminal (ANSI) sequences taken out; every other control character made a
 * space, so that words stay apart and lines stay where they are; no byte order mark in front. Linear in the length.
 */
export function cleanText(text: string): string {
  const start = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  if (!UNCLEAN.test(start)) return start
  return start.replace(LINE_ENDS, '\n').replace(ANSI, '').replace(UNCLEAN_ALL, ' ')
}

/** As `cleanText`, for text from escapes (`\ud800`, `&#0;`): halves of surrogate pairs become U+FFFD too. */
export function cleanUnescaped(text: string): string {
  return cleanText(text).replace(LONE_SURROGATE, '\uFFFD')
}
