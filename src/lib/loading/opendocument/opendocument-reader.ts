import type {Place} from '../../model/block.js'
import {attributeOf, type Attributes, type XmlHandler} from '../archive/xml-part.js'
import {collapseSpace} from '../collapse-space.js'
import {escapeBlockStart} from '../markup/escape-markdown.js'
import {markdownTable} from '../placed/markdown-table.js'
import {PlacedText} from '../placed/placed-text.js'
import {writeHeading} from '../office/pptx.js'
import {SheetWriter} from '../office/sheet-writer.js'
import {OpenDocumentTable} from './opendocument-table.js'

/** Comments, deleted text, what is made of the rest, and what is no text. */
const SKIPPED = new Set(
  'annotation tracked-changes forms binary-data table-of-content alphabetical-index note-citation dde-links desc title'.split(
    ' ',
  ),
)
/** Frames that repeat on every slide. */
const FURNITURE = new Set(['page-number', 'date-time', 'footer', 'header', 'page'])
const CODE_STYLE = /^(?:Preformatted|Source_20_Code|HTML_20_Preformatted)/
const MAX_SPACES = 200

interface OpenParagraph {
  readonly level: number
  readonly style: string
  readonly isNote: boolean
  text: string
}

interface OpenSlide {
  readonly number: number
  hasHeading: boolean
  inNotes: boolean
  /** What the frame in hand is for: `title`, `outline`. */
  frame: string
}

/** Takes `content.xml` of a text, a workbook or slides, as it comes. */
export class OpenDocumentReader implements XmlHandler {
  readonly written = new PlacedText()
  firstHeading = ''
  #skipped = {name: '', depth: 0}
  readonly #paragraphs: OpenParagraph[] = []
  readonly #parents = new Map<string, string>()
  readonly #notes: string[] = []
  #table: OpenDocumentTable | undefined
  #inSheets = false
  #slide: OpenSlide | undefined
  #number = 0
  #noteDepth = 0
  #lists = 0
  #isItemStart = false
  #before: 'item' | 'other' = 'other'
  #code: {readonly first: number; readonly lines: string[]} | undefined

  open(name: string, attributes: Attributes): void {
    if (this.#skipped.name !== '') {
      if (name === this.#skipped.name) this.#skipped.depth++
    } else if (SKIPPED.has(name)) this.#skipped = {name, depth: 1}
    else if (name === 'p' || name === 'h') this.#openParagraph(name, attributes)
    else if (this.#paragraphs.length > 0 && this.#openInline(name, attributes)) return
    else if (this.#table) this.#table.open(name, attributes)
    else this.#openBlock(name, attributes)
  }

  text(text: string): void {
    const paragraph = this.#paragraphs.at(-1)
    if (paragraph && this.#skipped.name === '') paragraph.text += text.replace(/[\t\n\r ]+/g, ' ')
  }

  close(name: string): void {
    if (this.#skipped.name !== '') {
      if (name === this.#skipped.name && --this.#skipped.depth === 0) this.#skipped = {name: '', depth: 0}
    } else if (name === 'p' || name === 'h') this.#endParagraph()
    else if (name === 'note') this.#noteDepth--
    else if (this.#table) this.#closeInTable(this.#table, name)
    else this.#closeBlock(name)
  }

  #openParagraph(name: string, attributes: Attributes): void {
    const style = attributeOf(attributes, 'style-name') ?? ''
    const level =
      name === 'h' ? Math.min(6, Math.max(1, Number(attributeOf(attributes, 'outline-level') ?? 1) || 1)) : 0
    this.#paragraphs.push({
      level,
      style: this.#parents.get(style) ?? style,
      isNote: this.#noteDepth > 0,
      text: '',
    })
  }

  #openInline(name: string, attributes: Attributes): boolean {
    const paragraph = this.#paragraphs.at(-1)!
    if (name === 's')
      paragraph.text += ' '.repeat(Math.min(Number(attributeOf(attributes, 'c') ?? 1) || 1, MAX_SPACES))
    else if (name === 'tab') paragraph.text += '\t'
    else if (name === 'line-break') paragraph.text += '\n'
    else if (name === 'note') this.#noteDepth++
    else return false
    return true
  }

  #openBlock(name: string, attributes: Attributes): void {
    switch (name) {
      case 'style': {
        const parent = attributeOf(attributes, 'parent-style-name')
        if (parent !== undefined) this.#parents.set(attributeOf(attributes, 'name') ?? '', parent)
        return
      }
      case 'spreadsheet':
        this.#inSheets = true
        return
      case 'table':
        this.#endCode()
        this.#table = new OpenDocumentTable(
          this.#inSheets ? new SheetWriter(this.written, attributeOf(attributes, 'name') ?? '') : undefined,
        )
        return
      case 'list':
        this.#lists++
        return
      case 'list-item':
      case 'list-header':
        this.#isItemStart = true
        return
      default:
        this.#openOnSlide(name, attributes)
    }
  }

