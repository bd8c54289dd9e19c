/** A stretch of a document's text: `text.slice(start, end)`, in UTF-16 units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Where something stands in the source that a person can open, never in a rendering of it. Numbers count from 1, ranges include both
 * ends. What a loader cannot place has no `Place`.
 */
export type Place =
  /** Lines of the file itself: of the HTML, XML, CSV or JSON as it was written, front matter included. */
  | {readonly kind: 'lines'; readonly first: number; readonly last: number}
  | {readonly kind: 'pages'; readonly first: number; readonly last: number}
  /** Numbered paragraphs of a document without fixed pages (DOCX, ODT, EPUB); `part` names a file within it. */
  | {readonly kind: 'paragraphs'; readonly first: number; readonly last: number; readonly part?: string}
  | {readonly kind: 'slide'; readonly slide: number; readonly inNotes: boolean}
  | {readonly kind: 'rows'; readonly sheet: string; readonly first: number; readonly last: number}
  /** Cell of a notebook. */
  | {readonly kind: 'cell'; readonly cell: number}
  /** Message of a mailbox or transcript. */
  | {readonly kind: 'message'; readonly message: number}
  /** Of a recording, from its beginning. */
  | {readonly kind: 'time'; readonly startMs: number; readonly endMs: number}

/** What every block has: its span in the document's text, without white space around it, and its place in the source. */
interface Placed extends Span {
  readonly place?: Place
}

export interface ListItem extends Placed {
  /** What stands in the item, nested lists included. Empty for an empty item. */
  readonly blocks: readonly Block[]
}

export interface TableRow extends Placed {
  /** One span a column; empty where the cell is. */
  readonly cells: readonly Span[]
}

/**
 * A block of a document: the smallest thing with a form of its own. The blocks of a document come in the order of its text and don't
 * overlap; only lists and quotes hold others. What lies between two blocks is white space or the marks of the format.
 */
export type Block = Placed &
  (
    | {readonly kind: 'heading'; /** 1 to 6. */ readonly level: number; readonly title: Span}
    | {readonly kind: 'paragraph'}
    | {readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly ListItem[]}
    /** `header` names the columns. It may stand outside the span: a long table may come as several blocks with one header. */
    | {readonly kind: 'table'; readonly header?: TableRow; readonly rows: readonly TableRow[]}
    /** A term with what explains it. */
    | {readonly kind: 'definition'; readonly term: Span; readonly body: Span}
    /** `body` is the code without its fences. `isIndented`: nothing but its indentation says that it is code. */
    | {readonly kind: 'code'; readonly language?: string; readonly isIndented: boolean; readonly body: Span}
    | {readonly kind: 'quote'; readonly blocks: readonly Block[]}
    /** What a figure or table says of itself. */
    | {readonly kind: 'caption'}
    /** A line that parts what is above from what is below. */
    | {readonly kind: 'rule'}
    /** Tags, comments, directives, templates, link targets, images without words: nothing to read. */
    | {readonly kind: 'markup'}
  )

/** A block of one kind. */
export type BlockOf<Kind extends Block['kind']> = Extract<Block, {readonly kind: Kind}>
