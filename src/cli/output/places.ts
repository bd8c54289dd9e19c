import type {Place} from '../../lib/index.js'
import {visibleName} from './visible.js'

/** A place for people, such as `lines 3–9`, `page 4`, `rows 2–8 of Prices`; empty for none. */
export function showPlace(place: Place | undefined): string {
  switch (place?.kind) {
    case undefined:
      return ''
    case 'lines':
      return range('line', place)
    case 'pages':
      return range('page', place)
    case 'paragraphs':
      return range('paragraph', place) + within(place.part)
    case 'slide':
      return `${place.inNotes ? 'notes of ' : ''}slide ${place.slide}`
    case 'rows':
      return range('row', place) + within(place.sheet)
    case 'cell':
      return `cell ${place.cell}`
    case 'message':
      return `message ${place.message}`
    case 'time':
      return `${moment(place.startMs)}–${moment(place.endMs)}`
  }
}

function range(word: string, {first, last}: {readonly first: number; readonly last: number}): string {
  return first === last ? `${word} ${first}` : `${word}s ${first}–${last}`
}

function within(part: string | undefined): string {
  return part === undefined || part === '' ? '' : ` of ${visibleName(part)}`
}

/** `1:02:03`, or `2:03` within the first hour. */
function moment(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
