import {crc32} from 'node:zlib'

/** What a column holds, as the driver hands it out. */
export type Value = null | number | string | Uint8Array

/*
 * The checksum of a row is the sum, modulo 2³², of a term for each of its columns, as a signed number. A term is
 *
 *   mix(crc ^ key ^ kind)                    of a text (CRC-32 of its UTF-8) or of bytes
 *   mix(low ^ mix(high ^ key ^ kind))        of a number: the halves of its IEEE 754 double
 *   mix(key ^ kind)                          of NULL
 *   0                                        of NULL in a column that tables got after their rows had checksums
 *
 * where key is the CRC-32 of `table.column`. `mix` is a bijection, so one changed bit always gives another term, and so does every
 * change within 32 neighbouring bits; any other change escapes once in 2³². As a sum, it is carried on when a column changes without
 * looking at the others: damage of theirs still shows. A column's terms are those of no other, so that columns can't be exchanged.
 */

export const KIND = {null: 0x2545f491, number: 0x5851f42d, text: 0x14057b7e, bytes: 0x6c078965} as const

/** Columns that came with a later format: rows of before keep their checksum. */
const LATER_COLUMNS = ['chunks.place', 'message_sources.place']

/** To tell apart what is held in columns of different names. */
export function columnKey(table: string, column: string): number {
  return crc32(`${table}.${column}`) | 0
}

const LATER_KEYS = new Set(LATER_COLUMNS.map((it) => crc32(it) | 0))

/** Checksums of rows of one table. Many columns hold what they held in the row before: their terms are not worked out again. */
export class RowChecksum {
  readonly #keys: readonly number[]
  readonly #values: Value[]
  readonly #terms: Int32Array

  constructor(keys: readonly number[]) {
    this.#keys = keys
    this.#values = keys.map(() => null)
    this.#terms = Int32Array.from(keys, (key) => columnTerm(key, null))
  }

  /** Of a row: values in the order of the keys; more of them are passed over. */
  of(values: readonly Value[]): number {
    let sum = 0
    for (let i = 0; i < this.#keys.length; i++) sum += this.#term(i, values[i]!)
    return sum | 0
  }

  #term(i: number, value: Value): number {
    if (value === this.#values[i]) return this.#terms[i]!
    const term = columnTerm(this.#keys[i]!, value)
    // A long text is hardly ever the same again, and takes room.
    if (value === null || typeof value === 'number' || (typeof value === 'string' && value.length <= SHORT)) {
      this.#values[i] = value
      this.#terms[i] = term
    }
    return term
  }
}

/** What a column adds to the checksum of its row; bytes may be those of a text. */
export function columnTerm(key: number, value: Value, kindOfBytes: number = KIND.bytes): number {
  if (typeof value === 'number') return numberTerm(key, value)
  if (typeof value === 'string') return mix(crcOfText(value) ^ key ^ KIND.text)
  if (value === null) return LATER_KEYS.has(key) ? 0 : mix(key ^ KIND.null)
  return mix(crc32(value) ^ key ^ kindOfBytes)
}

/** `columnTerm` of bytes that come as hexadecimal digits. */
export function hexTerm(key: number, hex: string): number {
  return mix(crcOfHex(hex) ^ key ^ KIND.bytes)
}

const number = new Float64Array(1)
const halves = new Uint32Array(number.buffer)
/** Which half of a double is the low one on this machine. */
const LOW = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1

/** SQLite keeps no sign of a zero, and no NaN. */
function numberTerm(key: number, value: number): number {
  if (Number.isNaN(value)) return mix(key ^ KIND.null)
  number[0] = value === 0 ? 0 : value
  return mix(halves[LOW]! ^ mix(halves[1 - LOW]! ^ key ^ KIND.number))
}

/** The last step of MurmurHash3: each bit of the result depends on each of the input. */
function mix(word: number): number {
  word ^= word >>> 16
  word = Math.imul(word, 0x85ebca6b)
  word ^= word >>> 13
  word = Math.imul(word, 0xc2b2ae35)
  return word ^ (word >>> 16)
}

/** What gives a word when it is mixed. */
export function unmix(word: number): number {
  word ^= word >>> 16
  word = Math.imul(word, 0x7ed1b41d)
  word ^= (word >>> 13) ^ (word >>> 26)
  word = Math.imul(word, 0xa5cb9243)
  return word ^ (word >>> 16)
}

/** Up to here a loop is quicker than a call of native code. */
const SHORT = 64

function crcOfText(text: string): number {
  if (text.length > SHORT) return crcAsRead(text)
  let crc = -1
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return crcAsRead(text)
    crc = CRC_TABLE[(crc ^ code) & 0xff]! ^ (crc >>> 8)
  }
  return ~crc
}

/** Half of a surrogate pair goes to SQLite as three bytes, of which it gives back none. */
function crcAsRead(text: string): number {
  return crc32(text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, '\ufffd\ufffd\ufffd'))
}

function crcOfHex(hex: string): number {
  let crc = -1
  for (let i = 0; i + 1 < hex.length; i += 2) {
    const byte = (digit(hex.charCodeAt(i)) << 4) | digit(hex.charCodeAt(i + 1))
    crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  }
  return ~crc
}

/** 0–9, a–f, A–F. */
const digit = (code: number): number => (code & 0xf) + (code > 0x39 ? 9 : 0)

/** The CRC-32 of zlib, byte by byte. */
export const CRC_TABLE = Int32Array.from({length: 256}, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})
