import type {Digest} from '../ports/surroundings.js'

/** 128 bits of each: two different ones that agree in them are not to be met. */
const WORDS = 4
const FIRST_ROOM = 1024
const SHA256 = /^[0-9a-f]{64}$/

/** Content hashes that were met: of a million in some 32 MiB, where the texts themselves would take three times as much. */
export class ContentHashes {
  readonly #digest: Digest
  #table = new Uint32Array(FIRST_ROOM * WORDS)
  #count = 0

  constructor(digest: Digest) {
    this.#digest = digest
  }

  get size(): number {
    return this.#count
  }

  /** False for one that was there already. */
  add(hash: string): boolean {
    if (this.#count * 2 >= this.#table.length / WORDS) this.#grow()
    const isNew = put(this.#table, this.#keyOf(hash))
    if (isNew) this.#count++
    return isNew
  }

  /** Forgets all, and gives their memory back. */
  clear(): void {
    this.#table = new Uint32Array(FIRST_ROOM * WORDS)
    this.#count = 0
  }

  /** What is no SHA-256 gets one, of a text that is no content of its own: it may be the hash of that very hash. */
  #keyOf(hash: string): Key {
    const hex = SHA256.test(hash) ? hash : this.#digest.sha256(`content hash\0${hash}`)
    let [a, b, c, d]: Key = LANES
    // Each word of the key depends on all of the hash: those that others give may be numbers with zeros before them, which differ at
    // their end only.
    for (let at = 0; at < hex.length; at += 8) {
      const word = Number.parseInt(hex.slice(at, at + 8), 16)
      a = mixed(a, word, LANES[0])
      b = mixed(b, word, LANES[1])
      c = mixed(c, word, LANES[2])
      d = mixed(d, word, LANES[3])
    }
    // All zeros mark a place that is free.
    return [a >>> 0, b >>> 0, c >>> 0, (d | 1) >>> 0]
  }

  #grow(): void {
    const old = this.#table
    this.#table = new Uint32Array(2 * old.length)
    for (let at = 0; at < old.length; at += WORDS)
      if (old[at + 3] !== 0) put(this.#table, [old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!])
  }
}

type Key = readonly [number, number, number, number]

/** Odd, and far from each other: what one takes for the same, the others tell apart. */
const LANES = [0x9e37_79b1, 0x85eb_ca77, 0xc2b2_ae3d, 0x27d4_eb2f] as const

function mixed(before: number, word: number, factor: number): number {
  const product = Math.imul(before ^ word, factor)
  return product ^ (product >>> 15)
}

/** Puts a key at the first free place from its own on; at least half of the places are free. */
function put(table: Uint32Array, [a, b, c, d]: Key): boolean {
  const places = table.length / WORDS
  for (let place = a & (places - 1); ; place = (place + 1) & (places - 1)) {
    const at = place * WORDS
    if (table[at + 3] === 0) {
      table[at] = a
      table[at + 1] = b
      table[at + 2] = c
      table[at + 3] = d
      return true
    }
    if (table[at] === a && table[at + 1] === b && table[at + 2] === c && table[at + 3] === d) return false
  }
}
