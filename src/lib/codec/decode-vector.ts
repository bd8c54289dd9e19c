import {badRecord} from '../model/errors/files/batch.js'
import {MAX_DIMENSION} from '../model/vector.js'
import {type Decoded, type DecodedMap} from './decode-value.js'

/**
 * A vector as others write it: an array of numbers; bytes of little-endian float32, or float64 where these are as many as the batch
 * says; or a numpy array as Python's encoders write it, a map `{nd, type, shape, data}`.
 * @param said how many numbers the batch says that its vectors have. It is not trusted, but tells apart what bytes alone don't
 * @throws RagError BAD_INPUT for anything else, no numbers, too many, or numbers that are not finite float32
 */
export function decodeVector(raw: Decoded, said?: number): Float32Array {
  const vector = numbersOf(raw, said)
  if (vector.length === 0) throw badRecord('its embedding is empty')
  if (vector.length > MAX_DIMENSION)
    throw badRecord(`its embedding has ${vector.length} numbers, more than ${MAX_DIMENSION}`)
  for (let i = 0; i < vector.length; i++)
    if (!Number.isFinite(vector[i]))
      throw badRecord(`number ${i + 1} of its embedding is ${String(vector[i])}, not a finite float32`)
  return vector
}

function numbersOf(raw: Decoded, said: number | undefined): Float32Array {
  if (Array.isArray(raw)) return fromNumbers(raw as readonly Decoded[])
  if (raw instanceof Uint8Array) return fromBytes(raw, raw.length === DOUBLE * (said ?? 0) ? '<f8' : '<f4')
  if (raw instanceof Map) return fromNumpy(raw as DecodedMap)
  // Old encoders write bytes as text; where they happen to be UTF-8, they were decoded as such. Other texts are no vectors.
  const bytes = typeof raw === 'string' && said ? Buffer.from(raw) : undefined
  if (bytes?.length === SINGLE * said!) return fromBytes(bytes, '<f4')
  if (bytes?.length === DOUBLE * said!) return fromBytes(bytes, '<f8')
  throw badRecord(`its embedding is ${kindOf(raw)}, not numbers`)
}

/** Bytes of a number. */
const SINGLE = 4
const DOUBLE = 8

function fromNumbers(raw: readonly Decoded[]): Float32Array {
  const nested = raw.length === 1 && Array.isArray(raw[0]) ? (raw[0] as readonly Decoded[]) : raw
  const vector = new Float32Array(nested.length)
  for (let i = 0; i < nested.length; i++) {
    const value = nested[i]!
    if (typeof value === 'number') vector[i] = value
    else if (typeof value === 'bigint') vector[i] = Number(value)
    else if (value instanceof Map && value.has('data')) vector[i] = fromNumpy(value as DecodedMap)[0] ?? NaN
    else throw badRecord(`number ${i + 1} of its embedding is ${kindOf(value)}`)
  }
  return vector
}

type ReadNumber = (view: DataView, at: number, isLittle: boolean) => number

/** numpy's names of number types, without the sign of their byte order. */
const NUMBERS: ReadonlyMap<string, {readonly size: number; readonly read: ReadNumber}> = new Map([
  ['f2', {size: 2, read: readHalf}],
  ['f4', {size: 4, read: (view: DataView, at: number, isLittle: boolean) => view.getFloat32(at, isLittle)}],
  ['f8', {size: 8, read: (view: DataView, at: number, isLittle: boolean) => view.getFloat64(at, isLittle)}],
  ['i1', {size: 1, read: (view: DataView, at: number) => view.getInt8(at)}],
  ['u1', {size: 1, read: (view: DataView, at: number) => view.getUint8(at)}],
  ['i2', {size: 2, read: (view: DataView, at: number, isLittle: boolean) => view.getInt16(at, isLittle)}],
  ['u2', {size: 2, read: (view: DataView, at: number, isLittle: boolean) => view.getUint16(at, isLittle)}],
  ['u4', {size: 4, read: (view: DataView, at: number, isLittle: boolean) => view.getUint32(at, isLittle)}],
  [
    'i8',
    {
      size: 8,
      read: (view: DataView, at: number, isLittle: boolean) => Number(view.getBigInt64(at, isLittle)),
    },
  ],
  [
    'u8',
    {
      size: 8,
      read: (view: DataView, at: number, isLittle: boolean) => Number(view.getBigUint64(at, isLittle)),
    },
  ],
  ['i4', {size: 4, read: (view: DataView, at: number, isLittle: boolean) => view.getInt32(at, isLittle)}],
])

/** Whether this machine writes numbers as batches do. */
const IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

function fromBytes(bytes: Uint8Array, type: string): Float32Array {
  const number = NUMBERS.get(type.replace(/^[<>|=]/, ''))
  if (!number) throw badRecord(`its embedding is an array of type "${type.slice(0, 20)}", which is not known`)
  const {size, read} = number
  if (bytes.length % size !== 0)
    throw badRecord(`its embedding has ${bytes.length} bytes, which is no multiple of ${size}`)
  // As they lie there: the decoder has copied them for this vector alone.
  if (type === '<f4' && bytes.byteOffset % 4 === 0 && IS_LITTLE)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const isLittle = !type.startsWith('>')
  const vector = new Float32Array(bytes.length / size)
  for (let i = 0; i < vector.length; i++) vector[i] = read(view, i * size, isLittle)
  return vector
}

function fromNumpy(map: DecodedMap): Float32Array {
  const data = map.get('data')
  const type = asText(map.get('type')) ?? '<f4'
  const shape = map.get('shape')
  if (!(data instanceof Uint8Array) && typeof data !== 'string')
    throw badRecord('its embedding is a map without the "data" of a numpy array')
  const sides = Array.isArray(shape) ? (shape as readonly Decoded[]).map(Number) : undefined
  if (sides && sides.filter((side) => side !== 1).length > 1)
    throw badRecord(
      `its embedding is an array of ${sides.length} dimensions (${sides.slice(0, 4).join(' × ')}${sides.length > 4 ? ' × …' : ''}), not one vector`,
    )
  // Old encoders write bytes as text; where they happen to be UTF-8, they were decoded as such.
  const vector = fromBytes(typeof data === 'string' ? Buffer.from(data) : data, type)
  const count = sides?.reduce((product, side) => product * side, 1)
  if (count !== undefined && count !== vector.length)
    throw badRecord(`its embedding has ${vector.length} numbers and says that it has ${count}`)
  return vector
}

function asText(raw: Decoded | undefined): string | undefined {
  if (typeof raw === 'string') return raw
  return raw instanceof Uint8Array ? Buffer.from(raw).toString('latin1') : undefined
}

function readHalf(view: DataView, at: number, isLittle: boolean): number {
  const bits = view.getUint16(at, isLittle)
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function kindOf(raw: Decoded): string {
  if (raw === null) return 'nil'
  if (raw instanceof Map) return 'a map'
  return typeof raw === 'object'
    ? raw instanceof Date
      ? 'an instant'
      : 'of another type'
    : `a ${typeof raw}`
}
