import {crc32} from 'node:zlib'
import {CRC_TABLE, columnTerm, KIND, unmix, type Value} from './row-checksum.js'

/** A damaged row as it lies in the file. */
export interface DamagedRow {
  readonly keys: readonly number[]
  /** Texts as their bytes. */
  readonly values: readonly Value[]
  readonly isText: readonly boolean[]
  readonly checksum: number
}

/** A column, by its place, as it was before one of its bits was flipped; a row whose columns are right has a flipped `checksum`. */
export type Unflipped =
  {readonly place: number; readonly value: Value} | {readonly place: 'checksum'; readonly value: number}

/**
 * The row as it was, told by its checksum, provided that one bit of it was flipped; undefined when no flip fits, or several do. A flip that
 * is not the one fits once in 2³² bits that are tried.
 */
export function beforeFlip({keys, values, isText, checksum}: DamagedRow): Unflipped | undefined {
  const terms = values.map((value, i) => storedTerm(keys[i]!, value, isText[i] === true))
  const sum = terms.reduce((all, term) => (all + term) | 0, 0)
  // One that was carried on since is a power of two away; the bits in which it differs may be more.
  const away = (sum - checksum) | 0
  const isChecksum = isOneBit(away) || isOneBit(-away | 0)
  const found: Unflipped[] = isChecksum ? [{place: 'checksum', value: sum}] : []
  values.forEach((value, place) => {
    const wanted = (checksum - sum + terms[place]!) | 0
    const before = flipFor(keys[place]!, value, {isText: isText[place] === true, wanted})
    for (const one of before) found.push({place, value: one})
  })
  return found.length === 1 ? found[0] : undefined
}

function storedTerm(key: number, value: Value, isText: boolean): number {
  return isText ? columnTerm(key, value, KIND.text) : columnTerm(key, value)
}

/** Values one bit away whose term is the wanted one. */
function flipFor(
  key: number,
  value: Value,
  {isText, wanted}: {readonly isText: boolean; readonly wanted: number},
): Value[] {
  if (typeof value === 'number') return numbersNear(value).filter((it) => columnTerm(key, it) === wanted)
  if (value === null || typeof value === 'string') return []
  const crc = unmix(wanted) ^ key ^ (isText ? KIND.text : KIND.bytes)
  const bit = flippedBit(value.length, crc ^ crc32(value))
  if (bit === undefined) return []
  const bytes = Buffer.from(value)
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  if (!isText) return [bytes]
  const text = bytes.toString()
  // What was stored was no broken UTF-8.
  return Buffer.from(text).equals(bytes) ? [text] : []
}

/** Whole numbers have as many bytes as they need: a flip moves them by a power of two. Others are doubles. */
function numbersNear(value: number): number[] {
  if (Number.isSafeInteger(value))
    return Array.from({length: 106}, (_, i) => value + (i % 2 === 0 ? 1 : -1) * 2 ** (i >> 1)).filter((it) =>
      Number.isSafeInteger(it),
    )
  const bytes = Buffer.alloc(8)
  return Array.from({length: 64}, (_, bit) => {
    bytes.writeDoubleLE(value)
    bytes[bit >> 3]! ^= 1 << (bit & 7)
    return bytes.readDoubleLE()
  }).filter((it) => Number.isFinite(it))
}

/** Which bit of so many bytes changes a CRC-32 by `change`; bits from 0, the lowest of each byte first. */
function flippedBit(length: number, change: number): number | undefined {
  for (let bit = 0; bit < 8; bit++) {
    let syndrome = CRC_TABLE[1 << bit]!
    for (let at = length - 1; at >= 0; at--) {
      if (syndrome === change) return 8 * at + bit
      syndrome = CRC_TABLE[syndrome & 0xff]! ^ (syndrome >>> 8)
    }
  }
  return undefined
}

const isOneBit = (word: number): boolean => word !== 0 && (word & (word - 1)) === 0
