import {expect} from 'chai'
import {planIngest, type PlanOptions} from '../../../src/lib/ingest/plan-ingest.js'
import type {Candidate} from '../../../src/lib/ingest/collect-inputs.js'
import type {KnownSource} from '../../../src/lib/model/document.js'

const MTIME = 1_700_000_000_000
const OPTIONS: PlanOptions = {force: false, checksum: false, pipeline: 'p1'}

const candidate: Candidate = {
  docId: 'a.md',
  file: {path: 'a.md', absolutePath: '/kb/a.md', sizeBytes: 10, mtimeMs: MTIME},
  root: '/kb',
}
const stored: KnownSource = {
  docId: 'a.md',
  docHash: 'h',
  source: {
    source: '/kb/a.md',
    root: '/kb',
    sizeBytes: 10,
    mtimeMs: MTIME,
    sha256: 's',
    readAtMs: MTIME + 60_000,
    pipeline: 'p1',
  },
}

/** How many files of one are to be read when the stored source and the options are changed so. */
function reads(source: Partial<KnownSource['source']>, options: Partial<PlanOptions> = {}): number {
  const known = new Map([['a.md', {...stored, source: {...stored.source, ...source}}]])
  const {work, unchanged} = planIngest([candidate], known, {...OPTIONS, ...options})
  expect(work.length + unchanged).to.equal(1)
  return work.length
}

describe('planIngest', () => {
  it('reads what is new, and passes over what looks the same', () => {
    expect(planIngest([candidate], new Map(), OPTIONS)).to.deep.equal({work: [{candidate}], unchanged: 0})
    expect(reads({})).to.equal(0)
  })

  it('reads what differs in size, time, place, root or in what prepares it', () => {
    expect(reads({sizeBytes: 11})).to.equal(1)
    expect(reads({mtimeMs: MTIME - 1})).to.equal(1)
    expect(reads({mtimeMs: MTIME + 1})).to.equal(1)
    expect(reads({source: '/elsewhere/a.md'})).to.equal(1)
    expect(reads({root: '/elsewhere'})).to.equal(1)
    expect(reads({pipeline: 'p0'})).to.equal(1)
    expect(reads({}, {force: true})).to.equal(1)
    expect(reads({}, {checksum: true})).to.equal(1)
  })

  it('does not trust a time stamp that is within two seconds of when the file was read', () => {
    expect(reads({readAtMs: MTIME})).to.equal(1)
    expect(reads({readAtMs: MTIME + 2000})).to.equal(1)
    expect(reads({readAtMs: MTIME + 2001})).to.equal(0)
    expect(reads({readAtMs: MTIME - 3_600_000}), 'a file from the future').to.equal(1)
  })
})
