import {expect} from 'chai'
import {describeResult, killLoop} from '../../scripts/kill-loop.js'

const ROUNDS = Number(process.env['RAG_KILL_ROUNDS'] ?? 20)

describe('kill -9 during an ingest', function () {
  this.timeout(60_000 + ROUNDS * 10_000)

  it(`loses nothing that was committed, and the same command finishes the work (${ROUNDS} kills)`, async () => {
    const seed = Number(process.env['RAG_KILL_SEED'] ?? 1)
    const result = await killLoop({rounds: ROUNDS, seed, log: () => undefined})
    console.log(`      ${describeResult(result)}`)
    expect(result.faults).to.deep.equal([])
    expect(result.kills).to.equal(ROUNDS)
    expect(result.segments).to.be.at.least(2)
    expect(result.finished).to.be.at.least(1)
  })
})
