import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {openRag, type Rag} from '../../src/lib/index.js'
import {stampRows} from '../support/change-store.js'
import {inspectStore, withDatabase} from '../support/corpus-snapshot.js'
import {vectorDocuments, writeJsonl} from '../support/jsonl-corpus.js'

describe('a flipped bit of a stored vector', function () {
  this.timeout(60_000)
  let home: string
  let data: string
  let rag: Rag
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'rag-flipped-'))
    data = path.join(home, 'data')
    rag = await openRag({dataDir: data, maxWorkers: 2, cache: {off: true}})
    const jsonl = writeJsonl(path.join(home, 'v.jsonl'), vectorDocuments(50, {chunks: 50, dimension: 16}))
    await rag.ingest({corpus: 'c', jsonl, settings: {model: 'external:test'}})
  })
  afterEach(async () => {
    await rag.close()
    rmSync(home, {recursive: true, force: true})
  })

  const rows = (): unknown[] =>
    withDatabase(data, (db) => db.prepare('SELECT seq, hex(vector) FROM vectors ORDER BY seq').raw().all())
  /** The highest bit of the mantissa, or the sign, of a number. */
  const flip = (seq: number, at: number, byte: number, bit: number): void =>
    withDatabase(data, (db) => {
      const vector = db.prepare('SELECT vector FROM vectors WHERE seq = ?').pluck().get(seq) as Buffer
      vector[4 * at + byte]! ^= bit
      db.prepare('UPDATE vectors SET vector = ? WHERE seq = ?').run(vector, seq)
    })

  it('is named as such, not laid on the index, and set right to the bit; nothing is embedded', async () => {
    const before = rows()
    const segments = await rag.showCorpus('c')
    expect(segments.segments).to.be.greaterThan(0)
    flip(7, 3, 3, 0x80)
    flip(1200, 11, 2, 0x40)
    const found = await rag.verify({sample: 1})
    expect(found.ok).to.equal(false)
    expect(found.findings.map(({code, where}) => [code, where])).to.deep.equal([
      ['ROW_DAMAGED', 'rag.db vectors'],
    ])
    expect(found.findings[0]!.message).to.match(/2 rows.*\b7\b.*\b1200\b/)
    const {repaired} = await rag.verify({sample: 1, repair: true})
    expect(repaired.join()).to.contain('2 rows had one flipped bit, which was set right')
    expect(rows()).to.deep.equal(before)
    expect((await rag.verify({sample: 1})).findings).to.deep.equal([])
    expect(inspectStore(data).faults).to.deep.equal([])
  })

  it('of before its checksum was made is named by the index, and set right from it', async () => {
    const before = rows()
    flip(7, 3, 3, 0x80)
    flip(1200, 11, 2, 0x40)
    withDatabase(data, stampRows)
    const found = await rag.verify({sample: 1})
    expect(found.findings.map(({code, where}) => [code, where])).to.have.deep.members([
      ['VECTOR_DAMAGED', 'vector 7'],
      ['VECTOR_DAMAGED', 'vector 1200'],
    ])
    const {repaired} = await rag.verify({sample: 1, repair: true})
    expect(repaired.join()).to.contain('2 flipped bits of stored vectors were set right')
    expect(rows()).to.deep.equal(before)
    expect((await rag.verify({sample: 1})).findings).to.deep.equal([])
  })
})
