import type {Metadata} from '../../model/metadata.js'
import type {Analyser} from '../../ports/analyser.js'
import type {Remains} from '../../ports/store/purge-log.js'
import type {NeedleMaker} from './needle-set.js'
import {LONG} from './rolling-hash.js'

/*
 * What must not be found once a document is gone: the 24 bytes at the beginning of each of its words, as they are and as JSON writes them,
 * so that any eight words in a row hold one; its words and terms of six bytes and more, and the ends of long terms, as an index leaves
 * out what a term shares with the one before; and its vectors, as they are, of unit length, and in whole numbers of eight bits.
 */

/** A long document is looked for by some of its pieces: so many in all. */
const MOST_TEXT = 65_536
const MOST_TERMS = 32_768
const MOST_VECTORS = 16_384
/** Vectors beyond so many are looked for by their beginning alone. */
const WHOLE_VECTORS = 1024
const TAIL = 8
/** Digits, and what may be the digits of a hash, are no words unless they are many. */
const NUMBERS = /^[0-9a-f]{1,15}$/i
const WORD = /[\p{L}\p{N}]+/gu
/** Of scripts that put no spaces between words, a piece is taken at each so many characters. */
const UNSPACED_STEP = 4

/** Collects needles of what is about to be removed. */
export class NeedleCollector {
  readonly #analyser: Analyser
  readonly #maker: NeedleMaker
  readonly #counts = {text: 0, terms: 0, vectors: 0}
  #group = 0

  constructor(analyser: Analyser, maker: NeedleMaker) {
    this.#analyser = analyser
    this.#maker = maker
  }

  async add({title, language, metadata, chunks}: Remains): Promise<void> {
    await this.#analyser.prepare([language])
    for (const text of [title, ...valuesOf(metadata)]) this.#addText(text, language)
    for (const {text, heading, metadata: own, vectors} of chunks) {
      for (const one of [text, ...heading, ...valuesOf(own)]) this.#addText(one, language)
      for (const vector of vectors) this.#addVector(vector)
    }
  }

  encode(): Uint8Array {
    return this.#maker.encode()
  }

  #addText(text: string, language: string): void {
    const words = new Set<string>()
    for (const {0: word, index} of text.matchAll(WORD)) {
      words.add(word)
      for (let at = 0; at < word.length; at += word.length > LONG / 2 ? UNSPACED_STEP : word.length)
        this.#addPiece(text.slice(index + at, index + at + LONG))
    }
    for (const word of words) for (const form of new Set([word, word.toLowerCase()])) this.#addTerm(form)
    for (const term of new Set(this.#analyser.terms(text, language))) {
      this.#addTerm(term)
      const bytes = Buffer.from(term)
      if (bytes.length > TAIL + 1) this.#addTermBytes(bytes.subarray(-TAIL))
    }
  }

  /** At least 24 characters are at least 24 bytes. */
  #addPiece(text: string): void {
    if (this.#counts.text >= MOST_TEXT) return
    this.#counts.text++
    const group = this.#group++
    this.#maker.add('text', Buffer.from(text), group)
    const written = JSON.stringify(text).slice(1, -1)
    if (written !== text) this.#maker.add('text', Buffer.from(written), group)
  }

  #addTerm(term: string): void {
    if (!NUMBERS.test(term)) this.#addTermBytes(Buffer.from(term))
  }

  #addTermBytes(bytes: Uint8Array): void {
    if (this.#counts.terms >= MOST_TERMS) return
    this.#counts.terms++
    this.#maker.add('terms', bytes, this.#group++)
  }

  #addVector(vector: Float32Array): void {
    if (this.#counts.vectors >= MOST_VECTORS) return
    const group = this.#group++
    const isWhole = this.#counts.vectors++ < WHOLE_VECTORS
    for (const bytes of formsOf(vector))
      for (const piece of piecesOf(bytes, isWhole)) this.#maker.add('vectors', piece, group)
  }
}

const valuesOf = (metadata: Metadata): string[] =>
  Object.values(metadata)
    .flat()
    .filter((value) => typeof value === 'string')

/** Beginning, middle and end; what is mostly zeros could be anything's. */
export function piecesOf(bytes: Uint8Array, isWhole: boolean): Uint8Array[] {
  const last = bytes.length - LONG
  if (last < 0) return []
  const middle = (last >>> 1) & ~3
  const places = isWhole ? [...new Set([0, middle, last])] : [0]
  return places.map((at) => bytes.subarray(at, at + LONG)).filter((piece) => new Set(piece).size >= LONG / 3)
}

/** The ways in which a vector is written to files. */
function formsOf(vector: Float32Array): Uint8Array[] {
  const unit = toUnitLength(vector)
  return [vector, unit, toUnitLengthIn32Bits(unit), toEightBits(unit)].map(
    ({buffer, byteOffset, byteLength}) => new Uint8Array(buffer, byteOffset, byteLength),
  )
}

/** As segments are built: in double precision. */
function toUnitLength(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
  return vector.map((value) => value * scale)
}

/** As the native index does it once more. */
function toUnitLengthIn32Bits(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares = Math.fround(squares + Math.fround(value * value))
  const length = Math.fround(Math.sqrt(squares))
  return length > 0 ? vector.map((value) => value / length) : vector
}

function toEightBits(vector: Float32Array): Int8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Int8Array.from(vector, (value) => (largest > 0 ? Math.round((value * 127) / largest) : 0))
}
