import {collapseSpace} from '../collapse-space.js'
import {escapeBlockStart} from './escape-markdown.js'
import type {MarkupHandler} from './markup-events.js'

const SHORT = 200
/** Longer attributes of an element without a text get a line each. */
const SHORT_ATTRIBUTES = 100
/** How far up an unexpected closing tag looks for its opening one. */
const MAX_LOOK_UP = 64
const TITLE_NAMES = new Set([
  'title',
  'head',
  'heading',
  'headline',
  'name',
  'question',
  'subject',
  'term',
  'label',
  'summary',
])

interface Open {
  readonly name: string
  readonly depth: number
  /** The place in the output kept free for this element's heading; the next holds its attributes. */
  readonly slot: number
  readonly attributes: readonly string[]
  text: string[]
  hasText: boolean
  /** Output places of the texts directly under this element, while it has no text of its own. */
  leaves: number[]
  hasSections: boolean
  hasLong: boolean
  first: {slot: number; text: string; name: string} | undefined
}

/** Turns the events of an XML document into Markdown. Keeps one record an open element; every event costs a constant. */
export class XmlReader implements MarkupHandler {
  readonly rootAttributes = new Map<string, string>()
  hasElements = false
  title = ''
  readonly #out: string[] = []
  readonly #plain: string[] = []
  readonly #stack: Open[] = []

  wantsAttributes(): boolean {
    return true
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    const isRoot = !this.hasElements
    if (isRoot) for (const [key, value] of attributes) this.rootAttributes.set(key, value)
    this.hasElements = true
    const slot = this.#put('', '')
    const told = describeAttributes(attributes)
    this.#put(!isRoot && told.some(hasWords) ? `${name}: ${told.join('; ')}` : '', '')
    const depth = this.#stack.length
    this.#stack.push({
      name,
      depth,
      slot,
      attributes: told,
      text: [],
      hasText: false,
      leaves: [],
      hasSections: false,
      hasLong: false,
      first: undefined,
    })
  }

  text(text: string): void {
    const top = this.#stack.at(-1)
    if (top === undefined) return
    if (!top.hasText && /\S/.test(text)) {
      top.hasText = true
      this.#takeBack(top)
    }
    // White space between child elements is layout.
    if (top.hasText || top.leaves.length === 0) top.text.push(text)
  }

  close(name: string): void {
    for (let up = 1; up <= Math.min(MAX_LOOK_UP, this.#stack.length); up++) {
      if (this.#stack.at(-up)?.name !== name) continue
      for (let closing = 0; closing < up; closing++) this.#closeTop()
      return
    }
  }

  end(): void {
    while (this.#stack.length > 0) this.#closeTop()
  }

  /** The Markdown of what was read. */
  markdown(): string {
    const lines = this.#out.filter((line) => line !== '')
    return lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  }

  #put(text: string, plain: string): number {
    this.#plain.push(plain)
    return this.#out.push(text) - 1
  }

  /** Texts of inline elements (`<b>`) that came before the element's own text belong into it. */
  #takeBack(element: Open): void {
    for (const slot of element.leaves) {
      element.text.push(this.#plain[slot] ?? '', ' ')
      this.#out[slot] = ''
    }
    element.leaves = []
    element.first = undefined
    element.hasLong = false
  }

  #closeTop(): void {
    const element = this.#stack.pop()
    if (element === undefined) return
    const text = tidy(element.text.join(''))
    const parent = this.#stack.at(-1)
    if (element.hasSections || element.leaves.length > 0) {
      if (text !== '') this.#put(`\n${escapeBlockStart(text)}\n`, text)
      this.#closeSection(element)
      if (parent !== undefined) parent.hasSections = true
    } else if (text !== '' || element.attributes.length > 0) this.#closeLeaf(element, text, parent)
  }

  #closeLeaf({name, slot: at, attributes}: Open, text: string, parent: Open | undefined): void {
    if (parent?.hasText === true) {
      // Attributes of what stands within a text are of its form.
      this.#out[at + 1] = ''
      parent.text.push(text)
      return
    }
    if (text === '') {
      this.#out[at + 1] = emptyElement(name, attributes)
      if (parent !== undefined) parent.hasSections = true
      return
    }
    const isShort = text.length <= SHORT && !text.includes('\n')
    const slot = this.#put(isShort ? `${name}: ${text}` : `\n${escapeBlockStart(text)}\n`, text)
    if (parent === undefined) return
    if (parent.leaves.length === 0 && !parent.hasSections && isShort) parent.first = {slot, text, name}
    else if (!isShort) parent.hasLong = true
    parent.leaves.push(slot)
  }

  #closeSection(element: Open): void {
    const first = element.first
    if (first === undefined || !/\p{L}{2}/u.test(first.text)) return
    const isTitle = TITLE_NAMES.has(first.name.toLowerCase())
    if (element.depth === 0 || (this.title === '' && isTitle && element.depth <= 1)) this.title = first.text
    if (!isTitle && !element.hasLong && element.depth > 0) return
    this.#out[first.slot] = ''
    this.#out[element.slot] = `\n${'#'.repeat(Math.min(element.depth + 1, 6))} ${first.text}\n`
  }
}

/** Of form or of the schema, not of the content. */
const TECHNICAL = /^(?:xmlns|xml|xsi)(?::|$)|^(?:class|style)$/i

/** `name: value` of each attribute that is content. */
function describeAttributes(attributes: ReadonlyMap<string, string>): readonly string[] {
  return [...attributes]
    .filter(([name, value]) => !TECHNICAL.test(name) && /[\p{L}\p{N}]/u.test(value))
    .map(([name, value]) => `${name}: ${tidy(value)}`)
}

/** Whether an attribute says more than a number. */
const hasWords = (attribute: string): boolean => /\p{L}/u.test(attribute.slice(attribute.indexOf(':') + 1))

/** An element that has nothing but attributes: one line, or a paragraph when they are long. */
function emptyElement(name: string, attributes: readonly string[]): string {
  const line = `${name}: ${attributes.join('; ')}`
  return line.length <= SHORT_ATTRIBUTES && !line.includes('\n')
    ? line
    : `\n${attributes.map(escapeBlockStart).join('\n')}\n`
}

/** Lines without white space around them; at most one blank line in a row. */
function tidy(text: string): string {
  const lines = text.split('\n').map((line) => collapseSpace(line))
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
