import {expect} from 'chai'
import {BatchWriter} from '../../../src/lib/documents/batch-writer.js'
import type {DocumentBatch, DocumentPut} from '../../../src/lib/model/batch.js'
import type {DocumentStore} from '../../../src/lib/ports/store/store.js'

function recordingStore(commits: number[]): DocumentStore {
  const none = {version: 1, added: 0, updated: 0, unchanged: 0, removed: 0}
  return {
    commit: (_: number, {put}: DocumentBatch) => {
      commits.push(put.length)
      return Promise.resolve({...none, chunksAdded: put.length, chunksKept: 0, chunksDeleted: 0})
    },
  } as unknown as DocumentStore
}

const target = {
  corpusId: 1,
  lease: {corpus: 'c', token: 1, holder: 'h'},
  acceptVectors: () => Promise.resolve(),
}
const document = {chunks: [{text: 'x'}]} as unknown as DocumentPut

describe('BatchWriter', () => {
  it('begins with small commits and doubles them up to the size it is given', async () => {
    const commits: number[] = []
    const writer = new BatchWriter(recordingStore(commits), target, {
      batchSize: 10,
      firstBatchSize: 2,
      fresh: false,
    })
    for (let i = 0; i < 40; i++) await writer.put(document)
    expect(commits).to.deep.equal([2, 4, 8, 10, 10])
    await writer.flush()
    expect(commits.at(-1)).to.equal(6)
    expect(writer.totals.chunksAdded).to.equal(40)
  })

  it('waits for a commit and for nothing else', async () => {
    const commits: number[] = []
    const writer = new BatchWriter(recordingStore(commits), target, {batchSize: 2, fresh: false})
    expect(writer.put(document)).to.equal(undefined)
    const stored = writer.put(document)
    expect(stored).to.be.instanceOf(Promise)
    await stored
    expect(commits).to.deep.equal([2])
  })
})
