import {expect} from 'chai'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import type {NewSegment} from '../../../src/lib/model/segment.js'
import {
  eachOpens,
  openCorpus,
  rejects,
  type OpenStore,
  type WrittenCorpus,
} from '../../support/store-fixtures.js'

/** What every `SegmentLog` promises. */
export function segmentLogContract(name: string, open: OpenStore): void {
  describe(`${name}: SegmentLog`, () => {
    const tested = eachOpens(open)
    let books: WrittenCorpus
    let version: EmbeddingVersion
    beforeEach(async () => {
      books = await openCorpus(tested().store)
      version = await books.addVersion()
    })
    const segment = (firstSeq: number, lastSeq: number, of = version): NewSegment => ({
      versionId: of.id,
      firstSeq,
      lastSeq,
      dimension: 4,
      count: 2,
      file: `v${of.id}/seg-${firstSeq}-${lastSeq}.hnsw`,
      sizeBytes: 99,
      sha256: 'ab'.repeat(32),
    })
    const publish = (add: NewSegment[], drop: number[] = []): Promise<void> =>
      books.store.publishSegments(version.id, {add, drop}, books.lease)
    const ranges = async (): Promise<number[][]> =>
      (await books.store.listSegments(version.id)).map((it) => [it.firstSeq, it.lastSeq])

    it('lists what was published, ascending', async () => {
      expect(await ranges()).to.deep.equal([])
      await publish([segment(21, 30), segment(1, 10)])
      await publish([segment(11, 20)])
      const listed = await books.store.listSegments(version.id)
      expect(listed.map((it) => it.firstSeq)).to.deep.equal([1, 11, 21])
      const createdAtMs = tested().clock.now()
      expect(listed[1]).to.deep.equal({...segment(11, 20), id: listed[1]!.id, createdAtMs})
    })
    it('puts a new segment in place of old ones in one step', async () => {
      await publish([segment(1, 10), segment(11, 20), segment(21, 30)])
      const [first, second] = await books.store.listSegments(version.id)
      await publish([segment(1, 20)], [first!.id, second!.id])
      expect(await ranges()).to.deep.equal([
        [1, 20],
        [21, 30],
      ])
      const [merged] = await books.store.listSegments(version.id)
      await publish([], [merged!.id])
      expect(await ranges()).to.deep.equal([[21, 30]])
    })
    it('refuses ranges that overlap, and then changes nothing', async () => {
      await publish([segment(1, 10), segment(20, 30)])
      const [first] = await books.store.listSegments(version.id)
      for (const [from, to] of [
        [10, 12],
        [1, 10],
        [15, 20],
        [22, 25],
        [11, 40],
      ]) {
        const renamed = {...segment(from!, to!), file: `again-${from}-${to}`}
        await rejects(publish([segment(50, 60), renamed]), 'INTERNAL')
      }
      await rejects(publish([segment(40, 50), segment(50, 60)]), 'INTERNAL')
      await rejects(publish([{...segment(1, 25), file: 'x'}], [first!.id]), 'INTERNAL')
      expect(await ranges()).to.deep.equal([
        [1, 10],
        [20, 30],
      ])
    })
    it('keeps staged segments beside what is published, and switches to all of them in one step', async () => {
      const {store, lease} = books
      await publish([segment(1, 10), segment(11, 20)])
      const candidate = (from: number, to: number): NewSegment => ({
        ...segment(from, to),
        file: `candidate-${from}`,
      })
      const save = (add: NewSegment[], drop: number[] = []): Promise<void> =>
        store.stageSegments(version.id, {add, drop}, lease)
      await save([candidate(16, 30), candidate(1, 5)])
      await save([candidate(6, 15)])
      const staged = await store.listStaged(version.id)
      expect(staged.map((it) => it.firstSeq)).to.deep.equal([1, 6, 16])
      await rejects(save([candidate(5, 6)]), 'INTERNAL')
      expect(await ranges()).to.deep.equal([
        [1, 10],
        [11, 20],
      ])
      await save([], [staged[2]!.id])
      await store.publishStaged(version.id, lease)
      expect(await ranges()).to.deep.equal([
        [1, 5],
        [6, 15],
      ])
      expect(await store.listStaged(version.id)).to.deep.equal([])
      await store.publishStaged(version.id, lease)
      expect(await ranges()).to.deep.equal([])
    })
    it('refuses a segment, published or staged, that holds fewer vectors than its range has, and then changes nothing', async () => {
      const {store, lease} = books
      await books.put({id: 'a', texts: ['1', '2', '3', '4']})
      const {seqs} = await books.embedAll(version.id)
      const of = (count: number, file = `with-${count}`): NewSegment => ({
        ...segment(seqs[0]!, seqs[3]!),
        count,
        file,
      })
      await rejects(publish([of(3)]), 'INTERNAL')
      await publish([of(4)])
      await store.stageSegments(version.id, {add: [of(3)], drop: []}, lease)
      await rejects(store.publishStaged(version.id, lease), 'INTERNAL')
      expect((await store.listSegments(version.id)).map((it) => it.file)).to.deep.equal(['with-4'])
      expect(await store.listStaged(version.id)).to.have.length(1)
      await books.put({id: 'a', texts: ['1', '2', '3']})
      await store.publishStaged(version.id, lease)
      expect((await store.listSegments(version.id)).map((it) => it.file)).to.deep.equal(['with-3'])
    })
    it('drops staged segments with their version and their corpus', async () => {
      const {store, lease, id} = books
      const live = await books.liveVersion()
      for (const of of [version, live])
        await store.stageSegments(of.id, {add: [segment(1, 9, of)], drop: []}, lease)
      await store.dropEmbeddingVersion(version.id, lease)
      expect(await store.listStaged(version.id)).to.deep.equal([])
      expect(await store.listStaged(live.id)).to.have.length(1)
      await store.deleteCorpus(id, lease)
      expect(await store.listStaged(live.id)).to.deep.equal([])
    })
    it('keeps versions apart', async () => {
      await publish([segment(1, 10)])
      const other = await books.addVersion()
      await books.store.publishSegments(other.id, {add: [segment(5, 15, other)], drop: []}, books.lease)
      const [foreign] = await books.store.listSegments(other.id)
      await publish([segment(11, 20)])
      await publish([], [foreign!.id]).catch(() => undefined)
      expect(await books.store.listSegments(other.id)).to.deep.equal([foreign])
      expect(await ranges()).to.deep.equal([
        [1, 10],
        [11, 20],
      ])
    })
  })
}
