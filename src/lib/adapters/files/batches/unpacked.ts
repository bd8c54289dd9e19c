import {createGunzip} from 'node:zlib'
import {badlyPacked} from '../../../model/errors/files/batch.js'
import {RagError, reasonOf} from '../../../model/errors/rag-error.js'
import {zstdPieces} from './zstd-pieces.js'

type Bytes = AsyncIterable<Uint8Array>

const GZIP = [0x1f, 0x8b]
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd]
/** Packed bytes that are given to zlib at once: they unpack to a thousand times as much at most. */
const PIECE_BYTES = 16 * 1024

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
  if (packing === 'gzip') yield* packedBy(path, packing, gunzipped(open()))
  else if (packing === 'zstd') yield* packedBy(path, packing, unzstd(open()))
  else yield* open({inPlace: true})
}

/** What goes wrong inside is a fault of the file, which everything before it is not. */
async function* packedBy(path: string, kind: string, bytes: Bytes): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    if (error instanceof RagError) throw error
    throw badlyPacked(path, kind, reasonOf(error))
  }
}

/**
 * What each piece unpacks to is taken before the next is given: with an error, the stream lets go of what nobody has taken up yet, and how
 * much of a damaged file could be read would hang on how fast its reader is.
 */
async function* gunzipped(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  const taken: Uint8Array[] = []
  let failure: Error | undefined
  gunzip.on('data', (chunk: Uint8Array) => taken.push(chunk))
  gunzip.on('error', (error: Error) => {
    failure = error
  })
  const isOver = new Promise<void>((resolve) => gunzip.once('close', resolve))
  // A piece that fails is never called done.
  const done = (begin: (resolve: () => void) => void): Promise<void> =>
    Promise.race([new Promise<void>(begin), isOver])
  try {
    for await (const chunk of bytes)
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        await done((resolve) => void gunzip.write(chunk.subarray(at, at + PIECE_BYTES), resolve))
        yield* taken.splice(0)
        if (failure) throw failure
      }
    await done(() => gunzip.end())
    yield* taken.splice(0)
    if (failure) throw failure
  } finally {
    gunzip.destroy()
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
