import {readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {TempHome, type IngestJson} from '../support/temp-home.js'

const made = (name: string): Uint8Array => readFileSync(path.resolve('test/fixtures/files', name))

describe('a folder with files that may cost much', function () {
  this.timeout(60_000)

  it('is taken in; what can be read of none of them is named, and the rest goes on', async () => {
    const home = new TempHome('costly')
    home.write('docs/paper.pdf', made('paper.pdf'))
    home.write('docs/locked.pdf', made('locked.pdf'))
    home.write('docs/scanned.pdf', made('scanned.pdf'))
    home.write('docs/cut.pdf', made('paper.pdf').slice(0, 20_000))
    home.write('docs/note.md', '# A note\n\nThe kingfisher is blue.\n')
    const ran = await home.run(['ingest', '--dir', 'docs', '--json'])
    expect(ran.code).to.equal(3)
    const report = JSON.parse(ran.stdout) as IngestJson
    expect(report.documents).to.include({added: 2, failed: 3})
    expect(report.failed.map(({source, code}) => `${path.basename(source)} ${code}`)).to.deep.equal([
      'cut.pdf BAD_INPUT',
      'locked.pdf NOT_TEXT',
      'scanned.pdf NOT_TEXT',
    ])
    expect((await home.run(['search', 'heron', '--format', 'files'])).stdout).to.match(/paper\.pdf/)
    expect((await home.run(['search', 'kingfisher', '--format', 'files'])).stdout).to.match(/note\.md/)
  })

  it('of office programs is taken in, and found', async () => {
    const home = new TempHome('office')
    const names = [
      'leave.docx',
      'leave.odt',
      'leave.epub',
      'deck.pptx',
      'deck.odp',
      'stock.xlsx',
      'stock.ods',
    ]
    for (const name of names) home.write(`docs/${name}`, made(name))
    const ran = await home.run(['ingest', '--dir', 'docs', '--json'])
    expect([ran.code, (JSON.parse(ran.stdout) as IngestJson).documents.added]).to.deep.equal([
      0,
      names.length,
    ])
    const found = async (query: string): Promise<readonly string[]> => {
      const {stdout} = await home.run(['search', query, '--mode', 'keyword', '--json'])
      const {hits} = JSON.parse(stdout) as {readonly hits: readonly {readonly doc_id: string}[]}
      return [...new Set(hits.map(({doc_id: id}) => path.basename(id)))].sort()
    }
    expect(await found('doctor')).to.deep.equal(['leave.docx', 'leave.epub', 'leave.odt'])
    expect(await found('pond')).to.deep.equal(['deck.odp', 'deck.pptx'])
    expect(await found('spelt')).to.deep.equal(['stock.ods', 'stock.xlsx'])
    expect((await home.run(['ingest', '--dir', 'docs', '--types', 'docx', '--dry-run'])).code).to.equal(0)
  })
})
