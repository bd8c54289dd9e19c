import {MOST_BYTES, type Needle, type NeedleSet} from './needle-set.js'
import {LONG, rollOver, SHORT} from './rolling-hash.js'

/** Looks for needles in bytes that come piece by piece, across the edges of the pieces. Holds the last 47 bytes, and no more. */
export class ByteSearch {
  readonly #set: NeedleSet
  readonly found = new Set<Needle>()
  #held: Uint8Array = new Uint8Array(0)
  #room = new Uint8Array(0)

  constructor(set: NeedleSet) {
    this.#set = set
  }

  push(piece: Uint8Array): void {
    const length = this.#held.length + piece.length
    if (this.#room.length < length) {
      const room = new Uint8Array(length)
      room.set(this.#held)
      this.#room = room
    } else this.#room.set(this.#held)
    this.#room.set(piece, this.#held.length)
    const bytes = this.#room.subarray(0, length)
    const end = Math.max(0, length - (MOST_BYTES - 1))
    this.#look(bytes, end)
    this.#held = bytes.slice(end)
  }

  /** What follows does not belong to what came before. */
  end(): void {
    this.#look(this.#held, this.#held.length)
    this.#held = new Uint8Array(0)
  }

  #look(bytes: Uint8Array, end: number): void {
    const tell = (start: number, filter: number): void => {
      for (const needle of this.#set.at(bytes, start, filter)) this.found.add(needle)
    }
    rollOver(bytes, {width: LONG, end}, this.#set.tables.long, tell)
    rollOver(bytes, {width: SHORT, end}, this.#set.tables.short, tell)
  }
}

/** The needles that stand in one text. */
export function foundIn(set: NeedleSet, bytes: Uint8Array): ReadonlySet<Needle> {
  const search = new ByteSearch(set)
  search.push(bytes)
  search.end()
  return search.found
}
