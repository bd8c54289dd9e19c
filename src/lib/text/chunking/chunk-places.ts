import type {Place} from '../../model/block.js'
import type {PlacedSpan} from '../../model/document.js'
import {placeAround} from '../../model/place.js'

/** Tells where stretches of a text stand in its source, from the places of its parts. For stretches that come in order. */
export class ChunkPlaces {
  readonly #spans: readonly PlacedSpan[]
  #at = 0

  constructor(spans: readonly PlacedSpan[]) {
    this.#spans = spans
  }

  /**
   * The place around all spans that share a character with `[start, end)`; of places that no one place can hold, that which holds most of
   * the stretch.
   */
  of(start: number, end: number): Place | undefined {
    const spans = this.#spans
    // Stretches overlap a little: back first, then on to the first span that ends behind the start.
    while (this.#at > 0 && spans[this.#at - 1]!.end > start) this.#at--
    while (this.#at < spans.length && spans[this.#at]!.end <= start) this.#at++
    let found: Candidate[] = []
    for (let at = this.#at; at < spans.length && spans[at]!.start < end; at++) {
      const span = spans[at]!
      const covered = Math.min(span.end, end) - Math.max(span.start, start)
      if (covered > 0) found = withSpan(found, {place: span.place, covered})
    }
    return found.reduce<Candidate | undefined>(
      (best, one) => (best && best.covered >= one.covered ? best : one),
      undefined,
    )?.place
  }
}

interface Candidate {
  readonly place: Place
  readonly covered: number
}

/** Adds to the first place that goes together with it. There are few: kinds and parts of one chunk. */
function withSpan(found: Candidate[], span: Candidate): Candidate[] {
  for (let at = 0; at < found.length; at++) {
    const place = placeAround(found[at]!.place, span.place)
    if (!place) continue
    found[at] = {place, covered: found[at]!.covered + span.covered}
    return found
  }
  found.push(span)
  return found
}
