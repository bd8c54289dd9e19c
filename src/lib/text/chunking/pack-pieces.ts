import {chooseCut, tokensBetween} from './choose-cut.js'
import {chooseOverlap} from './choose-overlap.js'
import type {PieceList} from './piece-list.js'

/** A chunk as a range of the text: `[start, end)`, of which everything before `fresh` repeats the chunk before. */
export interface PackedChunk {
  readonly start: number
  readonly fresh: number
  readonly end: number
  readonly repeatedTokens: number
  /** Its new pieces: `[first, last)`. */
  readonly first: number
  readonly last: number
}

export interface PackOptions {
  readonly size: number
  readonly overlap: number
}

const WORD = /[\p{L}\p{N}]/u

/**
 * Packs pieces into chunks from first to last. A chunk without a letter or digit joins a neighbour if that has room. Each piece is
 * looked at a few times, so the time grows with the text.
 */
export function packPieces(text: string, pieces: PieceList, options: PackOptions): PackedChunk[] {
  const chunks: PackedChunk[] = []
  let first = 0
  while (first < pieces.length) {
    const before = chunks[chunks.length - 1]
    const chunk = nextChunk(text, pieces, {first, before, options})
    if (before && joins(text, pieces, {before, chunk, size: options.size})) {
      chunks[chunks.length - 1] = {...before, end: chunk.end, last: chunk.last}
    } else {
      chunks.push(chunk)
    }
    first = chunk.last
  }
  return chunks
}

interface Place {
  readonly first: number
  readonly before: PackedChunk | undefined
  readonly options: PackOptions
}

function nextChunk(text: string, pieces: PieceList, {first, before, options}: Place): PackedChunk {
  const {size} = options
  const limit = Math.min(options.overlap, size - tokensBetween(pieces, first, first + 1))
  const fresh = pieces.starts[first]!
  const wanted = before !== undefined && limit > 0 && limit * 2 >= options.overlap
  const overlap = wanted
    ? chooseOverlap(text, pieces, {piece: first, lowest: before.first, limit})
    : {start: fresh, tokens: 0}
  const budget = size - overlap.tokens
  let last = chooseCut(pieces, {first, budget, size})
  if (last < pieces.length && isWordless(text, pieces, first, last)) {
    while (last < pieces.length && tokensBetween(pieces, first, last + 1) <= budget) last++
  }
  const end = startOf(text, pieces, last)
  return {start: overlap.start, fresh, end, repeatedTokens: overlap.tokens, first, last}
}

/** Whether a chunk has no word, and fits behind the chunk before. */
function joins(
  text: string,
  pieces: PieceList,
  {before, chunk, size}: {before: PackedChunk; chunk: PackedChunk; size: number},
): boolean {
  const together = before.repeatedTokens + tokensBetween(pieces, before.first, chunk.last)
  return together <= size && isWordless(text, pieces, chunk.first, chunk.last)
}

function isWordless(text: string, pieces: PieceList, first: number, last: number): boolean {
  return !WORD.test(text.slice(pieces.starts[first], startOf(text, pieces, last)))
}

function startOf(text: string, pieces: PieceList, piece: number): number {
  return piece < pieces.length ? pieces.starts[piece]! : text.length
}
