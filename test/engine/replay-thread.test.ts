import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {gzipSync} from 'node:zlib'
import {encode} from '@msgpack/msgpack'
import {expect} from 'chai'
import {createAnalyser} from '../../src/lib/text/analysis/create-analyser.js'
import {createChunker} from '../../src/lib/text/chunking/create-chunker.js'
import {createBatchFiles} from '../../src/lib/adapters/files/batches/batch-files.js'
import {collectGarbage} from '../../src/lib/adapters/system/collect-garbage.js'
import {systemDigest} from '../../src/lib/adapters/system/digest.js'
import {freeMemory} from '../../src/lib/adapters/system/free-memory.js'
import {workerUrl} from '../../src/lib/engine/worker-url.js'
import {ContentHashes} from '../../src/lib/replay/reading/content-hashes.js'
import {replayFile, type ReplayedFile} from '../../src/lib/replay/replay-file.js'
import {replayReader, THREAD_FROM_BYTES} from '../../src/lib/replay/reading/batch-reader.js'
import {openRag, type ReplayReport} from '../../src/lib/index.js'
import {prepareReadyDocument} from '../../src/lib/documents/prepare-ready-document.js'
import type {CorpusSettings} from '../../src/lib/model/corpus.js'
import {RagError} from '../../src/lib/model/errors.js'
import type {DocumentPut} from '../../src/lib/model/batch.js'
import {sketchRecords} from '../support/batch-file.js'
import {snapshotCorpus} from '../support/corpus-snapshot.js'
import {FixedClock} from '../support/fixed-clock.js'

const DIMENSION = 64
const CHUNKER = {size: 400, overlap: 40}
const analyser = createAnalyser()
const SERVICES = {memory: {collect: collectGarbage, free: freeMemory}, workerUrl}

const bytesOf = (embedding: readonly number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(embedding).buffer)

/** Of every kind: vectors as bytes and as numbers, none, of zeros, of another size; twins; own hashes; faults; other scripts. */
function mixedRecords(from: number, to: number): object[] {
  return sketchRecords(from, to, DIMENSION).map((record, i) => {
    const {embedding = [], text, metadata} = record
    switch (i % 10) {
      case 1:
        return record
      case 2:
        return {text: `${text}\r\nund noch eine Zeile, die mit der ersten nichts zu tun hat`, metadata}
      case 3:
        return {...record, embedding: bytesOf(embedding.map(() => 0))}
      case 4:
        return {...record, embedding: bytesOf(embedding.slice(1))}
      case 5:
        return {...sketchRecords(from, from + 1, DIMENSION)[0]}
      case 6:
        return {metadata}
      case 7:
        return {...record, metadata: {...metadata, content_hash: `given-${i % 20}`, title: 'A title'}}
      case 8:
        return {...record, embedding: bytesOf(embedding), batch_tag: 'own', source: '東京の本.html', x: [1]}
      default:
        return {...record, embedding: bytesOf(embedding)}
    }
  })
}

