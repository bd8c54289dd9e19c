import {expect} from 'chai'
import {RecordWriter} from '../../../src/lib/replay/record-writer.js'
import type {ReplayTools} from '../../../src/lib/replay/replay-tools.js'
import type {DocumentPut} from '../../../src/lib/model/batch.js'

describe('RecordWriter', () => {
  it('holds no more than so many records, and of large ones no more than fit', async () => {
    const stored: DocumentPut[] = []
    const sink = {
      put: async (document: DocumentPut) => void stored.push(document),
      flush: async () => undefined,
      takeStored: () => stored.length,
    }
    const tools = {foresee: () => undefined} as unknown as ReplayTools
    const writer = new RecordWriter(tools, {
      target: {corpusId: 1, sink, pipeline: 'replay'},
      rules: {reembed: false, skipExisting: false, strict: false},
    })
    const addUntilFull = (characters: number): number => {
      const put = {chunks: [{text: 'x'.repeat(characters)}]} as unknown as DocumentPut
      for (let count = 1; ; count++) {
        writer.add({document: {put}, key: undefined, records: 1})
        if (writer.isFull) return count
      }
    }
    expect(addUntilFull(100)).to.equal(1000)
    await writer.store()
    expect(addUntilFull(1_000_000)).to.equal(4)
    await writer.store()
    expect(addUntilFull(100)).to.equal(1000)
    await writer.flush()
    expect(stored.length).to.equal(2004)
    expect(writer.counts).to.deep.equal({inserted: 2004, skipped: 0})
  })
})
