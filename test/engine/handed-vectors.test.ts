import {setImmediate} from 'node:timers/promises'
import {expect} from 'chai'
import type {ReadItem} from '../../src/lib/replay/reading/read-records.js'
import {freeMemory} from '../../src/lib/adapters/system/free-memory.js'
import {HandedVectors} from '../../src/lib/replay/reading/handed-vectors.js'
import type {DocumentPut} from '../../src/lib/model/batch.js'

/** As many documents of one vector each, which lie side by side in one buffer. */
function sideBySide(count: number): DocumentPut[] {
  const vectors = Float32Array.from({length: 2 * count}, (_, i) => i)
  return Array.from(
    {length: count},
    (_, i) => ({chunks: [{vector: vectors.subarray(2 * i, 2 * i + 2)}]}) as unknown as DocumentPut,
  )
}

const readChunks = (puts: readonly DocumentPut[]): ReadItem[] =>
  puts.map((put) => ({kind: 'chunk', put}) as unknown as ReadItem)

const vectorOf = ({chunks}: DocumentPut): number[] =>
  Array.from({length: chunks[0]!.vector!.length}, (_, i) => chunks[0]!.vector![i]!)

describe('HandedVectors', () => {
  before(() => setImmediate())

  it('are whole until the last of their buffer is stored, and gone then', () => {
    const handed = new HandedVectors(freeMemory)
    const [a, b, c] = sideBySide(3) as [DocumentPut, DocumentPut, DocumentPut]
    handed.take(readChunks([a, b, c]))
    handed.release([a, c])
    expect(vectorOf(b)).to.deep.equal([2, 3])
    handed.release([b])
    expect([a, b, c].map(vectorOf)).to.deep.equal([[], [], []])
  })

  it('are left to the collector when one of them is never stored, or when nobody handed them over', () => {
    const handed = new HandedVectors(freeMemory)
    const [a, b] = sideBySide(2) as [DocumentPut, DocumentPut]
    const own = sideBySide(1)
    handed.take(readChunks([a, b]))
    handed.release([a, ...own])
    expect([a, b, ...own].map(vectorOf)).to.deep.equal([
      [0, 1],
      [2, 3],
      [0, 1],
    ])
  })
})
