import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {openRag, type ExportRequest, type Rag} from '../../src/lib/index.js'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {inspectStore, snapshotCorpus} from '../support/corpus-snapshot.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {rejects} from '../support/store-fixtures.js'
import {bytesOf} from '../support/temp-home.js'

const CORPUS = path.resolve('examples/corpus')
const QUERIES = [
  'why did half of my bees fly away',
  'compute_harmonic_level',
  'Schnecken',
  'parental leave',
  'zzz',
]

describe('Rag.export', function () {
  this.timeout(60_000)
  let home: string
  let provider: ScriptedProvider
  let rag: Rag
  const opened: Rag[] = []
  const open = async (name: string): Promise<Rag> => {
    const one = await openRag({dataDir: path.join(home, name), maxWorkers: 2, providers: [provider]})
    opened.push(one)
    return one
  }
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'rag-export-'))
    provider = new ScriptedProvider()
    rag = await open('a')
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
    rmSync(home, {recursive: true, force: true})
  })

  const out = (name = 'out'): string => path.join(home, name)
  const write = (more: Partial<ExportRequest> = {}): ReturnType<Rag['export']> =>
    rag.export({corpus: 'c', dir: out(), ...more})
  const readBack = async (name: string, dir = out()): Promise<Rag> => {
    const other = await open(name)
    const report = await other.replay({corpus: 'c', globs: [`${dir}/*.msgpack*`]})
    expect([report.failures, report.failed]).to.deep.equal([[], 0])
    return other
  }
  const answers = async (of: Rag): Promise<unknown[]> => {
    const all: unknown[] = []
    for (const query of QUERIES)
      for (const mode of ['keyword', 'hybrid', 'vector'] as const) {
        const report = await of.search('c', {query, mode, topK: 20})
        all.push([
          mode,
          report.degraded,
          report.hits.map(({chunkId, score, lines, heading, metadata}) => ({
            chunkId,
            score,
            lines,
            heading,
            metadata,
          })),
        ])
      }
    return all
  }
  const same = async (other: Rag, name: string): Promise<void> => {
    expect(snapshotCorpus(path.join(home, name), 'c')).to.deep.equal(
      snapshotCorpus(path.join(home, 'a'), 'c'),
    )
    const [theirs, ours] = [await answers(other), await answers(rag)]
    for (let i = 0; i < ours.length; i++) expect(theirs[i], `answer ${i}`).to.deep.equal(ours[i])
    expect(inspectStore(path.join(home, name)).faults).to.deep.equal([])
  }

  for (const compress of [undefined, 'gzip', 'zstd'] as const)
    it(`leaves as batches (${compress ?? 'plain'}) of which replay makes the same corpus, with its learned model`, async () => {
      await rag.ingest({corpus: 'c', dirs: [CORPUS]})
      await rag.deleteDocuments('c', ['bees/varroa.md'])
      // Removed entries weigh on the keyword index until it is made anew.
      await rag.rebuild({corpus: 'c'})
      const report = await write({maxRecords: 20, ...(compress ? {compress} : {})})
      expect(report.files.length).to.be.greaterThan(2)
      expect([report.documents, report.records, report.vectors]).to.deep.equal([
        41,
        report.records,
        report.records,
      ])
      const other = await readBack('b')
      await same(other, 'b')
      expect((await other.replay({corpus: 'c', globs: [`${out()}/*.msgpack*`]})).inserted).to.equal(0)
    })

  it('keeps vectors of served and external models, and what is pending, empty or a placeholder', async () => {
    writeBatchFile(path.join(home, 'x.msgpack'), [...sketchRecords(0, 5, 8), ...sketchRecords(5, 8)], {
      model: 'm',
    })
    await rag.replay({corpus: 'c', files: [path.join(home, 'x.msgpack')]})
    await write()
    const other = await readBack('b')
    expect(await other.showCorpus('c')).to.deep.include({vectors: 5, pending: 3, model: 'm'})
    await rag.deleteCorpus('c')
    await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')], settings: {model: 'scripted:a'}})
    await write()
    const third = await readBack('d')
    const asked = provider.asked.length
    await same(third, 'd')
    expect(provider.asked.length).to.equal(asked)
  })

  it('gives the same files for the same state, and takes the place of an earlier export', async () => {
    await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
    await write()
    await write({dir: out('again')})
    expect(bytesOf(out('again'))).to.deep.equal(bytesOf(out()))
    const before = readdirSync(out())
    await rag.deleteDocuments('c', ['varroa.md'])
    await write()
    const after = readdirSync(out())
    expect(after).to.have.length(before.length)
    expect(after.filter((name) => before.includes(name))).to.deep.equal(['manifest.json'])
  })

  it('--since brings what changed and names what was deleted; replay does both', async () => {
    await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
    const {corpusVersion} = await write()
    const other = await readBack('b')
    await rag.deleteDocuments('c', ['varroa.md'])
    await rag.upsertDocument({
      corpus: 'c',
      docId: 'glossary.txt',
      text: 'Drone: a male bee. Colony: all bees of a hive.',
    })
    const changes = await write({dir: out('changes'), since: corpusVersion})
    expect([changes.documents, changes.deleted]).to.deep.equal([1, 1])
    await other.replay({corpus: 'c', globs: [`${out('changes')}/*.msgpack`]})
    expect((await other.listDocuments('c')).documents.map(({docId}) => docId)).to.deep.equal(
      (await rag.listDocuments('c')).documents.map(({docId}) => docId),
    )
    expect((await other.showDocument('c', 'glossary.txt')).chunks[0]!.text).to.match(/^Drone/)
    await rejects(write({dir: out('x'), since: 1e6}), 'USAGE')
    await rag.deleteDocuments('c', ['swarm-control.md'], {hard: true})
    await rejects(write({dir: out('x'), since: corpusVersion}), 'MODEL_MISMATCH')
  })

  it('of JSON Lines is what rag ingest --jsonl takes, vectors included', async () => {
    writeBatchFile(path.join(home, 'x.msgpack'), sketchRecords(0, 6, 8), {model: 'm'})
    await rag.replay({corpus: 'c', files: [path.join(home, 'x.msgpack')]})
    const {files} = await write({format: 'jsonl'})
    const other = await open('b')
    await other.ingest({
      corpus: 'c',
      jsonl: path.join(out(), files[0]!.file),
      settings: {model: 'external:m'},
    })
    expect(await other.showCorpus('c')).to.deep.include({documents: 6, vectors: 6, pending: 0})
  })

  it('that was damaged on its way is noticed before anything of it is taken in', async () => {
    await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
    const {files} = await write()
    const file = path.join(out(), files[0]!.file)
    const whole = readFileSync(file)
    for (const at of [0, 100, whole.length - 1, whole.length >> 1]) {
      const damaged = Buffer.from(whole)
      damaged[at]! ^= 4
      writeFileSync(file, damaged)
      const other = await open(`b${at}`)
      const report = await other.replay({corpus: 'c', files: [file]})
      expect([report.inserted, report.files[0]!.error?.code]).to.deep.equal([0, 'BATCH_DAMAGED'])
    }
    writeFileSync(file, whole.subarray(0, -1))
    expect((await (await open('e')).replay({corpus: 'c', files: [file]})).files[0]!.error?.code).to.equal(
      'BATCH_DAMAGED',
    )
  })

  it('refuses a folder of others, and writes nothing when it is stopped', async () => {
    await rag.ingest({corpus: 'c', dirs: [path.join(CORPUS, 'bees')]})
    await rejects(write({dir: home}), 'USAGE')
    await rejects(rag.export({corpus: 'c', dir: out()}, {signal: AbortSignal.abort()}), 'INTERRUPTED')
    expect(readdirSync(out())).to.deep.equal([])
    await rejects(write({format: 'jsonl', compress: 'gzip'}), 'USAGE')
    await rejects(rag.export({corpus: 'nope', dir: out()}), 'CORPUS_MISSING')
  })
})
