import {setImmediate} from 'node:timers/promises'
import {expect} from 'chai'
import {freeMemory} from '../../../../src/lib/adapters/system/free-memory.js'

describe('freeMemory', () => {
  it('empties the arrays, and their memory is gone before any collector runs', async () => {
    const held = (): number => process.memoryUsage().arrayBuffers
    // The other end of the port is closed by now, as in a thread that has begun its work.
    await setImmediate()
    const before = held()
    for (let i = 0; i < 8; i++) {
      const vectors = new Float32Array(1 << 20).fill(i)
      const seqs = new Uint32Array(vectors.buffer, 0, 4)
      freeMemory(seqs, vectors)
      expect([seqs.length, vectors.length]).to.deep.equal([0, 0])
    }
    expect(held() - before).to.be.below(4 << 20)
  })
})
