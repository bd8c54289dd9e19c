import type {Digest} from '../../ports/surroundings.js'

/** 128 bits of each: two different ones that agree in them are not to be met. */
const WORDS = 4
const FIRST_ROOM = 1024
const DIGITS = 64

/** Content hashes that were met: of a million in some 32 MiB, where the texts themselves would take three times as much. */
export class ContentHashes {
  readonly #digest: Digest
  readonly #key = new Uint32Array(WORDS)
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
    if (this.#count * 4 >= this.#table.length * (3 / WORDS)) this.#grow()
    this.#keyOf(hash)
    const isNew = put(this.#table, this.#key)
    if (isNew) this.#count++
    return isNew
  }

  /** Forgets all, and gives their memory back. */
  clear(): void {
    this.#table = new Uint32Array(FIRST_ROOM * WORDS)
    this.#count = 0
  }

  /** What is no SHA-256 gets one, of a text that is no content of its own: it may be the hash of that very hash. */
  #keyOf(hash: string): void {
    if (!readKey(hash, this.#key)) readKey(this.#digest.sha256(`content hash\0${hash}`), this.#key)
  }

  #grow(): void {
    const old = this.#table
    this.#table = new Uint32Array(2 * old.length)
    for (let at = 0; at < old.length; at += WORDS)
      if (old[at + 3] !== 0) put(this.#table, old.subarray(at, at + WORDS))
  }
}

/** Odd, and far from each other: what one takes for the same, the others tell apart. */
const LANES = [0x9e37_79b1, 0x85eb_ca77, 0xc2b2_ae3d, 0x27d4_eb2f] as const

/**
 * Reads the key of a SHA-256 in lower-case hex; false for what is none. Each word of the key depends on all of the hash: those that others
 * give may be numbers with zeros before them, which differ at their end only.
 */
function readKey(hex: string, key: Uint32Array): boolean {
  if (hex.length !== DIGITS) return false
  let [a, b, c, d]: readonly [number, number, number, number] = LANES
  for (let at = 0; at < DIGITS;) {
    let word = 0
    for (const end = at + 8; at < end; at++) {
      const digit = digitOf(hex.charCodeAt(at))
      if (digit < 0) return false
      word = (word << 4) | digit
    }
    a = mixed(a, word, LANES[0])
    b = mixed(b, word, LANES[1])
    c = mixed(c, word, LANES[2])
    d = mixed(d, word, LANES[3])
  }
  key[0] = a
  key[1] = b
  key[2] = c
  // All zeros mark a place that is free.
  key[3] = d | 1
  return true
}

/** -1 for what is no digit. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1
}

function mixed(before: number, word: number, factor: number): number {
  const product = Math.imul(before ^ word, factor)
  return product ^ (product >>> 15)
}

/** Puts a key at the first free place from its own on; at least a quarter of the places is free. */
function put(table: Uint32Array, key: Uint32Array): boolean {
  const places = table.length / WORDS
  for (let place = key[0]! & (places - 1); ; place = (place + 1) & (places - 1)) {
    const at = place * WORDS
    if (table[at + 3] === 0) {
      table.set(key, at)
      return true
    }
    if (isAt(table, at, key)) return false
  }
}

function isAt(table: Uint32Array, at: number, key: Uint32Array): boolean {
  return (
    table[at] === key[0] && table[at + 1] === key[1] && table[at + 2] === key[2] && table[at + 3] === key[3]
  )
}
