import {badRecord} from '../model/errors/files/batch.js'
import type {RagError} from '../model/errors/rag-error.js'
import {LIMITS} from '../model/input/limits.js'
import {ByteCopies} from './byte-copies.js'

/** A MessagePack extension that is no timestamp. */
export interface Extension {
  readonly extension: number
  readonly data: Uint8Array
}

/**
 * What MessagePack holds: nil, booleans, numbers (bigint beyond 2^53), texts, bytes (also texts that are not UTF-8, as old encoders wrote
 * bytes), arrays, maps by key, instants and other extensions.
 */
export type Decoded =
  null | boolean | number | bigint | string | Uint8Array | readonly Decoded[] | DecodedMap | Date | Extension

export type DecodedMap = ReadonlyMap<string, Decoded>

/** Deeper nesting is refused: no batch has a use for it, and what reads it later would fail. */
const MAX_DEPTH = 100

/**
 * More values in one are refused: packed, millions of them take next to nothing, but here each takes memory, and past some 100 million an
 * array ends the process without a word.
 */
const MAX_VALUES = 1_000_000

const UTF8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/**
 * Decodes the value that begins at `start`; `scanValue` has found that it is whole. Bytes are copied, to where `copies` says.
 * @throws RagError BAD_INPUT for nesting beyond 100, more than a million values, a text over 64 MiB, a key that stands twice, a key that is no text or number
 */
export function decodeValue({bytes, view}: Memory, start: number, copies: ByteCopies = NEW_MEMORY): Decoded {
  return new Decoder({bytes, view}, start, copies).value(0)
}

/** The same bytes twice. */
interface Memory {
  readonly bytes: Uint8Array
  readonly view: DataView
}

const NEW_MEMORY: ByteCopies = new ByteCopies()

class Decoder {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #copies: ByteCopies
  #place: number
  #values = 0

  constructor({bytes, view}: Memory, start: number, copies: ByteCopies) {
    this.#copies = copies
    this.#bytes = bytes
    this.#view = view
    this.#place = start
  }

  value(depth: number): Decoded {
    if (++this.#values > MAX_VALUES) throw badRecord(`it holds more than ${MAX_VALUES} values`)
    const tag = this.#bytes[this.#place++]!
    if (tag <= 0x7f) return tag
    if (tag >= 0xe0) return tag - 0x100
    if (tag <= 0x8f) return this.#map(tag & 0x0f, depth)
    if (tag <= 0x9f) return this.#array(tag & 0x0f, depth)
    if (tag <= 0xbf) return this.#text(tag & 0x1f)
    return this.#longer(tag, depth)
  }

  #longer(tag: number, depth: number): Decoded {
    if (tag >= 0xcc && tag <= 0xd3) return this.#integer(tag)
    if (tag <= 0xc3) return tag === 0xc0 ? null : tag === 0xc3
    if (tag <= 0xc6) return this.#slice(this.#length(tag - 0xc4))
    if (tag <= 0xc9) return this.#extension(this.#length(tag - 0xc7))
    if (tag === 0xca) return this.#view.getFloat32(this.#skip(4))
    if (tag === 0xcb) return this.#view.getFloat64(this.#skip(8))
    if (tag <= 0xd8) return this.#extension(1 << (tag - 0xd4))
    if (tag <= 0xdb) return this.#text(this.#length(tag - 0xd9))
    if (tag <= 0xdd) return this.#array(this.#length(tag - 0xdc + 1), depth)
    return this.#map(this.#length(tag - 0xde + 1), depth)
  }

  /** A length of 1, 2 or 4 bytes. */
  #length(power: number): number {
    if (power === 0) return this.#view.getUint8(this.#skip(1))
    return power === 1 ? this.#view.getUint16(this.#skip(2)) : this.#view.getUint32(this.#skip(4))
  }

  #skip(count: number): number {
    const place = this.#place
    this.#place += count
    return place
  }

  #integer(tag: number): number | bigint {
    switch (tag) {
      case 0xcc:
        return this.#view.getUint8(this.#skip(1))
      case 0xcd:
        return this.#view.getUint16(this.#skip(2))
      case 0xce:
        return this.#view.getUint32(this.#skip(4))
      case 0xcf:
        return safe(this.#view.getBigUint64(this.#skip(8)))
      case 0xd0:
        return this.#view.getInt8(this.#skip(1))
      case 0xd1:
        return this.#view.getInt16(this.#skip(2))
      case 0xd2:
        return this.#view.getInt32(this.#skip(4))
      default:
        return safe(this.#view.getBigInt64(this.#skip(8)))
    }
  }

  #slice(length: number): Uint8Array {
    const place = this.#skip(length)
    if (length > LIMITS.textBytes) throw tooLong(length)
    return this.#copies.copy(this.#bytes, place, place + length)
  }

  #text(length: number): string | Uint8Array {
    const place = this.#skip(length)
    if (length > LIMITS.textBytes) throw tooLong(length)
    try {
      return UTF8.decode(this.#bytes.subarray(place, place + length))
    } catch {
      return this.#bytes.slice(place, place + length)
    }
  }

  #extension(length: number): Date | Extension | null {
    const extension = this.#view.getInt8(this.#skip(1))
    const data = this.#slice(length)
    // So JavaScript's `undefined` is written by an encoder that tells it from nil.
    if (extension === 0 && length === 1 && data[0] === 0) return null
    return (extension === -1 ? instant(data) : undefined) ?? {extension, data}
  }

  #array(length: number, depth: number): readonly Decoded[] {
    if (depth >= MAX_DEPTH) throw tooDeep()
    const values: Decoded[] = []
    for (let i = 0; i < length; i++) values.push(this.value(depth + 1))
    return values
  }

  #map(length: number, depth: number): DecodedMap {
    if (depth >= MAX_DEPTH) throw tooDeep()
    const map = new Map<string, Decoded>()
    for (let i = 0; i < length; i++) {
      const key = keyOf(this.value(depth + 1))
      if (map.has(key)) throw badRecord(`the key "${key.slice(0, 80)}" stands twice in one map`)
      map.set(key, this.value(depth + 1))
    }
    return map
  }
}

/** Python's old encoders write keys as bytes. */
function keyOf(raw: Decoded): string {
  if (typeof raw === 'string') return raw
  if (typeof raw === 'number' || typeof raw === 'bigint') return String(raw)
  if (raw instanceof Uint8Array) {
    try {
      return UTF8.decode(raw)
    } catch {
      // Falls through: no text in any encoding that is known here.
    }
  }
  throw badRecord('a key of a map is neither text nor number')
}

function safe(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

/** MessagePack's timestamps: 32 bits of seconds; 30 of nanoseconds with 34 of seconds; 32 with 64. */
function instant(data: Uint8Array): Date | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  if (data.length === 4) return validDate(view.getUint32(0) * 1000)
  if (data.length === 8) {
    const both = view.getBigUint64(0)
    return validDate(Number(both & 0x3_ffff_ffffn) * 1000 + Number(both >> 34n) / 1e6)
  }
  if (data.length === 12) return validDate(Number(view.getBigInt64(4)) * 1000 + view.getUint32(0) / 1e6)
  return undefined
}

function validDate(ms: number): Date | undefined {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** A fault of one record. The message is completed by who knows which. */
const tooLong = (bytes: number): RagError =>
  badRecord(`it holds a text of ${bytes} bytes, more than ${LIMITS.textBytes / 1024 ** 2} MiB`)

const tooDeep = (): RagError => badRecord(`it is nested more than ${MAX_DEPTH} deep`)
