import {expect} from 'chai'
import {createMemoryStore} from '../../support/memory/memory-store.js'
import {KnownSources} from '../../../src/lib/ingest/known-sources.js'
import {FixedClock} from '../../support/fixed-clock.js'
import {FakeProcessTable, openCorpus} from '../../support/store-fixtures.js'

describe('known sources', () => {
  const DOCUMENTS = 800

  async function open(): Promise<{known: KnownSources; asked: {one: number; all: number}}> {
    const store = createMemoryStore({clock: new FixedClock(), processes: new FakeProcessTable()})
    const books = await openCorpus(store)
    await books.put(
      ...Array.from({length: DOCUMENTS}, (_, i) => ({id: `d${i}`, texts: ['x'], source: `s${i}`})),
    )
    const asked = {one: 0, all: 0}
    const counted: ConstructorParameters<typeof KnownSources>[0] = {
      getDocument: (...of) => (asked.one++, store.getDocument(...of)),
      listSources: (...of) => (asked.all++, store.listSources(...of)),
    }
    return {known: new KnownSources(counted, books.id), asked}
  }

  it('of a few documents are asked for one by one: the others are not read', async () => {
    const {known, asked} = await open()
    for (const i of [3, 1, 4]) expect((await known.get(`d${i}`))?.source.source).to.equal(`s${i}`)
    expect(await known.get('missing')).to.equal(undefined)
    expect(asked).to.deep.equal({one: 4, all: 0})
  })

  it('of many are read once, and say the same', async () => {
    const {known, asked} = await open()
    for (let i = 0; i < DOCUMENTS; i++) expect((await known.get(`d${i}`))?.source.source).to.equal(`s${i}`)
    expect(await known.get('missing')).to.equal(undefined)
    expect(asked.all).to.equal(1)
    expect(asked.one).to.be.lessThan(DOCUMENTS)
  })

  it('say nothing of what is being replaced, neither early nor late', async () => {
    const {known} = await open()
    known.replaced('d1')
    expect(await known.get('d1')).to.equal(undefined)
    for (let i = 2; i < DOCUMENTS; i++) await known.get(`d${i}`)
    known.replaced('d700')
    expect([await known.get('d1'), await known.get('d700')]).to.deep.equal([undefined, undefined])
  })
})
