import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import {openRag, type Rag} from '../../src/lib/index.js'
import {withDatabase} from '../support/corpus-snapshot.js'
import {vectorDocuments, writeJsonl} from '../support/jsonl-corpus.js'
import {filesBelow} from '../support/temp-home.js'

const CORPUS = 'default'
const DIMENSION = 4
const CHUNKS = 25
/** Documents, in blocks that are written, changed and removed together. */
const BLOCK = 16
const BLOCKS = 40
/** Vector, label, links of the lowest layer and their number, and the length of the upper ones. */
const VECTOR_BYTES = 4 * DIMENSION + 8 + 32 * 4 + 4 + 4
/** A sixteenth of the vectors is in an upper layer, each with 16 links. */
const UPPER_BYTES = (16 * 4 + 4) / 14
const HEADER_BYTES = 100
const RUNS = Number(process.env['RAG_COMPACT_RUNS'] ?? (process.env['RAG_KILL_ROUNDS'] ? 40 : 5))

const at = fc.nat(BLOCKS - 1)
const some = fc.integer({min: 1, max: 10})
const step = fc.oneof(
  {weight: 5, arbitrary: fc.record({kind: fc.constant('write' as const), at, some})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('remove' as const), at, some})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('purge' as const), at, some: fc.constant(1)})},
)

describe('the index files of a corpus', function () {
  this.timeout(120_000 + 20_000 * RUNS)
  let home: string
  before(() => {
    home = mkdtempSync(path.join(tmpdir(), 'rag-index-size-'))
  })
  after(() => rmSync(home, {recursive: true, force: true}))

  /** Blocks from a place on, wrapping round. */
  const blocks = (from: number, count: number): number[] =>
    Array.from({length: count}, (_, i) => (from + i) % BLOCKS)
  const prefix = (block: number): string => `b${block}`
  const idsOf = (block: number): string[] => Array.from({length: BLOCK}, (_, i) => `${prefix(block)}-${i}`)

  async function take(rag: Rag, {kind, at, some}: {kind: string; at: number; some: number}, turn: number) {
    const chosen = blocks(at, some)
    if (kind === 'write') {
      const documents = chosen.flatMap((block) =>
        vectorDocuments(BLOCK, {
          chunks: CHUNKS,
          dimension: DIMENSION,
          seed: turn * BLOCKS + block,
          prefix: prefix(block),
        }),
      )
      const jsonl = writeJsonl(path.join(home, 'step.jsonl'), documents)
      await rag.ingest({corpus: CORPUS, jsonl, settings: {model: 'external:test'}})
      return
    }
    const {documents} = await rag.listDocuments(CORPUS)
    const known = new Set(documents.map(({docId}) => docId))
    const ids = chosen.flatMap(idsOf).filter((id) => known.has(id))
    if (ids.length > 0) await rag.deleteDocuments(CORPUS, ids, {hard: kind === 'purge'})
  }

  /** Live vectors, and those that lie in no segment. */
  function vectorsOf(data: string): {live: number; tail: number} {
    return withDatabase(data, (db) => {
      const count = (where: string): number =>
        db
          .prepare(
            `SELECT count(*) FROM vectors v JOIN chunks c ON c.id = v.chunk_id AND c.deleted_at_ms IS NULL WHERE ${where}`,
          )
          .pluck()
          .get() as number
      const isCovered = 'EXISTS (SELECT 1 FROM segments s WHERE v.seq BETWEEN s.first_seq AND s.last_seq)'
      return {live: count('1'), tail: count(`NOT ${isCovered}`)}
    })
  }

  it('take at most 1.5 times what the live vectors need, and are few, after any history of writes', async () => {
    let run = 0
    let worst = 0
    let mostFiles = 0
    let steps = 0
    let withFiles = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, {minLength: 6, maxLength: 16}), async (history) => {
        const data = path.join(home, `run-${++run}`)
        const rag = await openRag({dataDir: data, maxWorkers: 2, cache: {off: true}})
        // Every history begins with something wasted, too little to be worth a merge.
        const all = [{kind: 'write', at: 0, some: 20}, {kind: 'remove', at: 3, some: 3}, ...history]
        for (const [turn, each] of all.entries()) {
          await take(rag, each, run * 100 + turn)
          steps++
          const {live, tail} = vectorsOf(data)
          const files = filesBelow(path.join(data, 'indexes'))
          const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
          const needed = live * (VECTOR_BYTES + UPPER_BYTES) + files.length * HEADER_BYTES
          const told = `${JSON.stringify(all.slice(0, turn + 1))}: ${files.length} files of ${bytes} bytes for ${live} vectors`
          expect(bytes, told).to.be.at.most(1.5 * needed)
          expect(files.length, told).to.be.at.most(24)
          expect(tail, told).to.be.at.most(6 * 2048)
          if (files.length > 0) withFiles++
          if (live > 0) worst = Math.max(worst, bytes / needed)
          mostFiles = Math.max(mostFiles, files.length)
        }
        const report = await rag.verify({sample: 0.02})
        await rag.close()
        expect(report.findings.filter(({severity}) => severity !== 'info')).to.deep.equal([])
        rmSync(data, {recursive: true, force: true})
      }),
      {numRuns: RUNS},
    )
    console.log(
      `      ${steps} steps, at most ${mostFiles} files, of at most ${worst.toFixed(2)} times what was needed`,
    )
    expect(withFiles).to.be.greaterThan(steps / 2)
    // Else nothing was wasted, and nothing is tested.
    expect(worst).to.be.greaterThan(1.1)
  })
})
