import type {Digest} from '../../ports/surroundings.js'
import {hashOf, hashTable, LONG, SHORT, type HashTable} from './rolling-hash.js'

/** What a needle was made of. */
export const KINDS = ['text', 'terms', 'vectors'] as const
export type NeedleKind = (typeof KINDS)[number]

/** Bytes that must not be found: so that they can be kept without being kept, their hashes. */
export interface Needle {
  readonly kind: NeedleKind
  readonly length: number
  /** Of the first bytes: what is rolled over a file. */
  readonly filter: number
  /** First 8 bytes of a SHA-256 over salt and bytes, as hexadecimal digits. */
  readonly hash: string
  /** Other ways of writing the same thing have the same number. */
  readonly group: number
}

/** Longest needle. */
export const MOST_BYTES = 48
const RECORD_BYTES = 18
/** Characters of the salt, which stands before the records. */
const SALT_BYTES = 32

/** Makes needles of bytes; too few of them make none. The salt is of 32 ASCII characters. */
export class NeedleMaker {
  readonly #digest: Digest
  readonly #salt: Uint8Array
  readonly #made = new Map<string, Needle>()

  constructor(digest: Digest, salt: string) {
    this.#digest = digest
    this.#salt = new TextEncoder().encode(salt)
  }

  get count(): number {
    return this.#made.size
  }

  add(kind: NeedleKind, bytes: Uint8Array, group: number): void {
    const length = kind === 'terms' ? Math.min(bytes.length, MOST_BYTES) : LONG
    if (bytes.length < (kind === 'terms' ? SHORT : LONG)) return
    const hash = this.hash(bytes.subarray(0, length))
    if (this.#made.has(hash)) return
    const filter = hashOf(bytes, 0, kind === 'terms' ? SHORT : LONG)
    this.#made.set(hash, {kind, length, filter, hash, group})
  }

  hash(bytes: Uint8Array): string {
    const salted = new Uint8Array(this.#salt.length + bytes.length)
    salted.set(this.#salt)
    salted.set(bytes, this.#salt.length)
    return this.#digest.sha256(salted).slice(0, 16)
  }

  /** The salt, then 18 bytes a needle, little-endian: kind, length, filter, hash, group. */
  encode(): Uint8Array {
    const bytes = Buffer.alloc(SALT_BYTES + this.#made.size * RECORD_BYTES)
    bytes.set(this.#salt)
    let at = SALT_BYTES
    for (const {kind, length, filter, hash, group} of this.#made.values()) {
      bytes.writeUInt8(KINDS.indexOf(kind), at)
      bytes.writeUInt8(length, at + 1)
      bytes.writeUInt32LE(filter, at + 2)
      bytes.write(hash, at + 6, 'hex')
      bytes.writeUInt32LE(group, at + 14)
      at += RECORD_BYTES
    }
    return bytes
  }
}

/** Reads what `NeedleMaker.encode` wrote. */
export function decodeNeedles(digest: Digest, encoded: Uint8Array): NeedleSet {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  const maker = new NeedleMaker(digest, bytes.toString('latin1', 0, SALT_BYTES))
  const count = Math.max(0, Math.floor((bytes.length - SALT_BYTES) / RECORD_BYTES))
  const needles = Array.from({length: count}, (_, i): Needle => {
    const at = SALT_BYTES + i * RECORD_BYTES
    return {
      kind: KINDS[bytes.readUInt8(at)] ?? 'text',
      length: bytes.readUInt8(at + 1),
      filter: bytes.readUInt32LE(at + 2),
      hash: bytes.toString('hex', at + 6, at + 14),
      group: bytes.readUInt32LE(at + 14),
    }
  })
  return new NeedleSet(needles, maker)
}

/** Rebuilt after so many needles were taken out: most are, by what other documents say too. */
const REBUILT_AFTER = 512

/** Needles by their filters: a bit each tells most places of a file from those that are worth a hash. */
export class NeedleSet {
  readonly #maker: NeedleMaker
  #tables: {readonly long: HashTable; readonly short: HashTable} = {long: hashTable([]), short: hashTable([])}
  #byFilter = new Map<number, Needle[]>()
  #left: Set<Needle>
  #taken = 0

  constructor(needles: readonly Needle[], maker: NeedleMaker) {
    this.#maker = maker
    this.#left = new Set(needles)
    this.#index()
  }

  /** Of filters of 24 bytes, and of 6. */
  get tables(): {readonly long: HashTable; readonly short: HashTable} {
    return this.#tables
  }

  get size(): number {
    return this.#left.size
  }

  has(needle: Needle): boolean {
    return this.#left.has(needle)
  }

  /** Those that begin at a place of the bytes where this filter was found. */
  at(bytes: Uint8Array, start: number, filter: number): readonly Needle[] {
    const candidates = this.#byFilter.get(filter)
    if (!candidates) return []
    return candidates.filter(
      (needle) =>
        start + needle.length <= bytes.length &&
        this.#left.has(needle) &&
        this.#maker.hash(bytes.subarray(start, start + needle.length)) === needle.hash,
    )
  }

  /** Takes needles out, and all that are another way of writing the same. */
  exclude(found: Iterable<Needle>): void {
    const groups = new Set([...found].map(({group}) => group))
    if (groups.size === 0) return
    const before = this.#left.size
    for (const needle of this.#left) if (groups.has(needle.group)) this.#left.delete(needle)
    this.#taken += before - this.#left.size
    if (this.#taken >= REBUILT_AFTER || this.#left.size === 0) this.#index()
  }

  #index(): void {
    this.#taken = 0
    this.#byFilter = new Map()
    const left = [...this.#left]
    const filtersOf = (areTerms: boolean): number[] =>
      left.filter(({kind}) => (kind === 'terms') === areTerms).map(({filter}) => filter)
    this.#tables = {long: hashTable(filtersOf(false)), short: hashTable(filtersOf(true))}
    for (const needle of left) {
      const same = this.#byFilter.get(needle.filter)
      if (same) same.push(needle)
      else this.#byFilter.set(needle.filter, [needle])
    }
  }
}
