import {expect} from 'chai'
import {packItems, unpackItems} from '../../../src/lib/replay/reading/pack-items.js'
import type {ReadChunk} from '../../../src/lib/replay/reading/read-records.js'
import type {Metadata} from '../../../src/lib/model/metadata.js'

interface Given {
  readonly hash: string
  readonly contentHash?: string
  readonly source?: string
  readonly metadata?: Metadata
  readonly vector?: readonly number[]
}

function chunk({hash, contentHash = hash, source = 'a', metadata = {}, vector}: Given): ReadChunk {
  const numbers = vector && Float32Array.from(vector)
  return {
    kind: 'chunk',
    place: {record: 7, offset: 4096},
    batch: 2,
    hash,
    contentHash,
    ...(numbers ? {dimension: numbers.length} : {}),
    put: {
      docId: hash,
      docHash: `document of ${hash}`,
      title: '',
      language: 'en',
      source: {source, pipeline: 'p', readAtMs: 5},
      metadata,
      chunks: [
        {
          ordinal: 1,
          text: `text of ${hash}`,
          heading: [],
          startLine: 1,
          endLine: 3,
          tokens: 4,
          overlap: 0,
          contentHash,
          inputHash: `input of ${hash}`,
          terms: {title: '', body: 'text'},
          place: undefined,
          metadata: undefined,
          vector: numbers,
        },
      ],
    },
  }
}

describe('packItems', () => {
  it('loses nothing of chunks that differ in what most have in common', () => {
    const items = [
      chunk({hash: 'one', vector: [1, 2]}),
      chunk({hash: 'two', source: 'b', metadata: {n: 1, deep: {list: [null, 'ü', '\ud800']}}}),
      chunk({hash: 'three', source: 'b', contentHash: 'another', vector: [3, 4, 5]}),
      chunk({hash: 'four', source: 'a', metadata: JSON.parse('{"__proto__": 1}') as Metadata, vector: [6]}),
    ]
    expect(unpackItems(packItems(items).packed)).to.deep.equal(items)
  })

  it('keeps runs of other items in their place', () => {
    const unprepared = {
      kind: 'chunk',
      place: {record: 1, offset: 0},
      batch: 0,
      hash: 'h',
      contentHash: 'h',
    } as const
    const items = [chunk({hash: 'one'}), unprepared, chunk({hash: 'two', source: 'b'}), unprepared]
    expect(unpackItems(packItems(items).packed)).to.deep.equal(items)
  })
})
