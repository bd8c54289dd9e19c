import {placeIn} from '../place-in-text.js'

export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly why: string
  /** The text ends in the middle: it was cut off, or is being written. */
  readonly isCutOff: boolean
}

/** Where and why a text is not JSON. V8 names the place of some faults only. */
export function jsonFault(text: string): JsonFault {
  const {at, why} = new JsonScan(text).run()
  return {...placeIn(text, at), why, isCutOff: at >= text.trimEnd().length || why === NEVER_ENDS}
}

/** A fault in words. */
export const describeFault = ({line, column, why}: JsonFault): string =>
  `line ${line}, column ${column}: ${why}`

const NEVER_ENDS = 'a text in quotes that never ends'

interface Fault {
  readonly at: number
  readonly why: string
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** Goes over a text by the grammar of RFC 8259 without recursion, to the first place that breaks it. */
class JsonScan {
  readonly #text: string
  #at = 0
  /** Open brackets: `{` or `[`. */
  readonly #open: string[] = []

  constructor(text: string) {
    this.#text = text
  }

  run(): Fault {
    for (;;) {
      const fault = this.#value() ?? this.#afterValue()
      if (fault === 'end') return this.#unexpected('the end')
      if (fault !== undefined) return fault
    }
  }

  /** Takes one value, or the opening of one up to where the next value is due. */
  #value(): Fault | undefined {
    for (;;) {
      const character = this.#next()
      if (character === '"') return this.#string()
      if (character !== '{' && character !== '[') return this.#literal()
      this.#at++
      const closing = character === '{' ? '}' : ']'
      if (this.#next() === closing) {
        this.#at++
        return undefined
      }
      this.#open.push(character)
      if (character === '{') {
        const fault = this.#key()
        if (fault !== undefined) return fault
      }
    }
  }

  /** After a value: closes what closes, and takes the comma (and key) before the next. */
  #afterValue(): Fault | 'end' | undefined {
    for (;;) {
      const character = this.#next()
      const open = this.#open.at(-1)
      if (open === undefined) return character === '' ? 'end' : this.#unexpected('the end')
      if (character === ',') {
        this.#at++
        return open === '{' ? this.#key() : undefined
      }
      if (character !== (open === '{' ? '}' : ']'))
        return this.#unexpected(open === '{' ? '"," or "}"' : '"," or "]"')
      this.#at++
      this.#open.pop()
    }
  }

  #key(): Fault | undefined {
    if (this.#next() !== '"') return this.#unexpected('a key in double quotes')
    const fault = this.#string()
    if (fault !== undefined) return fault
    if (this.#next() !== ':') return this.#unexpected('":"')
    this.#at++
    return undefined
  }

  #string(): Fault | undefined {
    const start = this.#at
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at)
      if (code === 0x22) {
        this.#at++
        return undefined
      }
      if (code < 0x20) return {at: this.#at, why: 'a line break or tab within a text in quotes'}
      if (code !== 0x5c) continue
      if (!/^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(this.#text.slice(this.#at, this.#at + 6))) {
        return {at: this.#at, why: 'an unknown escape'}
      }
      this.#at++
    }
    return {at: start, why: NEVER_ENDS}
  }

  #literal(): Fault | undefined {
    LITERAL.lastIndex = this.#at
    const found = LITERAL.exec(this.#text)?.[0]
    if (found === undefined) return this.#unexpected('a value')
    this.#at += found.length
    return undefined
  }

  /** Skips white space; the character there, or the empty text at the end. */
  #next(): string {
    for (;;) {
      const character = this.#text.charAt(this.#at)
      if (character !== ' ' && character !== '\n' && character !== '\t' && character !== '\r')
        return character
      this.#at++
    }
  }

  #unexpected(wanted: string): Fault {
    const character = this.#next()
    const found = character === '' ? 'the text ends' : `found ${JSON.stringify(character)}`
    return {at: this.#at, why: `${found} where ${wanted} should be`}
  }
}
