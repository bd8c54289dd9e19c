import {packed} from '../../src/lib/adapters/files/batches/packed.js'
import {pieces} from './batch-bytes.js'

/** Packs bytes with zstd, as `rag export --compress zstd` does. */
export async function zstd(bytes: Uint8Array): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of packed(pieces(bytes), 'zstd')) parts.push(part)
  return Buffer.concat(parts)
}
