import type {Place} from '../../model/block.js'
import type {PlacedSpan} from '../../model/document.js'
import {cleanUnescaped} from '../clean-text.js'

/** Writes a text together with where each part of it stands in the source. */
export class PlacedText {
  readonly #parts: string[] = []
  readonly #places: PlacedSpan[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Text without a place: marks of the format. */
  add(text: string): void {
    if (text === '') return
    this.#parts.push(text)
    this.#length += text.length
  }

  /** A block of its own, after a blank line, or after a line end (`tight`). Nothing when it is blank. */
  block(text: string, place?: Place, tight = false): void {
    const clean = cleanUnescaped(text).replace(/^\n+|\s+$/g, '')
    if (clean === '') return
    if (this.#length > 0) this.add(tight ? '\n' : '\n\n')
    const start = this.#length
    this.add(clean)
    if (place) this.#places.push({start, end: this.#length, place})
  }

  /** Another text with its places, after a blank line. */
  append(text: string, places: readonly PlacedSpan[]): void {
    if (text === '') return
    if (this.#length > 0) this.add('\n\n')
    const by = this.#length
    this.add(text)
    for (const {start, end, place} of places) this.#places.push({start: start + by, end: end + by, place})
  }

  text(): string {
    return this.#parts.join('')
  }

  places(): readonly PlacedSpan[] {
    return this.#places
  }
}
