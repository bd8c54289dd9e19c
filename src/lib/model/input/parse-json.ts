import {LIMITS} from './limits.js'

/** JSON that others wrote is nested deeper than is read. */
export class JsonTooDeep extends SyntaxError {
  constructor() {
    super(`it is nested more than ${LIMITS.jsonDepth} levels deep`)
  }
}

/**
 * `JSON.parse` for what others wrote. How deep it is nested is looked at first, in one pass and without memory: to parse forty million
 * brackets would take minutes and gigabytes, and what walks through it afterwards would end the stack.
 * @throws SyntaxError, of which `JsonTooDeep` is one
 */
export function parseJson(text: string): unknown {
  if (isDeeperThan(text, LIMITS.jsonDepth)) throw new JsonTooDeep()
  return JSON.parse(text) as unknown
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** True as soon as more than so many objects and lists are open at once. Of what is no JSON it says anything. */
export function isDeeperThan(text: string, most: number): boolean {
  // A text that is shorter can't be.
  if (text.length <= most) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      if (at < 0) return false
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > most) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}

/** Where the JSON string that begins there ends: its closing quote; below 0 when it does not. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (before > start && text.charCodeAt(before) === BACKSLASH) before--
    if ((end - 1 - before) % 2 === 0) return end
  }
  return -1
}
