import {createGunzip} from 'node:zlib'
import {badlyPacked, unpacksTooMuch} from '../../../model/errors/files/batch.js'
import {nextTurn} from '../../../kernel/next-turn.js'
import {readingInterrupted} from '../../../model/errors/program/interruption.js'
import {LIMITS} from '../../../model/input/limits.js'
import {RagError, reasonOf} from '../../../model/errors/rag-error.js'
import {zstdPieces} from './zstd-pieces.js'

type Bytes = AsyncIterable<Uint8Array>

const GZIP = [0x1f, 0x8b]
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd]
/** Packed bytes that are given to zlib at once: they unpack to a thousand times as much at most. */
const PIECE_BYTES = 16 * 1024

/** After so many unpacked bytes the event loop turns. */
const TURN_BYTES = 1024 ** 2

export type UnpackLimits = Readonly<Record<'unpackedBytes' | 'unpackedRatio' | 'unpackedFreely', number>>

export interface UnpackOptions {
  readonly limits?: UnpackLimits | undefined
  readonly signal?: AbortSignal | undefined
}

interface Unpacking {
  readonly path: string
  readonly counted: CountedBytes
  readonly limits: UnpackLimits
  readonly signal: AbortSignal | undefined
}

export interface ReadHow {
  /** Read only so many bytes. */
  readonly to?: number
  /** Each chunk may lie where the one before lay: for readers that are done with one before they ask for the next. */
  readonly inPlace?: boolean
}

/** How a file is packed, which its first bytes tell. */
export async function packingOf(open: (how?: ReadHow) => Bytes): Promise<'gzip' | 'zstd' | undefined> {
  const first: number[] = []
  for await (const chunk of open({to: 4})) first.push(...chunk.subarray(0, 4))
  const isLike = (magic: readonly number[]): boolean => magic.every((byte, i) => first[i] === byte)
  if (isLike(GZIP)) return 'gzip'
  return isLike(ZSTD) ? 'zstd' : undefined
}

/**
 * Bytes as they were before they were packed with gzip or zstd; others as they are.
 * @throws RagError BAD_INPUT when what is packed is damaged | TOO_LARGE when it unpacks to more than the limits allow | INTERRUPTED
 */
export async function* unpacked(
  path: string,
  open: (how?: ReadHow) => Bytes,
  {limits = LIMITS, signal}: UnpackOptions = {},
): AsyncGenerator<Uint8Array> {
  const packing = await packingOf(open)
  if (packing === undefined) return yield* open({inPlace: true})
  const counted = new CountedBytes(open())
  const bytes = packing === 'gzip' ? gunzipped(counted) : unzstd(counted)
  yield* withinLimits(packedBy(path, packing, bytes), {path, counted, limits, signal})
}

/** Ends a file that unpacks to more than it may, and lets the event loop turn: signals are heard in the middle of it. */
async function* withinLimits(
  bytes: Bytes,
  {path, counted, limits, signal}: Unpacking,
): AsyncGenerator<Uint8Array> {
  let unpackedBytes = 0
  let sinceTurn = 0
  for await (const chunk of bytes) {
    unpackedBytes += chunk.length
    const most = mostOf(counted.taken, limits)
    if (unpackedBytes > most.bytes) throw unpacksTooMuch(path, counted.taken, most.bytes, most.why)
    yield chunk
    sinceTurn += chunk.length
    if (sinceTurn < TURN_BYTES) continue
    sinceTurn = 0
    await nextTurn()
    if (signal?.aborted) throw readingInterrupted(path)
  }
}

function mostOf(packed: number, limits: UnpackLimits): {readonly bytes: number; readonly why: string} {
  const {unpackedBytes, unpackedRatio, unpackedFreely} = limits
  const byRatio = Math.max(unpackedFreely, packed * unpackedRatio)
  return byRatio < unpackedBytes
    ? {bytes: byRatio, why: `${unpackedRatio} times as much: no batch packs so well`}
    : {bytes: unpackedBytes, why: 'the most that is unpacked of a file'}
}

/** Bytes, and how many of them were taken so far. */
class CountedBytes {
  taken = 0
  readonly #bytes: Bytes

  constructor(bytes: Bytes) {
    this.#bytes = bytes
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#bytes) {
      this.taken += chunk.length
      yield chunk
    }
  }
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
