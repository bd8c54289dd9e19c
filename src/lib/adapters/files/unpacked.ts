import {Readable} from 'node:stream'
import {constants, createGunzip, type ZlibOptions} from 'node:zlib'
import {RagError, reasonOf} from '../../model/errors.js'
import {systemCode} from './source-errors.js'
import {zstdPieces} from './zstd-pieces.js'

type Bytes = AsyncIterable<Uint8Array>

const GZIP = [0x1f, 0x8b]
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd]

export interface ReadHow {
  /** Read only so many bytes. */
  readonly to?: number
  /** Each chunk may lie where the one before lay: for readers that are done with one before they ask for the next. */
  readonly inPlace?: boolean
}

/** How a file is packed, which its first bytes tell. */
export async function packingOf(open: (how?: ReadHow) => Bytes): Promise<'gzip' | 'zstd' | undefined> {
  const first: number[] = []
  for await (const chunk of open({to: 4})) first.push(...chunk)
  const isLike = (magic: readonly number[]): boolean => magic.every((byte, i) => first[i] === byte)
  if (isLike(GZIP)) return 'gzip'
  return isLike(ZSTD) ? 'zstd' : undefined
}

/** Bytes as they were before they were packed with gzip or zstd; others as they are. */
export async function* unpacked(path: string, open: (how?: ReadHow) => Bytes): AsyncGenerator<Uint8Array> {
  const packing = await packingOf(open)
  if (packing === 'gzip') yield* packedBy(path, packing, gunzipped(open))
  else if (packing === 'zstd') yield* packedBy(path, packing, unzstd(open()))
  else yield* open({inPlace: true})
}

/** What goes wrong inside is a fault of the file, which everything before it is not. */
async function* packedBy(path: string, kind: string, bytes: Bytes): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    if (error instanceof RagError) throw error
    throw new RagError('BAD_INPUT', `${path}: its ${kind} data are damaged or cut off (${reasonOf(error)}).`)
  }
}

/** Of data that break off, all that can be unpacked: with the error the stream lets go of what nobody has taken up yet. */
async function* gunzipped(open: () => Bytes): AsyncGenerator<Uint8Array> {
  let given = 0
  try {
    for await (const chunk of gunzip(open())) {
      given += chunk.length
      yield chunk
    }
  } catch (error) {
    if (systemCode(error) !== 'Z_BUF_ERROR') throw error
    for await (const chunk of gunzip(open(), {finishFlush: constants.Z_SYNC_FLUSH})) {
      if (given < chunk.length) yield chunk.subarray(given)
      given = Math.max(0, given - chunk.length)
    }
    throw error
  }
}

async function* gunzip(bytes: Bytes, options: ZlibOptions = {}): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip(options)
  const source = Readable.from(bytes)
  source.on('error', (error) => unpacking.destroy(error))
  source.pipe(unpacking)
  try {
    yield* unpacking
  } finally {
    source.destroy()
    unpacking.destroy()
  }
}

async function* unzstd(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const {Decompress} = await import('fzstd')
  const ready: Uint8Array[] = []
  const stream = new Decompress((chunk) => ready.push(chunk.slice()))
  for await (const piece of zstdPieces(bytes)) {
    stream.push(piece)
    yield* ready.splice(0)
  }
  stream.push(new Uint8Array(0), true)
  yield* ready.splice(0)
}
