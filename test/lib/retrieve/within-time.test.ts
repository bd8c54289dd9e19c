import {expect} from 'chai'
import {withinTime} from '../../../src/lib/retrieve/within-time.js'

describe('the time a search waits for the vector of its query', () => {
  const outcome = (limitMs: number | undefined, work: (signal?: AbortSignal) => Promise<string>) =>
    withinTime(limitMs, 'm', work).catch(({code, message}: Error & {code?: string}) => [code, message])
  const whenStopped = (signal: AbortSignal | undefined, error: Error): Promise<string> =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(error)))

  it('is over for work that does not hear of it', async () => {
    expect(await outcome(5, () => new Promise(() => undefined))).to.deep.equal([
      'EMBEDDER_UNREACHABLE',
      'The model m did not give the vector of the query within 0.005 s.',
    ])
  })

  it('is over for work that ends because of it; what its last try came to is told', async () => {
    expect(await outcome(5, (signal) => whenStopped(signal, new Error('stopped')))).to.deep.equal([
      'EMBEDDER_UNREACHABLE',
      'The model m did not give the vector of the query within 0.005 s.',
    ])
    const failed = new Error('stopped', {cause: new Error('nothing listens there')})
    expect(await outcome(5, (signal) => whenStopped(signal, failed))).to.deep.equal([
      'EMBEDDER_UNREACHABLE',
      'The model m did not give the vector of the query within 0.005 s: nothing listens there.',
    ])
  })

  it('leaves what comes in time as it is', async () => {
    expect(await outcome(10_000, () => Promise.resolve('vector'))).to.equal('vector')
    expect(await outcome(undefined, () => Promise.resolve('vector'))).to.equal('vector')
    expect(await outcome(10_000, () => Promise.reject(new Error('no')))).to.deep.equal([undefined, 'no'])
  })
})
