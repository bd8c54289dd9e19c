import {expect} from 'chai'
import {inspectStore} from '../support/corpus-snapshot.js'
import {SeededText} from '../support/seeded-text.js'
import {TempHome} from '../support/temp-home.js'

/** 30 in the slow suite. */
const SOAK_SECONDS = Number(process.env['RAG_SOAK_SECONDS'] ?? (process.env['RAG_KILL_ROUNDS'] ? 30 : 3))

describe('several processes on one store', function () {
  this.timeout(90_000 + 2000 * SOAK_SECONDS)
  let home: TempHome
  beforeEach(() => {
    home = new TempHome('together')
  })
  afterEach(() => home.remove())

  it('20 open a fresh store at once, each for a corpus of its own: all corpora are there', async () => {
    home.write('docs/a.md', '# Apples\n\nApples grow on trees, and trees grow in orchards.\n')
    home.write('docs/b.md', '# Pears\n\nPears grow on trees, and orchards hold trees.\n')
    const all = await Promise.all(
      Array.from({length: 20}, (_, i) =>
        home.run(['ingest', '--dir', 'docs', '--corpus', `team-${i}`, '--quiet']),
      ),
    )
    expect(all.map((ran) => `${String(ran.code)} ${ran.stderr}`)).to.deep.equal(all.map(() => '0 '))
    const {corpora} = await home.json<{corpora: {corpus: string; documents: number; pending: number}[]}>(
      'corpus',
      'list',
    )
    expect(corpora.map((it) => [it.corpus, it.documents, it.pending]).sort()).to.deep.equal(
      Array.from({length: 20}, (_, i) => [`team-${i}`, 2, 0]).sort(),
    )
    expect(inspectStore(home.data).faults).to.deep.equal([])
  })

  it('20 upserts into one corpus at once, each waiting for its turn: all documents are there', async () => {
    const all = await Promise.all(
      Array.from({length: 20}, (_, i) =>
        home.run([
          'docs',
          'upsert',
          '--doc-id',
          `note-${i}`,
          '--text',
          `note number${i} about apples`,
          '--wait',
          '60',
        ]),
      ),
    )
    for (const ran of all) expect(ran.code, ran.stderr).to.equal(0)
    const {total} = await home.json<{total: number}>('docs', 'list')
    expect(total).to.equal(20)
    expect(inspectStore(home.data).faults).to.deep.equal([])
    expect(await home.found('number7')).to.include('note-7')
  })

  it('20 upserts that do not wait: each is done or told that it is busy, and none is half done', async () => {
    const all = await Promise.all(
      Array.from({length: 20}, (_, i) =>
        home.run([
          'docs',
          'upsert',
          '--doc-id',
          `note-${i}`,
          '--text',
          `note number${i} about apples`,
          '--json',
        ]),
      ),
    )
    for (const ran of all) {
      expect(ran.code, ran.stderr).to.be.oneOf([0, 6])
      if (ran.code === 6) {
        const {error} = JSON.parse(ran.stdout) as {error: {code: string; message: string; hint: string}}
        expect(error.code).to.equal('LEASE_HELD')
        expect(error.message).to.match(/being written by/)
        expect(error.hint).to.contain('--wait')
      }
    }
    const done = all.flatMap((ran, i) => (ran.code === 0 ? [`note-${i}`] : []))
    console.log(`      ${done.length} done, ${20 - done.length} busy`)
    expect(done.length).to.be.at.least(1)
    const {documents} = await home.json<{documents: {doc_id: string}[]}>('docs', 'list')
    expect(documents.map((it) => it.doc_id).sort()).to.deep.equal(done.sort())
    expect(inspectStore(home.data).faults).to.deep.equal([])
  })

  it('of two ingests of one corpus, the second exits with 6 and changes nothing, or waits with --wait', async () => {
    const text = new SeededText(3, 96)
    for (let i = 0; i < 200; i++) home.write(`docs/d${i}.md`, `# Part\n\n${text.document(i % 9, 12, 13)}`)
    home.write('other/x.md', '# Other\n\nNothing but xylophones.\n')
    const argv = ['ingest', '--dir', 'docs', '--chunk-size', '24', '--chunk-overlap', '0', '--quiet']
    let busy = await home.run(['--version'])
    let waited = busy
    const first = await home.run(argv, {
      onStart: () => {
        setTimeout(() => {
          void home.run(['ingest', '--dir', 'other']).then((ran) => (busy = ran))
          void home.run(['ingest', '--dir', 'other', '--wait', '60']).then((ran) => (waited = ran))
        }, 500)
      },
    })
    expect(first.code, first.stderr).to.equal(0)
    while (waited.stdout.startsWith('rag/')) await new Promise((resolve) => setTimeout(resolve, 50))
    expect([busy.code, busy.stdout], busy.stderr).to.deep.equal([6, ''])
    expect(busy.stderr).to.match(/"default" is being written by process \d+/)
    expect(waited.code, waited.stderr).to.equal(0)
    expect(await home.found('xylophones')).to.include('x.md')
    expect(inspectStore(home.data).faults).to.deep.equal([])
  })

  it(`eight readers never fail nor see half a document while one writes for ${SOAK_SECONDS} seconds`, async () => {
    const versions = (round: number): void => {
      for (let i = 0; i < 30; i++)
        home.write(
          `docs/d${i}.md`,
          `# Doc ${i}\n\n${Array.from({length: 6}, (_, p) => `Paragraph ${p} of walrus text, edition${round}, apples and pears in doc${i}.`).join('\n\n')}\n`,
          60_000 - round * 1000,
        )
      // More each round, so that the model is learned anew now and then, too.
      for (let i = 0; i < 40 * round; i++)
        home.write(`docs/more-${i}.md`, `# More ${i}\n\nWalrus edition of number ${i} with pears.\n`)
    }
    versions(0)
    await home.ok('ingest', '--dir', 'docs', '--chunk-size', '24', '--chunk-overlap', '0')
    const until = performance.now() + 1000 * SOAK_SECONDS
    let written = 0
    // On a busy machine it takes as long as two writes do.
    const isOver = (): boolean => performance.now() >= until && written >= 2
    const write = async (): Promise<void> => {
      for (let round = 1; !isOver(); round++) {
        versions(round)
        const argv = ['ingest', '--dir', 'docs', '--quiet', ...(round % 3 === 0 ? ['--force'] : [])]
        const ran = await home.run(argv)
        expect(ran.code, ran.stderr).to.equal(0)
        written++
      }
    }
    let searches = 0
    let degraded = 0
    const read = async (reader: number): Promise<void> => {
      const mode = ['hybrid', 'keyword', 'vector', 'hybrid'][reader % 4]!
      while (!isOver()) {
        const argv = [
          'search',
          'walrus apples pears',
          '--mode',
          mode,
          '--top-k',
          '40',
          '--context',
          '10',
          '--json',
        ]
        const ran = await home.run(argv)
        expect(ran.code, `${mode}: ${ran.stderr}${ran.stdout}`).to.equal(0)
        const report = JSON.parse(ran.stdout) as SearchJson
        // Vectors still to come are no loss, and are said.
        const isToCome = report.notes.some((note) => note.includes('no vector yet'))
        if (report.degraded && !isToCome) degraded++
        for (const hit of report.hits) checkWhole(hit)
        // Between the text of --force and its vectors, only words find the new rows.
        if (mode === 'vector' && report.hits.length < 40) expect(report.degraded).to.equal(true)
        else expect(report.hits.length, `${mode}: ${ran.stderr}${ran.stdout.slice(-900)}`).to.equal(40)
        searches++
      }
    }
    await Promise.all([write(), ...[0, 1, 2, 3, 4, 5, 6, 7].map(read)])
    console.log(`      ${written} ingests, ${searches} searches, ${degraded} degraded`)
    expect(written).to.be.at.least(2)
    expect(searches).to.be.at.least(8)
    expect(degraded, 'searches that lost a side').to.equal(0)
    expect(inspectStore(home.data).faults).to.deep.equal([])
  })
})

