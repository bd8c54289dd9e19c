import {QuoteType, Tokenizer} from 'htmlparser2'

export interface MarkupHandler {
  /** `attributes` is empty unless `wantsAttributes` says yes to the name. */
  open(name: string, attributes: ReadonlyMap<string, string>): void
  close(name: string): void
  text(text: string): void
  wantsAttributes(name: string): boolean
}

/**
 * Reads HTML or XML into a flat stream of events, in one pass. It keeps no stack of open elements (htmlparser2's own parser does, at
 * a cost quadratic in the depth), so nesting costs nothing; closing events come as they are written. Entities are those of HTML
 * (or the five of XML); entities that the document declares are never expanded. A tag that ends with `/>` is closed, in HTML too: who writes
 * `<svg/>`, `<script/>` or `<title/>` means nothing of what follows.
 */
export function readMarkup(source: string, xmlMode: boolean, handler: MarkupHandler): void {
  const events = new TokenEvents(source, xmlMode, handler)
  const tokenizer = new Tokenizer({xmlMode, decodeEntities: true, recognizeSelfClosing: true}, events)
  tokenizer.write(source)
  tokenizer.end()
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

class TokenEvents {
  readonly #source: string
  readonly #xmlMode: boolean
  readonly #handler: MarkupHandler
  #name = ''
  #attributes: Map<string, string> | undefined
  #attributeName = ''
  #attributeValue: string[] = []

  constructor(source: string, xmlMode: boolean, handler: MarkupHandler) {
    this.#source = source
    this.#xmlMode = xmlMode
    this.#handler = handler
  }

  ontext(start: number, end: number): void {
    this.#handler.text(this.#source.slice(start, end))
  }

  ontextentity(codePoint: number): void {
    this.#handler.text(String.fromCodePoint(codePoint))
  }

  oncdata(start: number, end: number, endOffset: number): void {
    this.#handler.text(this.#source.slice(start, end - endOffset))
  }

  onopentagname(start: number, end: number): void {
    this.#name = this.#nameAt(start, end)
    this.#attributes = this.#handler.wantsAttributes(this.#name) ? new Map() : undefined
  }

  onattribname(start: number, end: number): void {
    if (this.#attributes === undefined) return
    this.#attributeName = this.#nameAt(start, end)
    this.#attributeValue = []
  }

  onattribdata(start: number, end: number): void {
    if (this.#attributes !== undefined) this.#attributeValue.push(this.#source.slice(start, end))
  }

  onattribentity(codePoint: number): void {
    if (this.#attributes !== undefined) this.#attributeValue.push(String.fromCodePoint(codePoint))
  }

  onattribend(quote: QuoteType): void {
    if (this.#attributes === undefined || quote === QuoteType.NoValue) return
    if (!this.#attributes.has(this.#attributeName)) {
      this.#attributes.set(this.#attributeName, this.#attributeValue.join(''))
    }
  }

  onopentagend(): void {
    this.#handler.open(this.#name, this.#attributes ?? NO_ATTRIBUTES)
    this.#attributes = undefined
  }

  onselfclosingtag(): void {
    this.onopentagend()
    this.#handler.close(this.#name)
  }

  onclosetag(start: number, end: number): void {
    this.#handler.close(this.#nameAt(start, end))
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  #nameAt(start: number, end: number): string {
    const name = this.#source.slice(start, end)
    return this.#xmlMode ? name : name.toLowerCase()
  }
}
