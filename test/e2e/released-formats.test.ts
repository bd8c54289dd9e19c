import {cpSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {inspectStore} from '../support/corpus-snapshot.js'
import {TempHome, type IngestJson} from '../support/temp-home.js'

const FIXTURES = path.resolve('test/fixtures/stores')

interface SearchJson {
  readonly degraded: boolean
  readonly notes: readonly string[]
  readonly hits: readonly {readonly doc_id: string}[]
}

/** Stores as earlier versions of rag wrote them (`scripts/make-fixture-store.ts`): each must stay of use. */
describe('a store of every released format', function () {
  this.timeout(60_000)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('format')
  })
  afterEach(() => home.remove())

  const formats = readdirSync(FIXTURES).sort()

  it('is kept from format 1 on', () => {
    expect(formats[0]).to.equal('format-1')
  })

  for (const format of formats)
    describe(format, () => {
      beforeEach(() => cpSync(path.join(FIXTURES, format), home.data, {recursive: true}))

      const search = (query: string, ...more: string[]): Promise<SearchJson> =>
        home.json<SearchJson>('search', query, ...more)

      it('is opened, with all that was in it', async () => {
        const {corpora} = await home.json<{
          corpora: {
            corpus: string
            documents: number
            chunks: number
            vectors: number
            segments: number
            tail: number
          }[]
        }>('corpus', 'list')
        expect(
          corpora.map((it) => [it.corpus, it.documents, it.chunks, it.vectors, it.segments, it.tail]),
        ).to.deep.equal([
          ['acme/stones', 41, 41, 41, 1, 1],
          ['notes', 5, 5, 5, 1, 0],
        ])
        expect(inspectStore(home.data).faults).to.deep.equal([])
        expect((await home.json<{ok: boolean}>('status')).ok).to.equal(true)
      })

      it('is searched by words and by meaning, through its index and model files', async () => {
        for (const mode of ['keyword', 'vector', 'hybrid']) {
          const {degraded, notes, hits} = await search(
            'when do bees swarm',
            '--corpus',
            'notes',
            '--mode',
            mode,
          )
          expect([degraded, notes, hits[0]?.doc_id]).to.deep.equal([false, [], 'bees.md'])
        }
        expect((await search('Schnecken', '--corpus', 'notes')).hits[0]?.doc_id).to.equal('garten.md')
        expect((await search('zeppelins', '--corpus', 'notes', '--mode', 'keyword')).hits).to.deep.equal([])
        const slate = ['--corpus', 'acme/stones', '--mode', 'keyword', '--filter', 'weight>=35']
        expect((await search('slate quarry', ...slate)).hits.map((hit) => hit.doc_id)).to.include('stone-39')
      })

      it('is written: what is new is found beside what was there', async () => {
        home.write('more/figs.md', '# Figs\n\nA fig tree wants a warm wall. Bees like it.\n')
        const report = await home.json<IngestJson>('ingest', '--dir', 'more', '--corpus', 'notes')
        expect([report.documents.added, report.chunks.pending]).to.deep.equal([1, 0])
        expect(await home.found('fig tree', '--corpus', 'notes')).to.include('figs.md')
        expect(await home.found('when do bees swarm', '--corpus', 'notes')).to.include('bees.md')
        await home.ok('docs', 'delete', 'oven.txt', '--corpus', 'notes', '--hard')
        expect(inspectStore(home.data).faults).to.deep.equal([])
      })

      it('is backed up and restored', async () => {
        await home.ok('backup', 'copy')
        await home.ok('restore', 'copy', '--into', 'again')
        const {hits} = await home.json<SearchJson>(
          'search',
          'bees',
          '--corpus',
          'notes',
          '--data-dir',
          'again',
        )
        expect(hits[0]?.doc_id).to.equal('bees.md')
        expect(inspectStore(home.path('again')).faults).to.deep.equal([])
      })

      it('is restored over a store of today, whose pages are of another size, and that over it', async () => {
        await home.ok('backup', 'copy')
        home.write('figs/figs.md', '# Figs\n\nA fig tree wants a warm wall.\n')
        await home.ok('ingest', '--dir', 'figs', '--corpus', 'figs', '--data-dir', 'today')
        await home.ok('backup', 'copy-of-today', '--data-dir', 'today')
        await home.ok('restore', 'copy', '--data-dir', 'today')
        await home.ok('restore', 'copy-of-today')
        const found = async (query: string, corpus: string, folder: string): Promise<unknown> =>
          (await search(query, '--corpus', corpus, '--data-dir', folder)).hits[0]?.doc_id
        expect(await found('bees', 'notes', 'today')).to.equal('bees.md')
        expect(await found('warm wall', 'figs', home.data)).to.equal('figs.md')
        for (const folder of [home.path('today'), home.data])
          expect(inspectStore(folder).faults).to.deep.equal([])
      })
    })
})
