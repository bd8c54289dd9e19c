import type {Attributes, XmlHandler} from '../archive/xml-part.js'

export interface SlideBlock {
  readonly kind: 'paragraph' | 'item' | 'table'
  /** Of an item, from 0. */
  readonly level: number
  readonly text: string
  /** Of a table. */
  readonly rows: readonly (readonly string[])[]
}

/** Placeholders that repeat on every slide. */
const FURNITURE = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])
const TITLES = new Set(['title', 'ctrTitle'])

/** Takes the text of a slide, or of its notes, as it comes. */
export class SlideReader implements XmlHandler {
  readonly blocks: SlideBlock[] = []
  title = ''
  /** What the shape in hand is a place for; undefined when for nothing in particular. */
  #placeholder: string | undefined
  #level = 0
  #hasBullet = true
  #text = ''
  #isText = false
  #fallback = 0
  #rows: string[][] | undefined
  #cell: string[] | undefined

  open(name: string, attributes: Attributes): void {
    this.#isText = name === 't'
    switch (name) {
      case 'Fallback':
        this.#fallback++
        return
      case 'sp':
        this.#placeholder = undefined
        return
      case 'ph':
        this.#placeholder = attributes['type'] ?? 'body'
        return
      case 'p':
        this.#text = ''
        this.#level = 0
        this.#hasBullet = true
        return
      case 'pPr':
        this.#level = Math.min(Number(attributes['lvl'] ?? 0) || 0, 8)
        return
      case 'buNone':
        this.#hasBullet = false
        return
      case 'br':
        this.#text += ' '
        return
      default:
        this.#openTable(name)
    }
  }

  text(text: string): void {
    if (this.#isText && this.#fallback === 0) this.#text += text
  }

  close(name: string): void {
    this.#isText = false
    if (name === 'Fallback') this.#fallback--
    else if (name === 'p') this.#endParagraph()
    else if (name === 'tc') {
      this.#rows?.at(-1)?.push(this.#cell?.join(' ') ?? '')
      this.#cell = undefined
    } else if (name === 'tbl' && this.#rows) {
      this.blocks.push({kind: 'table', level: 0, text: '', rows: this.#rows})
      this.#rows = undefined
    }
  }

  #openTable(name: string): void {
    if (name === 'tbl') this.#rows = []
    else if (name === 'tr') this.#rows?.push([])
    else if (name === 'tc') this.#cell = []
  }

  #endParagraph(): void {
    const text = this.#text.trim()
    this.#text = ''
    if (text === '' || FURNITURE.has(this.#placeholder ?? '')) return
    if (this.#cell) this.#cell.push(text)
    else if (TITLES.has(this.#placeholder ?? '')) this.title = `${this.title} ${text}`.trim()
    else {
      const isItem = this.#hasBullet && (this.#placeholder === 'body' || this.#placeholder === 'obj')
      this.blocks.push({kind: isItem ? 'item' : 'paragraph', level: this.#level, text, rows: []})
    }
  }
}
