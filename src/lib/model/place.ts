import type {Place} from './block.js'

/** First and last line of the source. */
export type LineRange = readonly [number, number]

/**
 * How a chunk keeps its place: as lines from 1, or, with lines 0, as a place of another kind. A chunk with neither has no place in a source
 * that a person can open.
 */
export interface KeptPlace {
  readonly startLine: number
  readonly endLine: number
  /** Never of the kind `lines`. */
  readonly place?: Place | undefined
}

/** Where a chunk stands in its source. */
export function placeOf({startLine, endLine, place}: KeptPlace): Place | undefined {
  if (place) return place
  return startLine > 0 ? {kind: 'lines', first: startLine, last: endLine} : undefined
}

/** A place as a chunk keeps it. */
export function keptPlace(place: Place | undefined): KeptPlace {
  if (place?.kind === 'lines') return {startLine: place.first, endLine: place.last}
  return {startLine: 0, endLine: 0, place}
}

/** The lines of a place that is a range of lines. */
export function linesOf(place: Place | undefined): LineRange | undefined {
  return place?.kind === 'lines' ? [place.first, place.last] : undefined
}

/** The place around two, or undefined when no place of their kind holds both: pages of one document, rows of one sheet. */
export function placeAround(one: Place, other: Place): Place | undefined {
  if (one.kind !== other.kind || partOf(one) !== partOf(other)) return undefined
  if ('first' in one && 'first' in other)
    return {...one, first: Math.min(one.first, other.first), last: Math.max(one.last, other.last)}
  if (one.kind === 'slide' && other.kind === 'slide') return {...one, inNotes: one.inNotes && other.inNotes}
  if (one.kind !== 'time' || other.kind !== 'time') return one
  const {startMs, endMs} = other
  return {kind: 'time', startMs: Math.min(one.startMs, startMs), endMs: Math.max(one.endMs, endMs)}
}

/** What two places of a kind must share, so that one can hold both. */
function partOf(place: Place): string | number | undefined {
  switch (place.kind) {
    case 'lines':
    case 'pages':
    case 'time':
      return undefined
    case 'paragraphs':
      return place.part
    case 'rows':
      return place.sheet
    case 'slide':
      return place.slide
    case 'cell':
      return place.cell
    case 'message':
      return place.message
  }
}

const MEMBERS: Readonly<Record<Place['kind'], Readonly<Record<string, 'number' | 'string' | 'boolean'>>>> = {
  lines: {first: 'number', last: 'number'},
  pages: {first: 'number', last: 'number'},
  paragraphs: {first: 'number', last: 'number'},
  slide: {slide: 'number', inNotes: 'boolean'},
  rows: {first: 'number', last: 'number', sheet: 'string'},
  cell: {cell: 'number'},
  message: {message: 'number'},
  time: {startMs: 'number', endMs: 'number'},
}

/** Whether a value, as JSON or a batch has it, is a place. */
export function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false
  const found = value as Readonly<Record<string, unknown>>
  const kind = found['kind']
  if (typeof kind !== 'string' || !Object.hasOwn(MEMBERS, kind)) return false
  const isMember = ([name, type]: readonly [string, string]): boolean =>
    type === 'number' ? isNumber(found[name]) : typeof found[name] === type
  const part = found['part']
  return (
    Object.entries(MEMBERS[kind as Place['kind']]).every(isMember) &&
    (part === undefined || typeof part === 'string')
  )
}

const isNumber = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
