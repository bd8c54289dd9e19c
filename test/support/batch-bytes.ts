import type {BatchItem, ReadBatchOptions} from '../../src/lib/codec/read-batch.js'
import {readBatch} from '../../src/lib/codec/read-batch.js'

/** Bytes as a stream of pieces of a size. */
export async function* pieces(bytes: Uint8Array, size = bytes.length || 1): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function itemsOf(
  bytes: Uint8Array,
  {size, ...options}: ReadBatchOptions & {readonly size?: number} = {},
): Promise<readonly BatchItem[]> {
  const items: BatchItem[] = []
  for await (const item of readBatch(pieces(bytes, size), options)) items.push(item)
  return items
}

export const recordsOf = (items: readonly BatchItem[]): readonly (BatchItem & {kind: 'record'})[] =>
  items.filter((item) => item.kind === 'record')

export const faultsOf = (items: readonly BatchItem[]): readonly (BatchItem & {kind: 'fault'})[] =>
  items.filter((item) => item.kind === 'fault')
