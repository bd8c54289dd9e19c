import type {Chunk} from '../../model/chunk.js'
import type {LoadedDocument, TextFormat} from '../../model/document.js'
import {badChunkOption} from '../../model/errors/program/text.js'
import {keptPlace} from '../../model/place.js'
import type {Chunker, ChunkerOptions} from '../../ports/chunker.js'
import {PieceWriter} from './piece-writer.js'
import {skipSpace, TokenClass, tokenClassAt} from '../characters/character-class.js'
import {ChunkPlaces} from './chunk-places.js'
import {writeCode} from './code-pieces.js'
import {countRange} from './count-tokens.js'
import {lineAt} from '../blocks/text-lines.js'
import {readLines, type LineTable} from './line-table.js'
import {writeMarkdown} from './markdown-pieces.js'
import {packPieces, type PackedChunk} from './pack-pieces.js'
import type {PieceList} from './piece-list.js'
import {writeRecords} from './record-pieces.js'
import {writeText} from './text-pieces.js'

/** To be raised whenever the chunks of any text change, so that stored documents are cut again. */
const VERSION = 1
const SMALLEST = 8
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/**
 * A chunker for every text format: Markdown by headings and blocks, text by paragraphs and sentences, code by definitions, records by
 * record. A text without any letter or digit gives no chunk. Errors: `CONFIG_INVALID` for sizes that the port does not allow.
 */
export function createChunker(options: ChunkerOptions): Chunker {
  const {size, overlap} = options
  if (!Number.isSafeInteger(size) || size < SMALLEST)
    throw badChunkOption('size', size, `a whole number from ${SMALLEST}`)
  if (!Number.isSafeInteger(overlap) || overlap < 0 || overlap >= size) {
    throw badChunkOption('overlap', overlap, `a whole number from 0, less than the size ${size}`)
  }
  return {
    fingerprint: `chunker-${VERSION}:size=${size},overlap=${overlap}`,
    chunk: (document) => chunk(document, options),
  }
}

function chunk(document: LoadedDocument, options: ChunkerOptions): readonly Chunk[] {
  if (!LETTER_OR_DIGIT.test(document.text)) return []
  const lines = readLines(document.text)
  const writer = new PieceWriter(lines, options.size)
  write(document.format, lines, writer, options.size)
  const packed = packPieces(document.text, writer.pieces, options)
  const places = document.places && new ChunkPlaces(document.places)
  return packed.map((range, index) => toChunk(range, index, {document, lines, pieces: writer.pieces, places}))
}

function write(format: TextFormat, lines: LineTable, writer: PieceWriter, size: number): void {
  switch (format) {
    case 'markdown':
      return writeMarkdown(lines, writer, size)
    case 'text':
      return writeText(lines, writer)
    case 'code':
      return writeCode(lines, writer, size)
    case 'records':
      return writeRecords(lines, writer, size)
  }
}

interface Cutting {
  readonly document: LoadedDocument
  readonly lines: LineTable
  readonly pieces: PieceList
  /** Absent: each line of the text is a line of the source. */
  readonly places: ChunkPlaces | undefined
}

function toChunk(range: PackedChunk, index: number, {document, lines, pieces, places}: Cutting): Chunk {
  const {start, end, fresh} = range
  const {text} = document
  const first = skipSpace(text, start, end)
  let last = end - 1
  while (last > first && tokenClassAt(text, last) === TokenClass.SPACE) last--
  return {
    ordinal: index + 1,
    text: text.slice(start, end),
    start,
    end,
    overlap: fresh - start,
    heading: headingOf(pieces, range, document.format),
    tokens: countRange(text, start, end),
    ...(places
      ? keptPlace(places.of(first, last + 1))
      : {
          startLine: document.firstLine + lineAt(lines, first),
          endLine: document.firstLine + lineAt(lines, last),
        }),
  }
}

/**
 * The path that all sections of a chunk share; where they share none, that of the first section with one. Code is not filed under one
 * of several definitions: there it is the only definition's path, or none.
 */
function headingOf(pieces: PieceList, {first, last}: PackedChunk, format: TextFormat): readonly string[] {
  const from = pieces.sectionOf[first]!
  const to = pieces.sectionOf[last - 1]!
  const path = pieces.sections[from]!.path
  if (path.length === 0) return format === 'code' && to - from > 1 ? [] : firstPath(pieces, from, to)
  let shared = path.length
  for (let section = from + 1; section <= to && shared > 0; section++) {
    shared = sharedLength(path, pieces.sections[section]!.path, shared)
  }
  if (shared > 0) return path.slice(0, shared)
  return format === 'code' ? [] : path
}

function sharedLength(path: readonly string[], other: readonly string[], limit: number): number {
  let length = 0
  while (length < limit && path[length] === other[length]) length++
  return length
}

/** The path of the first section that has one: a chunk may begin before the first heading. */
function firstPath(pieces: PieceList, from: number, to: number): readonly string[] {
  for (let section = from; section <= to; section++) {
    if (pieces.sections[section]!.path.length > 0) return pieces.sections[section]!.path
  }
  return []
}