  #openOnSlide(name: string, attributes: Attributes): void {
    if (name === 'page') {
      const number = (this.#slide?.number ?? 0) + 1
      this.#slide = {number, hasHeading: false, inNotes: false, frame: ''}
    } else if (!this.#slide) return
    else if (name === 'notes') this.#slide.inNotes = true
    else if (name === 'frame' || name === 'custom-shape')
      this.#slide.frame = attributes['presentation:class'] ?? ''
  }

  #closeBlock(name: string): void {
    if (name === 'list') this.#lists--
    else if (name === 'notes' && this.#slide) this.#slide.inNotes = false
    else if (name === 'text' || name === 'body') this.#endCode()
  }

  #closeInTable(table: OpenDocumentTable, name: string): void {
    table.close(name)
    if (!table.isOver) return
    this.#table = undefined
    if (this.#inSheets) return
    this.#before = 'other'
    this.#slideHeading('')
    this.written.block(markdownTable(table.rows), this.#place())
    this.#writeNotes()
  }

  #endParagraph(): void {
    const paragraph = this.#paragraphs.pop()
    if (!paragraph) return
    const text = paragraph.text.trim()
    if (paragraph.isNote) {
      if (text !== '') this.#notes.push(collapseSpace(text))
      return
    }
    // Text of a frame within a paragraph stands before it.
    this.#number++
    if (this.#table) this.#table.paragraph(collapseSpace(text))
    else if (CODE_STYLE.test(paragraph.style)) this.#codeLine(paragraph.text)
    else this.#write(paragraph, text)
  }

  #write(paragraph: OpenParagraph, text: string): void {
    this.#endCode()
    if (text === '' || FURNITURE.has(this.#slide?.frame ?? '')) return
    if (this.#slide?.frame === 'title' && !this.#slide.inNotes) return this.#slideHeading(text)
    this.#slideHeading('')
    const level = paragraph.level || (paragraph.style === 'Title' ? 1 : 0)
    if (level > 0) this.#heading(level, collapseSpace(text))
    else if (this.#lists > 0) this.#item(collapseSpace(text))
    else this.#block('other', escapeBlockStart(text.split('\n').map(collapseSpace).join('\n')))
    this.#writeNotes()
  }

  #heading(level: number, title: string): void {
    this.firstHeading ||= title
    this.#block('other', `${'#'.repeat(level)} ${title}`)
  }

  #item(text: string): void {
    const indent = '  '.repeat(Math.min(this.#lists - 1, 6))
    this.#block('item', `${indent}${this.#isItemStart ? '- ' : '  '}${text}`)
    this.#isItemStart = false
  }

  /** The heading of a slide, once. */
  #slideHeading(title: string): void {
    const slide = this.#slide
    if (!slide || slide.hasHeading) {
      if (title !== '') this.#block('other', escapeBlockStart(collapseSpace(title)))
      return
    }
    slide.hasHeading = true
    this.firstHeading ||= title
    this.#before = 'other'
    writeHeading(this.written, title, {kind: 'slide', slide: slide.number, inNotes: false})
  }

  #block(kind: 'item' | 'other', text: string): void {
    this.written.block(text, this.#place(), kind === 'item' && this.#before === 'item')
    this.#before = kind
  }

  #codeLine(text: string): void {
    this.#code ??= {first: this.#number, lines: []}
    this.#code.lines.push(text.trimEnd())
  }

  #endCode(): void {
    const code = this.#code
    if (!code) return
    this.#code = undefined
    this.#before = 'other'
    const lines = code.lines.join('\n').replaceAll('```', "'''")
    const place = {kind: 'paragraphs', first: code.first, last: code.first + code.lines.length - 1} as const
    this.written.block(`\`\`\`\n${lines}\n\`\`\``, place)
  }

  /** Footnotes stand below what they are notes to. */
  #writeNotes(): void {
    for (const note of this.#notes.splice(0)) this.#block('other', escapeBlockStart(note))
  }

  #place(): Place {
    if (this.#slide) return {kind: 'slide', slide: this.#slide.number, inNotes: this.#slide.inNotes}
    return {kind: 'paragraphs', first: this.#number, last: this.#number}
  }
}
