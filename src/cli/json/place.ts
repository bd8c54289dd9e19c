import type {PlaceData} from '../../contract/index.js'
import type {Place} from '../../lib/index.js'

/** A place, as in every JSON output: null for none. */
export function placeJson(place: Place | undefined): PlaceData | null {
  switch (place?.kind) {
    case undefined:
      return null
    case 'lines':
    case 'pages':
      return {kind: place.kind, first: place.first, last: place.last}
    case 'paragraphs': {
      const {kind, first, last, part} = place
      return part === undefined ? {kind, first, last} : {kind, first, last, part}
    }
    case 'rows':
      return {kind: place.kind, first: place.first, last: place.last, part: place.sheet}
    case 'slide':
      return {kind: place.kind, first: place.slide, last: place.slide, in_notes: place.inNotes}
    case 'cell':
      return {kind: place.kind, first: place.cell, last: place.cell}
    case 'message':
      return {kind: place.kind, first: place.message, last: place.message}
    case 'time':
      return {kind: place.kind, first: place.startMs, last: place.endMs}
  }
}