describe('one process that searches on while another writes', function () {
  this.timeout(240_000)

  it('sees each document whole, in its old or its new version, at every search', async () => {
    const home = new TempHome('warm')
    try {
      const edition = (round: number): void => {
        for (let i = 0; i < 40; i++)
          home.write(
            `docs/d${i}.md`,
            `# Doc ${i}\n\nWalrus text, edition${round}, apples and pears in doc${i}.\n`,
          )
      }
      edition(0)
      await home.ok('ingest', '--dir', 'docs')
      let isWriting = true
      const write = async (): Promise<number> => {
        let rounds = 0
        while (isWriting) {
          edition(++rounds)
          const ran = await home.run([
            'ingest',
            '--dir',
            'docs',
            '--quiet',
            '--checksum',
            '--batch-size',
            '7',
          ])
          expect(ran.code, ran.stderr).to.equal(0)
        }
        return rounds
      }
      const writing = write()
      const queries = 2000
      const ran = await home.run(
        ['search', '--queries', '-', '--format', 'jsonl', '--top-k', '100', '--unit', 'document'],
        {stdin: 'walrus apples\n'.repeat(queries)},
      )
      isWriting = false
      const rounds = await writing
      expect(ran.code, ran.stderr).to.equal(0)
      const lines = ran.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as SearchJson)
      console.log(
        `      ${lines.length} searches in ${Math.round(ran.tookMs)} ms, ${rounds} ingests meanwhile`,
      )
      expect(lines.length).to.equal(queries)
      const short = lines.filter((line) => new Set(line.hits.map((hit) => hit.doc_id)).size !== 40)
      expect(short.length, 'searches that missed a document').to.equal(0)
    } finally {
      home.remove()
    }
  })
})

interface SearchJson {
  readonly notes: readonly string[]
  readonly degraded: boolean
  readonly hits: readonly {
    readonly doc_id: string
    readonly text: string
    readonly context?: {readonly before: readonly string[]; readonly after: readonly string[]}
  }[]
}

/** A hit with its neighbours is the whole document: all of one edition, every paragraph there. */
function checkWhole({doc_id: docId, text, context}: SearchJson['hits'][number]): void {
  if (docId.startsWith('more-')) return
  const all = [...(context?.before ?? []), text, ...(context?.after ?? [])].join('\n')
  const editions = new Set([...all.matchAll(/edition(\d+)/g)].map((match) => match[1]))
  expect(editions.size, `${docId} shows editions ${[...editions].join(', ')}`).to.equal(1)
  const paragraphs = new Set([...all.matchAll(/Paragraph (\d)/g)].map((match) => match[1]))
  expect(paragraphs.size, `${docId} shows ${paragraphs.size} of 6 paragraphs`).to.equal(6)
}
