import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import {collect, DIMENSION, WHOLE} from '../../support/store-fixtures.js'
import {filesBelow} from '../../support/temp-home.js'
import {SEQ_BYTES} from './fake-builder.js'
import {IndexUnderTest, SIZES} from './index-under-test.js'

const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const VECTOR_BYTES = 4 * DIMENSION + SEQ_BYTES

/** What is wrong with the index: a vector that no file and no tail holds, ranges that overlap, too many bytes. */
async function faultsOf(index: IndexUnderTest, root: string): Promise<string[]> {
  const {store} = index.books
  const segments = await store.listSegments(index.version.id)
  const blocks = await collect(store.readVectors(index.version.id, WHOLE, 1000))
  const live = blocks.flatMap(({seqs}) => [...seqs])
  const faults: string[] = []
  let covered = 0
  for (const segment of segments) {
    const bytes = readFileSync(index.files.path(segment.file))
    const held = new Set<number>()
    for (let at = 0; at < bytes.length;) {
      // The fake format: blocks of seqs and vectors, of which the count is not stored; a row is found by its numbers.
      held.add(bytes.readUInt32LE(at))
      at += 4
    }
    const wanted = live.filter((seq) => seq >= segment.firstSeq && seq <= segment.lastSeq)
    covered += wanted.length
    if (bytes.length !== segment.count * VECTOR_BYTES) faults.push(`${segment.file} has another length`)
    for (const seq of wanted) if (!held.has(seq)) faults.push(`vector ${seq} is not in ${segment.file}`)
  }
  const bytes = filesBelow(root).reduce((sum, file) => sum + statSync(file).size, 0)
  const most = 1.5 * live.length * VECTOR_BYTES
  if (bytes > most)
    faults.push(`${bytes} bytes for ${live.length} vectors, of which ${covered} are in segments`)
  const tail = live.length - covered
  if (tail > 6 * SIZES.min) faults.push(`${tail} vectors in no segment`)
  return faults
}

describe('compaction', function () {
  this.timeout(60_000)
  let root: string
  beforeEach(() => {
    root = mkdtempSync(path.join(BASE, 'rag-compact-'))
  })
  afterEach(() => rmSync(root, {recursive: true, force: true}))

  it('keeps files few and small through random histories of puts, updates and deletes', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('put' as const),
          of: fc.nat(30),
          chunks: fc.integer({min: 1, max: 60}),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({kind: fc.constant('remove' as const), of: fc.nat(30), chunks: fc.nat(12)}),
      },
      {
        weight: 1,
        arbitrary: fc.record({kind: fc.constant('purge' as const), of: fc.nat(30), chunks: fc.nat(3)}),
      },
      {
        weight: 1,
        arbitrary: fc.record({kind: fc.constant('removeDeleted' as const), of: fc.nat(0), chunks: fc.nat(0)}),
      },
    )
    let steps = 0
    let mostFiles = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, {minLength: 5, maxLength: 40}), async (history) => {
        const folder = mkdtempSync(path.join(root, 'run-'))
        const index = await IndexUnderTest.open(folder)
        const {books} = index
        let turn = 0
        for (const {kind, of, chunks} of history) {
          const ids = Array.from({length: chunks}, (_, i) => `d${of + i}`)
          if (kind === 'put')
            await books.put({
              id: `d${of}`,
              texts: Array.from({length: chunks}, (_, i) => `${of} ${i} ${i % 3 ? 0 : turn}`),
            })
          else if (kind === 'remove') await books.remove(...ids)
          else if (kind === 'purge') await books.store.purgeDocuments(books.id, ids, books.lease)
          else await books.store.removeDeleted(books.id, {minRows: 0, ratio: 0}, books.lease)
          turn++
          steps++
          await index.compactAll()
          expect(await faultsOf(index, folder)).to.deep.equal([])
          mostFiles = Math.max(mostFiles, filesBelow(folder).length)
        }
      }),
      {numRuns: Number(process.env['RAG_COMPACT_RUNS'] ?? 60)},
    )
    console.log(`      ${steps} steps, at most ${mostFiles} files`)
    expect(mostFiles).to.be.within(2, 24)
  })

  it('makes no small segments of a tail that completes a run of them, but merges it with these', async () => {
    const index = await IndexUnderTest.open(root)
    const written: number[] = []
    for (let i = 0; i < 4; i++) {
      const before = index.builder.written()
      await index.write(`d${i}`, 2 * SIZES.min)
      written.push(index.builder.written() - before)
    }
    // Two small ones each, until there are six; the two that would be next go into the merge of all eight.
    expect(written).to.deep.equal([16, 16, 16, 64])
    const segments = await index.books.store.listSegments(index.version.id)
    expect(segments.map(({count}) => count)).to.deep.equal([32, 32])
    expect(await faultsOf(index, root)).to.deep.equal([])
  })

  it('writes each vector less than three times, however small the steps', async () => {
    const index = await IndexUnderTest.open(root)
    const total = 3000
    for (let i = 0; i < total / 4; i++) await index.write(`d${i}`, 4)
    const files = filesBelow(root).length
    console.log(`      ${index.builder.written()} written for ${total}, ${files} files`)
    expect(index.builder.written()).to.be.at.most(2.7 * total)
    expect(files).to.be.at.most(total / (SIZES.max / 2) + 24)
    expect(await faultsOf(index, root)).to.deep.equal([])
    await index.compact(Infinity, true)
    expect(filesBelow(root).length).to.be.at.most(Math.ceil(total / SIZES.max) + 1)
    const before = index.builder.written()
    await index.compact(Infinity, true)
    expect(index.builder.written()).to.equal(before)
  })

  it('drops all files when nothing lives any more', async () => {
    const index = await IndexUnderTest.open(root)
    await index.write('a', 100)
    expect(filesBelow(root)).to.not.deep.equal([])
    await index.books.remove('a')
    await index.compact(0)
    expect(filesBelow(root)).to.deep.equal([])
  })

  it('a gap between segments is filled without overlap, also when new vectors follow', async () => {
    const index = await IndexUnderTest.open(root)
    const {store, lease} = index.books
    for (let i = 0; i < 4; i++) await index.write(`d${i}`, 40)
    const [first] = await store.listSegments(index.version.id)
    await store.publishSegments(index.version.id, {add: [], drop: [first!.id]}, lease)
    await index.write('more', 3)
    expect(await faultsOf(index, root)).to.deep.equal([])
  })
})
