import {expect} from 'chai'
import {createExactSegment} from '../../../../src/lib/adapters/exact/exact-segment.js'
import {createMemoryArtifactFiles} from '../../../support/memory/memory-artifact-files.js'
import {createMemoryStore} from '../../../support/memory/memory-store.js'
import type {EmbeddingVersion} from '../../../../src/lib/model/embedding.js'
import type {Segment} from '../../../../src/lib/model/segment.js'
import type {OpenSegment} from '../../../../src/lib/ports/vector-index.js'
import {checkSegment} from '../../../../src/lib/upkeep/verify/check-segment.js'
import type {InspectionTools} from '../../../../src/lib/upkeep/verify/inspection.js'
import {FixedClock} from '../../../support/fixed-clock.js'
import {SeededVectors} from '../../../support/seeded-vectors.js'
import {
  collect,
  DIMENSION,
  documentPut,
  FakeProcessTable,
  openCorpus,
  WHOLE,
  type WrittenCorpus,
} from '../../../support/store-fixtures.js'

const COUNT = 100

describe('checkSegment', () => {
  let books: WrittenCorpus
  let version: EmbeddingVersion
  let segment: Segment
  let whole: {seqs: Uint32Array; vectors: Float32Array}
  let files: ReturnType<typeof createMemoryArtifactFiles>

  beforeEach(async () => {
    books = await openCorpus(createMemoryStore({clock: new FixedClock(), processes: new FakeProcessTable()}))
    version = await books.liveVersion()
    const seeded = new SeededVectors(DIMENSION)
    const vectors = Array.from({length: COUNT}, () => seeded.next())
    const put = [documentPut({id: 'a', texts: vectors.map((_, i) => `text ${i}`), vectors})]
    await books.store.commit(books.id, {put, touch: [], remove: []}, books.lease)
    const [block] = await collect(books.store.readVectors(version.id, WHOLE, COUNT))
    whole = {seqs: block!.seqs, vectors: block!.vectors}
    files = createMemoryArtifactFiles()
    const staged = await files.stage('seg.hnsw')
    files.write(staged, Uint8Array.of(1, 2, 3))
    const sealed = await files.seal(staged, 'seg.hnsw')
    const [firstSeq, lastSeq] = [whole.seqs[0]!, whole.seqs.at(-1)!]
    const added = {...sealed, versionId: version.id, firstSeq, lastSeq, dimension: DIMENSION, count: COUNT}
    await books.store.publishSegments(version.id, {add: [added], drop: []}, books.lease)
    segment = (await books.store.listSegments(version.id))[0]!
  })

  /** Codes and words of what is found in a segment that holds something. */
  async function findings(part: OpenSegment, sample = 1): Promise<string[]> {
    const tools = {store: books.store, indexFiles: files, loader: {open: () => Promise.resolve(part)}}
    const found = await checkSegment(tools as unknown as InspectionTools, {
      version,
      segment,
      sample,
      liveSeqs: () => Promise.resolve(whole.seqs),
      turn: 0,
    })
    return found.map(({finding}) => `${finding.code}: ${finding.message}`)
  }

  const exact = (): OpenSegment =>
    createExactSegment({seqs: whole.seqs.slice(), vectors: whole.vectors.slice()}, DIMENSION)
  /** The whole segment, but for some of its verbs. */
  const changed = (change: Partial<OpenSegment>): OpenSegment => {
    const part = exact()
    return {
      count: part.count,
      search: (...of) => part.search(...of),
      seqs: () => part.seqs(),
      vectorOf: (seq) => part.vectorOf(seq),
      close: () => undefined,
      ...change,
    }
  }

  it('finds nothing in a whole one, and asks for a vector itself only when the search did not show it', async () => {
    let asked = 0
    const part = exact()
    const counting = changed({vectorOf: (seq) => (asked++, part.vectorOf(seq))})
    expect(await findings(counting)).to.deep.equal([])
    expect(asked).to.equal(0)
  })

  it('notices a vector that is not the stored one, whichever it is', async () => {
    for (const at of [0, 41, COUNT - 1]) {
      const vectors = whole.vectors.slice()
      vectors[at * DIMENSION]! += 1
      const part = createExactSegment({seqs: whole.seqs.slice(), vectors}, DIMENSION)
      expect(await findings(part)).to.deep.equal([
        `SEGMENT_DISAGREES: The segment is not what the stored vectors say: its vector ${whole.seqs[at]!} is not the stored one.`,
      ])
    }
  })

  it('notices two vectors under each other’s numbers', async () => {
    const seqs = whole.seqs.slice()
    ;[seqs[3], seqs[70]] = [seqs[70]!, seqs[3]!]
    const part = createExactSegment({seqs, vectors: whole.vectors.slice()}, DIMENSION)
    expect((await findings(part))[0]).to.match(/SEGMENT_DISAGREES: .* is not the stored one/)
  })

  it('looks far for those that a short search misses, and tells only when many are not found even so', async () => {
    const part = exact()
    const missing = (misses: number, upTo: number): OpenSegment =>
      changed({
        search: (query, k) => {
          const [own] = part.search(query, 1)
          const isMissed = own!.seq < whole.seqs[0]! + misses && k < upTo
          return isMissed ? [{seq: own!.seq, score: 0.5}] : part.search(query, k)
        },
      })
    expect(await findings(missing(COUNT, 50))).to.deep.equal([])
    expect(await findings(missing(5, Infinity))).to.deep.equal([])
    expect(await findings(missing(6, Infinity))).to.deep.equal([
      'SEGMENT_UNREACHABLE: 6 of 100 sampled vectors are not found by an index search, which is approximate.',
    ])
  })

  it('takes an equal vector for the one that was looked for', async () => {
    const part = exact()
    const twin = changed({
      search: (query, k) => part.search(query, k).map(({score}) => ({seq: whole.seqs.at(-1)!, score})),
    })
    expect(await findings(twin)).to.deep.equal([])
  })

  it('notices a label too many, one out of its range, and one that is missing', async () => {
    const seqs = whole.seqs
    const labels = (of: readonly number[]): OpenSegment => changed({seqs: () => Uint32Array.from(of)})
    expect((await findings(labels([...seqs, seqs[0]!])))[0]).to.contain('101 labels for 100 vectors')
    expect((await findings(labels([...seqs.slice(1), seqs[1]!])))[0]).to.contain('twice')
    expect((await findings(labels([...seqs.slice(1), seqs.at(-1)! + 1])))[0]).to.contain('not of its range')
  })
})
