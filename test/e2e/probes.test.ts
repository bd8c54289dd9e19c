import {expect} from 'chai'
import {inspectStore} from '../support/corpus-snapshot.js'
import {TempHome} from '../support/temp-home.js'

/** Four things that a popular ingestion library got wrong. */
describe('the four probes', function () {
  this.timeout(20_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('probes')
  })
  afterEach(() => {
    expect(inspectStore(home.data).faults).to.deep.equal([])
    home.remove()
  })

  it('one of fifty documents changed: one chunk is embedded', async () => {
    for (let i = 0; i < 50; i++)
      home.write(
        `kb/d${i}.md`,
        `# Doc ${i}\n\nApples and pears of farm ${i}.\n\n## More\n\nPlums of farm ${i} and more.\n`,
      )
    const argv = ['ingest', '--dir', 'kb', '--chunk-size', '16', '--chunk-overlap', '0']
    const first = await home.json(...argv)
    expect(first.chunks.added).to.be.at.least(100)
    home.write(
      'kb/d7.md',
      '# Doc 7\n\nApples and pears of farm 7.\n\n## More\n\nCherries of farm 7 and more.\n',
    )
    const second = await home.json(...argv)
    expect(second.documents).to.include({updated: 1, unchanged: 49})
    expect(second.chunks).to.include({added: 1, deleted: 1, pending: 0})
    expect([second.cache.embed_hits, second.cache.embed_misses]).to.deep.equal([0, 1])
  })

  it('an update that fails half-way leaves the old version found', async () => {
    home.write('kb/price.json', '{"title": "Prices", "text": "Apples cost three crowns."}')
    home.write('kb/other.md', '# Other\n\nApples and pears.\n')
    await home.ok('ingest', '--dir', 'kb')
    home.write('kb/price.json', '{"title": "Prices", "text": "Apples cost four cro')
    home.write('kb/other.md', '# Other\n\nApples and plums.\n')
    const ran = await home.run(['ingest', '--dir', 'kb', '--prune', '--json'])
    expect(ran.code).to.equal(3)
    const {failed} = JSON.parse(ran.stdout) as {failed: {source: string; code: string; message: string}[]}
    expect(failed.map((it) => [it.source, it.code])).to.deep.equal([
      [home.path('kb/price.json'), 'BAD_INPUT'],
    ])
    for (const mode of ['keyword', 'vector', 'hybrid'])
      expect(await home.found('three crowns', '--mode', mode), mode).to.include('price.json')
    expect(await home.found('plums', '--mode', 'keyword')).to.deep.equal(['other.md'])
    home.write('kb/price.json', '{"title": "Prices", "text": "Apples cost four crowns."}')
    await home.ok('ingest', '--dir', 'kb')
    expect(await home.found('four crowns', '--mode', 'keyword')).to.deep.equal(['price.json'])
  })

  it('of two documents with equal text, one removed leaves the other found', async () => {
    const text = '# Twins\n\nThe quick badger sleeps until noon.\n'
    home.writeAll({
      'kb/left.md': text,
      'kb/right.md': text,
      'kb/third.md': '# Third\n\nThe badger and noon.\n',
    })
    for (const how of [
      ['docs', 'delete', 'left.md'],
      ['docs', 'delete', 'left.md', '--hard'],
    ]) {
      await home.ok('ingest', '--dir', 'kb')
      expect(await home.found('quick badger')).to.include.members(['left.md', 'right.md'])
      await home.ok(...how)
      for (const mode of ['keyword', 'vector', 'hybrid']) {
        const found = await home.found('quick badger', '--mode', mode)
        expect(found, `${how.join(' ')} ${mode}`)
          .to.include('right.md')
          .and.not.include('left.md')
      }
    }
  })

  it('what is not embedded yet shows in the report, in status and in corpus show, until it is', async () => {
    for (let i = 0; i < 5; i++) home.write(`kb/d${i}.md`, `# Doc ${i}\n\nApples and pears of farm ${i}.\n`)
    const report = await home.json('ingest', '--dir', 'kb', '--text-only')
    expect(report.chunks).to.include({total: 5, pending: 5})
    const status = async (): Promise<{indices: {dirty: boolean; pending: number}[]; notes: string[]}> =>
      home.json('status')
    expect((await status()).indices[0]).to.include({dirty: true, pending: 5})
    expect((await status()).notes.join()).to.contain('5 of 5 chunks have no vector yet')
    expect(await home.json<object>('corpus', 'show')).to.include({pending: 5, vectors: 0})
    expect(await home.found('apples')).to.have.length(5)
    const vector = await home.run(['search', 'apples', '--mode', 'vector', '--json'])
    expect(vector.code).to.equal(1)
    expect(vector.stdout).to.contain('NO_VECTORS')
    const done = await home.json('ingest', '--dir', 'kb')
    expect(done.documents).to.include({unchanged: 5})
    expect(done.chunks).to.include({pending: 0})
    expect((await status()).indices[0]).to.include({dirty: false, pending: 0})
    home.write('kb/d9.md', '# Doc 9\n\nApples and pears of farm 9.\n')
    await home.ok('ingest', '--dir', 'kb', '--text-only')
    expect((await status()).notes.join()).to.contain('1 of 6 chunks')
    for (const mode of ['hybrid', 'keyword'])
      expect(await home.found('farm 9', '--mode', mode, '--top-k', '6'), mode).to.include('d9.md')
  })
})
