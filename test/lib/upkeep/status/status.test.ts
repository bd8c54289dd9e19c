import {expect} from 'chai'
import {status} from '../../../../src/lib/upkeep/status/reports.js'
import {systemDigest} from '../../../../src/lib/adapters/system/digest.js'
import {FixedClock} from '../../../support/fixed-clock.js'
import {handMadeServices} from '../../../support/hand-made-services.js'
import {createMemoryArtifactFiles} from '../../../support/memory/memory-artifact-files.js'
import {createMemoryStore} from '../../../support/memory/memory-store.js'
import {FakeProcessTable, openCorpus, rejects, type WrittenCorpus} from '../../../support/store-fixtures.js'
import type {Services} from '../../../../src/lib/ports/services.js'
import {storeMissing} from '../../../../src/lib/model/errors/store/store.js'
import type {Store} from '../../../../src/lib/ports/store/store.js'

const BUILD = {version: '1.2.3', node: 'v20', storeFormat: 7}

describe('status', () => {
  let store: Store
  let books: WrittenCorpus
  const files = createMemoryArtifactFiles()
  const services = (read: () => Promise<Store> = async () => store): Services =>
    handMadeServices({
      store: {
        read,
        write: () => Promise.reject(new Error('a report writes nothing')),
        takeDamage: () => Promise.resolve([]),
        reopen: async () => {},
      },
      digest: systemDigest,
      indexFiles: files,
      modelFiles: files,
      build: BUILD,
      dataDir: '/data',
    })
  beforeEach(async () => {
    store = createMemoryStore({clock: new FixedClock(), processes: new FakeProcessTable()})
    books = await openCorpus(store, 'books')
  })

  it('reports build and corpora, with nothing to say of a store that is whole', async () => {
    const live = await books.liveVersion()
    await books.put({id: 'a', texts: ['red', 'green']})
    await books.embedAll(live.id)
    const report = await status(services())
    expect(report).to.deep.include({ok: true, dbOk: true, indexStoreOk: true, notes: [], buildInfo: BUILD})
    expect(report.dataDir).to.equal('/data')
    expect(report.corpora).to.have.length(1)
    expect(report.corpora[0]).to.deep.include({corpus: 'books', documents: 1, chunks: 2, vectors: 2, tail: 2})
  })

  it('names what is pending, and files that are gone', async () => {
    const live = await books.liveVersion({modelFile: {file: 'books/v1.lsa', sizeBytes: 5, sha256: 'aa'}})
    await books.put({id: 'a', texts: ['red', 'green']})
    const {seqs} = await books.embed(live.id, (await books.chunkIds('a')).slice(0, 1))
    const segment = {file: 'books/v1/seg-1-1.hnsw', sizeBytes: 9, sha256: 'bb', dimension: 4, count: 1}
    const range = {versionId: live.id, firstSeq: seqs[0]!, lastSeq: seqs[0]!}
    await store.publishSegments(live.id, {add: [{...segment, ...range}], drop: []}, books.lease)
    const report = await status(services())
    expect(report).to.include({ok: false, dbOk: true, indexStoreOk: false})
    expect(report.notes).to.have.length(3)
    expect(report.notes[0]).to.match(/books\/v1\.lsa of "books" is missing/)
    expect(report.notes[1]).to.match(/seg-1-1\.hnsw of "books" is missing/)
    expect(report.notes[2]).to.match(/1 of 2 chunks have no vector/)
  })

  it('says that a database does not answer, and fails where there is none', async () => {
    const silent = {...store, ping: async () => false}
    expect(await status(services(async () => silent))).to.include({
      ok: false,
      dbOk: false,
      indexStoreOk: true,
    })
    await rejects(status(services(() => Promise.reject(storeMissing('/data')))), 'STORE_MISSING')
  })
})
