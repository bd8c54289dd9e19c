import {crc32} from 'node:zlib'
import {rowStride} from './fold-in.js'

/*
 * The file of a fitted LSA model, format 1. All numbers are little-endian; strings are UTF-8. Four regions, one after the
 * other, nothing between or behind them:
 *
 * Header, 64 bytes
 *    0  magic: R A G L S A \r \n
 *    8  u32 format (1)          12  u32 dimension K          16  u32 terms T           20  u32 inputs fitted
 *   24  u32 dictionary blocks   28  u32 directory bytes      32  u32 directory CRC-32  36  u32 dictionary bytes
 *   40  20 zero bytes           60  u32 CRC-32 of bytes 0–59
 * Directory: the fingerprint of the analyser (u16 length, bytes), then for each dictionary block u32 offset within the
 *   dictionary, u16 length and bytes of its first term.
 * Dictionary: blocks of 64 terms (the last may have fewer), each term u16 length and bytes; then u32 CRC-32 of the block's
 *   bytes. Terms ascend by UTF-16 code units, over all blocks.
 * Rows: one a term, in the dictionary's order: float32 idf, K × float32 of the term's row of V, u32 CRC-32 of those bytes.
 *
 * So a query reads the header and the directory (some 20 kB for 50,000 terms), and for each of its terms one block of the
 * dictionary and one row; whatever is read is checked.
 */

export const HEADER_BYTES = 64
export const FORMAT = 1
export const BLOCK_TERMS = 64
const MAGIC = Buffer.from('RAGLSA\r\n', 'latin1')
const CRC_BYTES = 4

export interface ModelHeader {
  readonly dimension: number
  readonly terms: number
  readonly inputs: number
  readonly blocks: number
  readonly directoryBytes: number
  readonly directoryCrc: number
  readonly dictionaryBytes: number
}

/** A run of consecutive terms in the dictionary. */
export interface DictionaryBlock {
  readonly first: string
  /** Place of its bytes in the dictionary, with the checksum. */
  readonly offset: number
  readonly end: number
}

export interface Directory {
  readonly analyser: string
  readonly blocks: readonly DictionaryBlock[]
}

export const rowBytes = (dimension: number): number => 4 * rowStride(dimension)
export const dictionaryStart = (header: ModelHeader): number => HEADER_BYTES + header.directoryBytes
export const rowsStart = (header: ModelHeader): number => dictionaryStart(header) + header.dictionaryBytes
export const fileBytes = (header: ModelHeader): number =>
  rowsStart(header) + header.terms * rowBytes(header.dimension)

/** Header, directory and dictionary of a model: all that comes before the rows. */
export function encodeHead(model: {
  readonly dimension: number
  readonly inputs: number
  readonly analyser: string
  readonly terms: readonly string[]
}): Buffer {
  const directory: Buffer[] = [encodeString(model.analyser)]
  const dictionary: Buffer[] = []
  let offset = 0
  let blocks = 0
  for (let from = 0; from < model.terms.length; from += BLOCK_TERMS, blocks++) {
    const terms = model.terms.slice(from, from + BLOCK_TERMS)
    const block = withCrc(Buffer.concat(terms.map(encodeString)))
    directory.push(encodeUint32(offset), encodeString(terms[0]!))
    dictionary.push(block)
    offset += block.length
  }
  const directoryBytes = Buffer.concat(directory)
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  const numbers = [FORMAT, model.dimension, model.terms.length, model.inputs, blocks]
  numbers.push(directoryBytes.length, crc32(directoryBytes), offset)
  numbers.forEach((number, i) => header.writeUInt32LE(number, 8 + 4 * i))
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_BYTES - CRC_BYTES)), HEADER_BYTES - CRC_BYTES)
  return Buffer.concat([header, directoryBytes, ...dictionary])
}

/** Rows `[from, to)` as bytes. `values` holds `dimension` numbers a term. */
export function encodeRows(
  values: Float32Array,
  idf: Float32Array,
  dimension: number,
  {from, to}: {readonly from: number; readonly to: number},
): Buffer {
  const size = rowBytes(dimension)
  const bytes = Buffer.alloc((to - from) * size)
  for (let t = from; t < to; t++) {
    const at = (t - from) * size
    bytes.writeFloatLE(idf[t]!, at)
    for (let j = 0; j < dimension; j++) bytes.writeFloatLE(values[t * dimension + j]!, at + 4 + 4 * j)
    const end = at + size - CRC_BYTES
    bytes.writeUInt32LE(crc32(bytes.subarray(at, end)), end)
  }
  return bytes
}

/** Reads a header; answers with a sentence on what is wrong with it when it can't be one. */
export function decodeHeader(bytes: Buffer, sizeBytes: number): ModelHeader | string {
  if (bytes.length < HEADER_BYTES) return `it has ${sizeBytes} bytes, fewer than its header`
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return 'it does not begin as a model file does'
  if (!crcHolds(bytes.subarray(0, HEADER_BYTES))) return 'the checksum of its header does not match'
  const number = (place: number): number => bytes.readUInt32LE(8 + 4 * place)
  if (number(0) !== FORMAT) return `it has format ${number(0)}, and this program reads format ${FORMAT}`
  const header = {
    dimension: number(1),
    terms: number(2),
    inputs: number(3),
    blocks: number(4),
    directoryBytes: number(5),
    directoryCrc: number(6),
    dictionaryBytes: number(7),
  }
  if (fileBytes(header) !== sizeBytes)
    return `it has ${sizeBytes} bytes, and its header promises ${fileBytes(header)}`
  return header
}

/** Reads a directory whose checksum has been compared. */
export function decodeDirectory(bytes: Buffer, header: ModelHeader): Directory {
  const analyser = decodeString(bytes, 0)
  let at = analyser.end
  const starts: {offset: number; first: string}[] = []
  for (let i = 0; i < header.blocks; i++) {
    const first = decodeString(bytes, at + 4)
    starts.push({offset: bytes.readUInt32LE(at), first: first.text})
    at = first.end
  }
  const blocks = starts.map(({offset, first}, i) => ({
    first,
    offset,
    end: starts[i + 1]?.offset ?? header.dictionaryBytes,
  }))
  return {analyser: analyser.text, blocks}
}

/** Terms of a dictionary block (bytes with the checksum); `undefined` when the checksum does not match. */
export function decodeBlock(bytes: Buffer): string[] | undefined {
  if (!crcHolds(bytes)) return undefined
  const terms: string[] = []
  const end = bytes.length - CRC_BYTES
  for (let at = 0; at < end;) {
    const term = decodeString(bytes, at)
    terms.push(term.text)
    at = term.end
  }
  return terms
}

/** Whether the last four bytes are the checksum of those before. */
export function crcHolds(bytes: Buffer): boolean {
  const end = bytes.length - CRC_BYTES
  return end >= 0 && crc32(bytes.subarray(0, end)) === bytes.readUInt32LE(end)
}

function withCrc(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, encodeUint32(crc32(bytes))])
}

function encodeUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function encodeString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  const length = Buffer.alloc(2)
  length.writeUInt16LE(bytes.length)
  return Buffer.concat([length, bytes])
}

function decodeString(bytes: Buffer, at: number): {text: string; end: number} {
  const end = at + 2 + bytes.readUInt16LE(at)
  return {text: bytes.toString('utf8', at + 2, end), end}
}