describe('a thread that reads batches', function () {
  this.timeout(120_000)
  let home: string
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'rag-replay-thread-'))
  })
  afterEach(() => rmSync(home, {recursive: true, force: true}))

  interface Outcome {
    readonly report: ReplayedFile
    readonly documents: readonly DocumentPut[]
  }

  /** Loads one file into nowhere, by a reader. */
  async function load(
    file: string,
    reader: ReturnType<typeof replayReader>,
    strict = false,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    const documents: DocumentPut[] = []
    let chunks = 0
    const sink = {
      put: async (document: DocumentPut) => {
        documents.push(document)
        chunks += document.chunks.length
      },
      flush: async () => undefined,
      takeStored: () => chunks,
    }
    const prepareTools = {analyser, digest: systemDigest, chunker: createChunker(CHUNKER)}
    const tools = {
      files: createBatchFiles(),
      clock: new FixedClock(),
      store: {knownContent: async () => new Set<string>()},
      read: reader.read,
      foresee: reader.foresee,
      prepare: (input: Parameters<typeof prepareReadyDocument>[1]) =>
        prepareReadyDocument(prepareTools, input),
      acceptVectors: async (_: unknown, dimension: number) => {
        if (dimension !== DIMENSION) throw new RagError('DIMENSION_MISMATCH', `It has ${dimension} numbers.`)
      },
    }
    const opened = await tools.files.open(file)
    try {
      const set = {
        target: {corpusId: 1, sink, pipeline: 'replay'},
        rules: {reembed: false, skipExisting: false, strict},
        seen: new ContentHashes(systemDigest),
      }
      return {report: await replayFile(tools, opened, set, signal ? {signal} : {}), documents}
    } finally {
      await opened.close()
    }
  }

  const readers = (isWanted = true): Record<'here' | 'there', ReturnType<typeof replayReader>> => {
    const options = {
      settings: {chunkSize: CHUNKER.size, chunkOverlap: CHUNKER.overlap} as CorpusSettings,
      isWanted,
      threadFromBytes: 0,
    }
    const services = {digest: systemDigest, analyser, ...SERVICES}
    return {
      here: replayReader({...services, threads: 1}, options),
      there: replayReader({...services, threads: 2}, options),
    }
  }

  it('gives the same documents, counts and faults as without it, of a batch cut off at any byte', async () => {
    const {here, there} = readers()
    const header = {version: 1, source: 's', batch_tag: 't', created_at: 1_772_359_200}
    const [first, , plain, , wide] = mixedRecords(0, 5)
    const small = Buffer.concat([
      encode({...header, records: [first, {no: 'text'}, plain, first]}),
      encode({records: [wide, {text: 'x', metadata: {}}], model: 'm'}),
      encode({text: 'alone', metadata: {}}),
    ])
    const every = Buffer.concat([
      encode({...header, records: mixedRecords(0, 300)}),
      encode({records: mixedRecords(300, 600), model: 'm'}),
      encode(mixedRecords(600, 900)),
    ])
    const file = path.join(home, 'a.msgpack')
    const kinds = new Set<string>()
    try {
      for (let length = 0; length <= small.length; length++) {
        writeFileSync(file, small.subarray(0, length))
        const expected = await load(file, here)
        const found = await load(file, there)
        expect(found, `cut off after ${length} bytes`).to.deep.equal(expected)
        kinds.add(`${expected.documents.length} ${expected.report.error?.code ?? 'whole'}`)
      }
      expect(kinds.size).to.be.at.least(5)
      for (const strict of [false, true])
        for (const bytes of [every, gzipSync(every), gzipSync(every).subarray(0, 900), Buffer.of(0xc1)]) {
          writeFileSync(file, bytes)
          expect(await load(file, there, strict)).to.deep.equal(await load(file, here, strict))
        }
    } finally {
      await there.close()
    }
    console.log(`      ${small.length + 1} lengths, ${kinds.size} outcomes`)
  })

  it('gives the same when nothing is prepared ahead', async () => {
    const {here, there} = readers(false)
    there.foresee(false)
    const keepAsIs = {...there, foresee: () => undefined}
    const file = path.join(home, 'a.msgpack')
    writeFileSync(file, encode({records: mixedRecords(0, 700), model: 'm'}))
    try {
      expect(await load(file, keepAsIs)).to.deep.equal(await load(file, here))
    } finally {
      await there.close()
    }
  })

  it('that is stopped before it has read all says that of the file', async () => {
    const file = path.join(home, 'a.msgpack')
    writeFileSync(file, encode({records: mixedRecords(0, 20_000), model: 'm'}))
    const {there} = readers()
    try {
      // The first while the thread starts, the others while it reads.
      for (const afterMs of [1, 20, 40, 80, 160]) {
        const {report} = await load(file, there, false, AbortSignal.timeout(afterMs))
        if (report.records < 20_000) expect(report.whole, `after ${afterMs} ms`).to.equal(false)
        if (afterMs === 1) expect(report.records).to.be.lessThan(20_000)
      }
      const ended = {...there, read: async function* () {}}
      expect((await load(file, ended, false, AbortSignal.abort())).report.whole).to.equal(false)
    } finally {
      await there.close()
    }
  })

  it('with another analysis is refused before a term of it gets into a corpus', async () => {
    const options = {settings: {chunkSize: 400, chunkOverlap: 40} as CorpusSettings, isWanted: true}
    const other = {...createAnalyser(), fingerprint: 'other'}
    const services = {digest: systemDigest, analyser: other, threads: 2, ...SERVICES}
    const there = replayReader(services, {...options, threadFromBytes: 0})
    const file = path.join(home, 'a.msgpack')
    writeFileSync(file, encode({records: mixedRecords(0, 2)}))
    const error = await load(file, there).catch((thrown: unknown) => thrown)
    await there.close()
    expect(error)
      .to.include({code: 'INTERNAL'})
      .with.property('message')
      .that.matches(/not by "other"/)
  })

  it('makes the same store and report, first and again', async () => {
    const file = path.join(home, 'a.msgpack')
    const bytes = encode({source: 's', model: 'm', records: mixedRecords(0, 20_000)})
    expect(bytes.length).to.be.greaterThan(THREAD_FROM_BYTES)
    const outcomes: unknown[] = []
    for (const maxWorkers of [1, 2]) {
      const dataDir = path.join(home, `data-${maxWorkers}`)
      const rag = await openRag({dataDir, maxWorkers, clock: new FixedClock()})
      const replay = async (more: object = {}): Promise<object> => {
        const {
          seconds: _s,
          recordsPerSecond: _r,
          checkpoints: _c,
          ...report
        }: ReplayReport = await rag.replay({
          corpus: 'c',
          files: [file],
          ...more,
        })
        return report
      }
      try {
        writeFileSync(file, bytes.subarray(0, bytes.length - 100_000))
        const reports = [await replay({dryRun: true}), await replay()]
        writeFileSync(file, bytes)
        reports.push(await replay({skipExisting: true}), await replay(), await replay({skipExisting: true}))
        const {documents, chunks, vectors} = snapshotCorpus(dataDir, 'c')
        outcomes.push({reports, documents, chunks, vectors})
      } finally {
        await rag.close()
      }
    }
    expect(outcomes[1]).to.deep.equal(outcomes[0])
    expect(readFileSync(file).length).to.equal(bytes.length)
  })
})
