import type * as Zstd from '@bokuweb/zstd-wasm'
import {Readable} from 'node:stream'
import {createGzip} from 'node:zlib'
import type {Packing} from '../../../ports/files/export-folder.js'

/** Bytes of a zstd frame before they are packed; a file is several frames one after the other. */
const FRAME_BYTES = 4 * 1024 ** 2

/** Packs bytes; the same ones, in whatever pieces they come, to the same. */
export async function* packed(
  bytes: AsyncIterable<Uint8Array>,
  packing: Packing,
): AsyncGenerator<Uint8Array> {
  if (packing === 'zstd') yield* zstd(bytes)
  else yield* Readable.from(bytes).pipe(createGzip())
}

async function* zstd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const {compress} = await (compressor ??= loadCompressor())
  for await (const frame of frames(bytes)) yield compress(frame)
}

type Compressor = Pick<typeof Zstd, 'compress' | 'init'>

/** Once a process: a second `init` takes the memory away under whoever uses the first. */
let compressor: Promise<Compressor> | undefined

async function loadCompressor(): Promise<Compressor> {
  const loaded = await import('@bokuweb/zstd-wasm')
  if (!isStarted(loaded)) await loaded.init()
  return loaded
}

/** Another copy of this file in the same process may have started it. */
function isStarted({compress}: Compressor): boolean {
  try {
    return compress(new Uint8Array(1)).length > 0
  } catch {
    return false
  }
}

async function* frames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frame = new Uint8Array(FRAME_BYTES)
  let filled = 0
  for await (const chunk of bytes)
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + FRAME_BYTES - filled)
      frame.set(part, filled)
      filled += part.length
      at += part.length
      if (filled < FRAME_BYTES) continue
      yield frame
      filled = 0
    }
  if (filled > 0) yield frame.slice(0, filled)
}
