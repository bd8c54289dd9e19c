import {expect} from 'chai'
import {growth, load, type Sample} from '../../scripts/load.js'
import {TempHome} from '../support/temp-home.js'

const SECONDS = Number(process.env['RAG_HISTORY_SECONDS'] ?? 6)

describe('the mixed load', function () {
  this.timeout((SECONDS + 600) * 1000)

  it('proves deletions by the bytes of all files, and has a history without a fault', async () => {
    const home = new TempHome('load')
    try {
      const ms = SECONDS * 1000
      const {folder} = home
      const found = await load({ms, proofEveryMs: ms / 3, seed: 1, folder, log: () => undefined})
      console.log(`      ${found.calls} calls, ${found.proofs} proofs: ${JSON.stringify(found.counts)}`)
      expect(found.faults).to.deep.equal([])
      expect(found.proofs).to.be.greaterThan(0)
    } finally {
      home.remove()
    }
  })

  describe('tells growth', () => {
    const samples = (more: (i: number) => Partial<Sample>): Sample[] =>
      Array.from({length: 20}, (_, i) => ({
        ...{minute: i, rssBytes: 200e6, descriptors: 40, files: 20, diskBytes: 5e6},
        ...more(i),
      }))

    it('from none, and from that of the start', () => {
      expect(growth(samples(() => ({})))).to.deep.equal([])
      expect(growth(samples((i) => ({rssBytes: i < 5 ? 100e6 : 200e6})))).to.deep.equal([])
    })

    it('of memory, descriptors, files and bytes', () => {
      expect(growth(samples((i) => ({rssBytes: 200e6 + i * 20e6}))).join()).to.match(/^rssBytes grew/)
      expect(growth(samples((i) => ({descriptors: 40 + 3 * i}))).join()).to.match(/^descriptors grew/)
      expect(growth(samples((i) => ({files: 20 + 3 * i}))).join()).to.match(/^files grew/)
      expect(growth(samples((i) => ({diskBytes: 5e6 + i * 2e6}))).join()).to.match(/^diskBytes grew/)
    })
  })
})
