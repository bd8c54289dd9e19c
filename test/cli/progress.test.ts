import {expect} from 'chai'
import {makeProgress} from '../../src/cli/output/progress.js'
import {ReplayProgress} from '../../src/lib/replay/replay-progress.js'
import type {Output} from '../../src/cli/surroundings.js'

function watching(quiet = false) {
  const lines: string[] = []
  const clock = {ms: 0}
  const stderr = {write: (text: unknown) => lines.push(String(text)) > 0} as unknown as Output
  return {lines, clock, progress: makeProgress({messages: stderr, quiet, monotonic: () => clock.ms})}
}

describe('progress on a pipe', () => {
  it('says nothing of what takes less than two seconds', () => {
    const {lines, clock, progress} = watching()
    for (clock.ms = 0; clock.ms < 2000; clock.ms += 100)
      progress.sink({phase: 'read', done: 1, unit: 'files'})
    progress.stop()
    expect(lines).to.deep.equal([])
  })

  it('writes a line about every three seconds, with rate and time left', () => {
    const {lines, clock, progress} = watching()
    for (clock.ms = 0; clock.ms <= 10_000; clock.ms += 100) {
      progress.sink({phase: 'embed', done: clock.ms / 10, total: 2000, unit: 'chunks'})
    }
    expect(lines).to.deep.equal([
      'rag: embedding: 200 of 2,000 chunks, 10 %, 100 a second, 18.0 s left\n',
      'rag: embedding: 500 of 2,000 chunks, 25 %, 100 a second, 15.0 s left\n',
      'rag: embedding: 800 of 2,000 chunks, 40 %, 100 a second, 12.0 s left\n',
    ])
  })

  it('measures the rate anew in each phase', () => {
    const {lines, clock, progress} = watching()
    progress.sink({phase: 'read', done: 0, unit: 'documents'})
    clock.ms = 1900
    progress.sink({phase: 'index', done: 0, total: 10, unit: 'steps'})
    clock.ms = 2900
    progress.sink({phase: 'index', done: 5, total: 10, unit: 'steps'})
    expect(lines).to.deep.equal(['rag: indexing: 5 of 10 steps, 50 %, 5 a second, 1.00 s left\n'])
  })

  it('keeps the rate of a phase that takes turns with another', () => {
    const {lines, clock, progress} = watching()
    for (clock.ms = 0; clock.ms <= 2000; clock.ms += 100) {
      progress.sink({phase: 'index', done: clock.ms / 100, total: 100, unit: 'vectors'})
      progress.sink({phase: 'embed', done: clock.ms, total: 10_000, unit: 'chunks'})
    }
    clock.ms = 5000
    progress.sink({phase: 'embed', done: 5000, total: 10_000, unit: 'chunks'})
    expect(lines).to.deep.equal([
      'rag: indexing: 20 of 100 vectors, 20 %, 10 a second, 8.00 s left\n',
      'rag: embedding: 5,000 of 10,000 chunks, 50 %, 1,000 a second, 5.00 s left\n',
    ])
  })

  it('does not count what a resumed run found done', () => {
    const {lines, clock, progress} = watching()
    for (clock.ms = 0; clock.ms <= 2000; clock.ms += 100)
      progress.sink({phase: 'index', done: 9000 + clock.ms / 20, total: 10_000, unit: 'vectors'})
    expect(lines).to.deep.equal(['rag: indexing: 9,100 of 10,000 vectors, 91 %, 50 a second, 18.0 s left\n'])
  })

  it('counts records over all files of a replay, at the speed of all of it', () => {
    const {lines, clock, progress} = watching()
    const sizes = [1000, 500, 500, 3000]
    const files = new ReplayProgress(progress.sink, sizes)
    // 10 records a byte, 4,000 records a second; the third file breaks off half way.
    for (const [at, size] of sizes.entries()) {
      const total = 10 * size
      const readable = at === 2 ? total / 2 : total
      for (let done = 0; done < readable; done += 500) {
        files.inFile({phase: 'read', done, total, unit: 'records'})
        clock.ms += 125
      }
      files.finishFile(readable)
    }
    expect(lines).to.deep.equal([
      'rag: reading: 8,000 of 50,000 records, 16 %, 4,000 a second, 10.5 s left\n',
      'rag: reading: 20,000 of 47,500 records, 42 %, 4,000 a second, 6.88 s left\n',
      'rag: reading: 32,000 of 47,500 records, 67 %, 4,000 a second, 3.88 s left\n',
      'rag: reading: 44,000 of 47,500 records, 92 %, 4,000 a second\n',
    ])
  })

  it('says one of one', () => {
    const {lines, clock, progress} = watching()
    clock.ms = 2000
    progress.sink({phase: 'read', done: 1, total: 1, unit: 'files'})
    expect(lines).to.deep.equal(['rag: reading: 1 of 1 file, 100 %\n'])
  })

  it('manages without a total, and is silent when quiet', () => {
    const {lines, clock, progress} = watching()
    const quiet = watching(true)
    for (const at of [0, 2000]) {
      clock.ms = quiet.clock.ms = at
      progress.sink({phase: 'scan', done: at, unit: 'files'})
      quiet.progress.sink({phase: 'scan', done: at, unit: 'files'})
    }
    expect(lines).to.deep.equal(['rag: scanning: 2,000 files, 1,000 a second\n'])
    expect(quiet.lines).to.deep.equal([])
  })
})

describe('progress on a terminal', () => {
  it('draws a bar, takes it away for a warning, and leaves nothing behind', async () => {
    let shown = ''
    const clock = {ms: 0}
    const write = (text: unknown): boolean => {
      shown += String(text)
      return true
    }
    const stderr = {write, isTTY: true, columns: 80, cursorTo: write, clearLine: write} as unknown as Output
    const progress = makeProgress({messages: stderr, quiet: false, monotonic: () => clock.ms})
    progress.sink({phase: 'read', done: 0, total: 10, unit: 'files'})
    expect(shown).to.equal('')
    clock.ms = 1000
    progress.sink({phase: 'read', done: 5, total: 10, unit: 'files'})
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(shown).to.contain('reading: 5 of 10 files')
    progress.clear()
    progress.stop()
    const before = shown
    progress.sink({phase: 'read', done: 6, total: 10, unit: 'files'})
    expect(shown).to.equal(before)
  })

  it('is there in a call that leaves no moment for loading', async () => {
    let shown = ''
    const clock = {ms: 0}
    const write = (text: unknown): boolean => {
      shown += String(text)
      return true
    }
    const stderr = {write, isTTY: true, columns: 40, cursorTo: write, clearLine: write} as unknown as Output
    const progress = makeProgress({messages: stderr, quiet: false, monotonic: () => clock.ms, soon: true})
    await new Promise((resolve) => setTimeout(resolve, 200))
    clock.ms = 1000
    progress.sink({phase: 'read', done: 5, total: 10, unit: 'files'})
    expect(shown).to.contain('reading: 5 of 10 f')
    progress.stop()
  })
})
