import {mkdirSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {expect} from 'chai'
import {inspectStore, rowsOf, snapshotCorpus} from '../support/corpus-snapshot.js'
import {bytesOf, filesBelow, TempHome} from '../support/temp-home.js'

const GUIDE = `# Leave guide

Every employee has thirty days of annual leave, counted from January.

## Sickness

Report sickness to the office before nine in the morning, by telephone.

## Parents

Parents may take fourteen weeks around the birth of a child.
`
const FILES = {
  'kb/guide.md': GUIDE,
  'kb/travel/trains.md': '# Trains\n\nTrain tickets in second class are paid by the company.\n',
  'kb/travel/flights.md': '# Flights\n\nFlights need the consent of a manager and two weeks of notice.\n',
  'kb/notes.txt': 'The coffee machine on the third floor is cleaned on Fridays.\n',
  'kb/data.json': '{"title": "Rooms", "text": "The meeting room has twelve chairs and a projector."}',
}
const SMALL = ['--chunk-size', '24', '--chunk-overlap', '0']

describe('rag ingest, by the real binary', function () {
  this.timeout(30_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('ingest')
    home.writeAll(FILES)
  })
  afterEach(() => {
    expect(inspectStore(home.data).faults).to.deep.equal([])
    home.remove()
  })

  it('takes a folder in, and finds everything unchanged the second time', async () => {
    const first = await home.json('ingest', '--dir', 'kb', ...SMALL)
    expect(first.documents).to.deep.equal({added: 5, updated: 0, unchanged: 0, deleted: 0, failed: 0})
    expect(first.chunks).to.include({kept: 0, deleted: 0, pending: 0, total: first.chunks.added})
    expect(first.cache.embed_misses).to.equal(first.chunks.total)
    const before = snapshotCorpus(home.data, 'default')
    const second = await home.json('ingest', '--dir', 'kb')
    expect(second.documents).to.deep.equal({added: 0, updated: 0, unchanged: 5, deleted: 0, failed: 0})
    expect([second.chunks.added, second.chunks.deleted, second.cache.embed_misses]).to.deep.equal([0, 0, 0])
    expect(snapshotCorpus(home.data, 'default')).to.deep.equal(before)
  })

  it('of a changed file, only the changed chunks are new; the others keep row and vector', async () => {
    await home.ok('ingest', '--dir', 'kb', ...SMALL)
    const before = rowsOf(home.data, 'guide.md')
    home.write('kb/guide.md', GUIDE.replace('fourteen weeks', 'sixteen weeks'))
    const report = await home.json('ingest', '--dir', 'kb')
    expect(report.documents).to.include({added: 0, updated: 1, unchanged: 4})
    expect(report.chunks).to.include({added: 1, deleted: 1, kept: before.length - 1})
    expect(report.cache.embed_misses).to.equal(1)
    const after = rowsOf(home.data, 'guide.md')
    expect(after.length).to.equal(before.length)
    expect(after.slice(0, -1)).to.deep.equal(before.slice(0, -1))
    expect(after.at(-1)).not.to.deep.equal(before.at(-1))
    expect(await home.found('sixteen', '--mode', 'keyword')).to.deep.equal(['guide.md'])
    expect(await home.found('fourteen', '--mode', 'keyword')).to.deep.equal([])
  })

  it('a renamed file takes its vectors along, with --prune the old name goes', async () => {
    await home.ok('ingest', '--dir', 'kb', ...SMALL)
    renameSync(home.path('kb/guide.md'), home.path('kb/handbook.md'))
    const report = await home.json('ingest', '--dir', 'kb', '--prune')
    expect(report.documents).to.include({added: 1, deleted: 1, unchanged: 4})
    expect(report.cache.embed_misses).to.equal(0)
    expect(report.cache.embed_hits).to.be.greaterThan(0)
    expect(report.chunks.pending).to.equal(0)
    expect(new Set(await home.found('sickness telephone', '--mode', 'keyword'))).to.deep.equal(
      new Set(['handbook.md']),
    )
  })

  it('a removed file stays without --prune and goes with it, from both modes', async () => {
    await home.ok('ingest', '--dir', 'kb')
    rmSync(home.path('kb/notes.txt'))
    expect((await home.json('ingest', '--dir', 'kb')).documents).to.include({deleted: 0, unchanged: 4})
    expect(await home.found('coffee machine', '--mode', 'keyword')).to.include('notes.txt')
    expect((await home.json('ingest', '--dir', 'kb', '--prune')).documents).to.include({deleted: 1})
    for (const mode of ['keyword', 'vector', 'hybrid'])
      expect(await home.found('coffee machine', '--mode', mode), mode).not.to.include('notes.txt')
  })

  it('--prune takes out what is left out now, names it, and leaves other folders alone', async () => {
    home.write('more/extra.md', '# Extra\n\nSomething else.\n')
    await home.ok('ingest', '--dir', 'kb', '--dir', 'more')
    rmSync(home.path('more/extra.md'))
    const report = await home.json('ingest', '--dir', 'kb', '--types', 'md', '--prune')
    expect(report.documents).to.include({deleted: 2})
    expect(report.notes).to.deep.equal([
      '2 documents that rules leave out now: removed (data.json, notes.txt).',
    ])
    expect((await home.json<{total: number}>('docs', 'list')).total).to.equal(4)
  })

  it('--prune refuses a folder without any file: it may be an unmounted disk', async () => {
    await home.ok('ingest', '--dir', 'kb')
    const before = snapshotCorpus(home.data, 'default')
    rmSync(home.path('kb'), {recursive: true})
    mkdirSync(home.path('kb'))
    const ran = await home.run(['ingest', '--dir', 'kb', '--prune', '--json'])
    expect(ran.code).to.equal(1)
    expect(ran.stdout).to.contain('PRUNE_REFUSED').and.contain('is it mounted')
    expect(snapshotCorpus(home.data, 'default')).to.deep.equal(before)
  })

  it('--force does everything anew and ends with the same corpus', async () => {
    await home.ok('ingest', '--dir', 'kb', ...SMALL)
    const before = snapshotCorpus(home.data, 'default')
    const rows = rowsOf(home.data, 'guide.md')
    const report = await home.json('ingest', '--dir', 'kb', '--force')
    expect(report.documents).to.include({unchanged: 0, failed: 0})
    expect(report.chunks).to.include({kept: 0, pending: 0, added: report.chunks.total})
    expect(snapshotCorpus(home.data, 'default')).to.deep.equal(before)
    expect(rowsOf(home.data, 'guide.md')).not.to.deep.equal(rows)
  })

  it('--dry-run says what would be done and writes not one byte, with a store and without', async () => {
    const argv = ['ingest', '--dir', 'kb', '--prune', '--dry-run']
    await home.ok(...argv)
    expect(filesBelow(home.data)).to.deep.equal([])
    await home.ok('ingest', '--dir', 'kb')
    home.write('kb/new.md', '# New\n\nNew text.\n')
    home.write('kb/guide.md', `${GUIDE}\nOne line more.\n`)
    rmSync(home.path('kb/notes.txt'))
    const before = bytesOf(home.data)
    const plan = await home.json<{add: string[]; update: string[]; delete: string[]; unchanged: number}>(
      ...argv,
    )
    expect(plan).to.deep.include({add: ['new.md'], update: ['guide.md'], delete: ['notes.txt'], unchanged: 3})
    expect(bytesOf(home.data)).to.deep.equal(before)
  })

  it('a touched file is read again and found unchanged, once', async () => {
    await home.ok('ingest', '--dir', 'kb')
    const at = Date.now() / 1000 - 30
    utimesSync(home.path('kb/guide.md'), at, at)
    const rows = rowsOf(home.data, 'guide.md')
    const report = await home.json('ingest', '--dir', 'kb')
    expect(report.documents).to.include({updated: 0, unchanged: 5})
    expect(report.cache.embed_misses).to.equal(0)
    expect(rowsOf(home.data, 'guide.md')).to.deep.equal(rows)
  })

  it('a file rewritten within the tick of its time stamp, at the same size, is noticed', async () => {
    const file = home.write('kb/racy.txt', 'The password is wombat.\n', 0)
    await home.ok('ingest', '--dir', 'kb')
    const at = Math.floor(Date.now() / 1000)
    writeFileSync(file, 'The password is badger.\n')
    utimesSync(file, at, at)
    await home.ok('ingest', '--dir', 'kb')
    expect(await home.found('badger', '--mode', 'keyword')).to.deep.equal(['racy.txt'])
  })

  it('a folder that was moved as a whole is the same folder', async () => {
    await home.ok('ingest', '--dir', 'kb')
    const before = snapshotCorpus(home.data, 'default')
    renameSync(home.path('kb'), home.path('moved'))
    const report = await home.json('ingest', '--dir', 'moved', '--prune')
    expect(report.documents).to.deep.equal({added: 0, updated: 0, unchanged: 5, deleted: 0, failed: 0})
    expect(snapshotCorpus(home.data, 'default').vectors).to.deep.equal(before.vectors)
    expect((await home.ok('search', 'coffee', '--format', 'files')).stdout).to.match(
      /^moved\/notes\.txt:\d+$/m,
    )
  })

  it('two folders with the same relative path: the second is named and left out, exit 3', async () => {
    home.write('kb2/guide.md', '# Another guide\n\nQuite another text about penguins.\n')
    await home.ok('ingest', '--dir', 'kb')
    const ran = await home.run(['ingest', '--dir', 'kb2', '--json'])
    expect(ran.code).to.equal(3)
    const {failed} = JSON.parse(ran.stdout) as {failed: {source: string; code: string; message: string}[]}
    expect(failed.map((it) => it.code)).to.deep.equal(['ID_TAKEN'])
    expect(failed[0]!.source).to.equal(home.path('kb2/guide.md'))
    expect(failed[0]!.message).to.contain(home.path('kb/guide.md')).and.contain('--id-prefix')
    expect(await home.found('sickness', '--mode', 'keyword')).to.deep.equal(['guide.md'])
    await home.ok('ingest', '--dir', 'kb2', '--id-prefix', 'two/')
    expect(await home.found('penguins', '--mode', 'keyword')).to.deep.equal(['two/guide.md'])
    const both = await home.run(['ingest', '--dir', 'kb', '--dir', 'kb2', '--corpus', 'both', '--json'])
    expect(both.code).to.equal(3)
    expect(both.stdout).to.contain('ID_TAKEN')
  })

  it('takes one document from standard input, again without change', async () => {
    const argv = ['ingest', '-', '--doc-id', 'terms.md', '--json']
    const first = await home.run(argv, {stdin: '# Terms\n\nPayment within ten days of the invoice.\n'})
    expect(first.code, first.stderr).to.equal(0)
    expect(JSON.parse(first.stdout)).to.have.nested.property('documents.added', 1)
    const second = await home.run(argv, {stdin: '# Terms\n\nPayment within ten days of the invoice.\n'})
    expect(JSON.parse(second.stdout)).to.have.nested.property('documents.unchanged', 1)
    expect(await home.found('invoice', '--mode', 'keyword')).to.deep.equal(['terms.md'])
  })

  it('keeps settings with the corpus: a later run needs none of them', async () => {
    await home.ok('ingest', '--dir', 'kb', '--chunk-size', '24', '--chunk-overlap', '4')
    home.write('kb/late.md', GUIDE.replaceAll('leave', 'absence'))
    await home.ok('ingest', '--dir', 'kb')
    const shown = await home.json<{settings: object}>('corpus', 'show')
    expect(shown.settings).to.include({chunk_size: 24, chunk_overlap: 4})
    expect(rowsOf(home.data, 'late.md').length).to.equal(rowsOf(home.data, 'guide.md').length)
    // Only what does not fit the corpus's own settings is refused.
    await home.ok('ingest', '--dir', 'kb', '--chunk-size', '1024')
    await home.ok('ingest', '--dir', 'kb', '--chunk-overlap', '300')
  })
})
