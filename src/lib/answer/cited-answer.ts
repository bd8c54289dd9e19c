import type {Place} from '../model/block.js'
import type {Citation} from '../model/operations/answer.js'
import {linesOf, placeAround} from '../model/place.js'
import type {Excerpt, ExcerptPart} from './excerpt.js'

/** An answer with its citations, before it is reported. */
export interface CitedAnswer {
  readonly text: string
  readonly citations: readonly Citation[]
}

/** Numbers chunks in the order in which they are cited; the place of a citation grows with what is cited of the chunk. */
export interface CitationList {
  cite(excerpt: Excerpt, part: ExcerptPart, place: Place | undefined): number
  list(): readonly Citation[]
}

export function citationsOf(): CitationList {
  const cited = new Map<string, Citation>()
  return {
    cite({docId, title, heading}, {chunkId}, place) {
      const known = cited.get(chunkId)
      const n = known?.n ?? cited.size + 1
      const around = place && known?.place ? (placeAround(known.place, place) ?? known.place) : place
      cited.set(chunkId, {n, docId, chunkId, title, heading, lines: linesOf(around), place: around})
      return n
    },
    list: () => [...cited.values()],
  }
}
