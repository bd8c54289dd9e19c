/** How good a place to cut is, worst to best. The number is that of the boundary before a piece. */
export const RANK = {
  /** After a heading: it belongs to what follows. */
  glue: 0,
  insideWord: 1,
  word: 2,
  clause: 3,
  /** After a paragraph that announces what follows ("…:"), or a line end inside a sentence. */
  leadIn: 4,
  sentence: 5,
  item: 6,
  block: 7,
  section: 8,
} as const

/** What a piece is made of, which says how the overlap may begin inside it. */
export const KIND = {
  /** Running text: at a sentence or word. */
  prose: 0,
  /** Whole or not at all: a fence, a table. */
  solid: 1,
  /** At the beginning of a line. */
  lines: 2,
  /** Never: the overlap does not reach over a heading. */
  heading: 3,
  /** Never: a record repeated would be found twice. */
  record: 4,
} as const

export interface Piece {
  readonly start: number
  readonly tokens: number
  readonly rank: number
  readonly kind: number
}

/** A stretch of pieces under one heading. */
export interface Section {
  readonly path: readonly string[]
  /** 1 for the outermost heading; 0 for what stands before the first. */
  readonly depth: number
  /** Index of its first piece. */
  readonly first: number
}

/**
 * The pieces of a text that are never cut, in order and without gaps: piece `i` reaches from `starts[i]` to `starts[i + 1]`.
 * Kept as parallel lists since a large text has very many.
 */
export class PieceList {
  readonly starts: number[] = []
  /** Tokens before piece `i`. */
  readonly before: number[] = []
  readonly ranks: number[] = []
  readonly kinds: number[] = []
  /** Index into `sections` of piece `i`. */
  readonly sectionOf: number[] = []
  readonly sections: Section[] = [{path: [], depth: 0, first: 0}]
  private readonly grain: number
  private total = 0

  /** `grain`: neighbouring pieces that come to no more tokens than this are kept as one, to bound their number. */
  constructor(grain: number) {
    this.grain = grain
  }

  get length(): number {
    return this.starts.length
  }

  get tokens(): number {
    return this.total
  }

  /** Begins a section; the next piece added is its first. */
  openSection(path: readonly string[], depth: number): void {
    const first = this.starts.length
    const section = {path, depth, first}
    if (this.sections[this.sections.length - 1]!.first === first)
      this.sections[this.sections.length - 1] = section
    else this.sections.push(section)
  }

  add(piece: Piece): void {
    this.total += piece.tokens
    if (this.joins(piece)) return
    this.starts.push(this.starts.length === 0 ? 0 : piece.start)
    this.before.push(this.total - piece.tokens)
    this.ranks.push(piece.rank)
    this.kinds.push(piece.kind)
    this.sectionOf.push(this.sections.length - 1)
  }

  /** Whether the piece is so small that the one before takes it in, and no better place to cut is lost by that. */
  private joins(piece: Piece): boolean {
    const last = this.starts.length - 1
    if (last < 0 || piece.kind === KIND.heading || piece.kind !== this.kinds[last]) return false
    if (piece.rank > this.ranks[last]! || this.sectionOf[last] !== this.sections.length - 1) return false
    return this.total - this.before[last]! <= this.grain
  }
}
