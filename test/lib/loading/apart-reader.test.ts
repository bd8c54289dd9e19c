import {expect} from 'chai'
import {ApartReader, READING_LIMITS, type ReadingLimits} from '../../../src/lib/loading/apart/apart-reader.js'
import {RagError} from '../../../src/lib/model/errors.js'
import {sourceWorkerUrl} from '../../support/worker-url.js'
import {fixture} from './load-file.js'

describe('ApartReader', function () {
  this.timeout(30_000)
  let reader: ApartReader | undefined
  afterEach(() => reader?.close())

  const open = (limits: Partial<ReadingLimits> = {}, residentBytes = (): number => 0): ApartReader =>
    (reader = new ApartReader({
      url: sourceWorkerUrl('../engine/workers/loading-worker.ts'),
      residentBytes,
      limits: {...READING_LIMITS, ...limits},
    }))
  const outcome = (read: Promise<{readonly title: string}>): Promise<readonly string[]> =>
    read.then(
      ({title}) => [title],
      (error: unknown) =>
        error instanceof RagError ? [error.code, error.message] : Promise.reject(error as Error),
    )
  const paper = (name = 'paper.pdf') => ({name, bytes: fixture('paper.pdf')})

  it('gives the document, and passes on what the loader says', async () => {
    const apart = open()
    expect((await apart.read('pdf', paper())).places?.length).to.be.greaterThan(5)
    expect(
      await outcome(apart.read('pdf', {name: 'locked.pdf', bytes: fixture('locked.pdf')})),
    ).to.deep.equal(['NOT_TEXT', "locked.pdf can't be read: this PDF is encrypted."])
  })

  it('reads one after the other, however many are asked for', async () => {
    const apart = open()
    const files = ['a.pdf', 'b.pdf', 'c.pdf'].map((name) => outcome(apart.read('pdf', paper(name))))
    expect(await Promise.all(files)).to.deep.equal([
      ['Water and Wheels'],
      ['Water and Wheels'],
      ['Water and Wheels'],
    ])
  })

  it('gives up a file that takes too long, and reads the next', async () => {
    const slow = open({ms: 1, msPerMb: 0})
    expect(await outcome(slow.read('pdf', paper()))).to.deep.equal([
      'TOO_LARGE',
      'paper.pdf was given up: reading it took over 0 seconds. The other files are not affected.',
    ])
    await slow.close()
    expect(await outcome(open().read('pdf', paper()))).to.deep.equal(['Water and Wheels'])
  })

  it('gives up a file for which the process grows too much, and reads the next by a new thread', async () => {
    let calls = 0
    // Grows once: between the first look, before the file, and the second.
    const apart = open({growthMb: 100}, () => (++calls === 2 ? 200 * 1024 ** 2 : 0))
    const [code, message] = await outcome(apart.read('pdf', paper('large.pdf')))
    expect([code, message]).to.deep.equal([
      'TOO_LARGE',
      'large.pdf was given up: reading it took over 100 MB of memory. The other files are not affected.',
    ])
    expect(await outcome(apart.read('pdf', paper()))).to.deep.equal(['Water and Wheels'])
  })

  it('gives up a file for which the heap of the thread is too small, and names it', async () => {
    const apart = open({heapMb: 8})
    const [code, message] = await outcome(apart.read('pdf', paper('heap.pdf')))
    expect([code, message]).to.deep.equal([
      'TOO_LARGE',
      'heap.pdf was given up: reading it took over 8 MB of memory. The other files are not affected.',
    ])
  })
})
