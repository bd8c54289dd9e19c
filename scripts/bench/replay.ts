import {execFileSync} from 'node:child_process'
import {closeSync, openSync, rmSync, writeFileSync, writeSync} from 'node:fs'
import path from 'node:path'
import {encodeBatchHead, encodeRecord} from '../../src/lib/codec/write-batch.js'
import {seededNumbers, SeededText} from '../../test/support/seeded-text.js'
import type {Bench, Work} from './bench.js'
import {PEAK_KB} from './peak-memory.js'
import {atLeast, atMost, type Figure} from './figure.js'

interface RawReplay {
  readonly records: number
  readonly replay_per_second: number
  readonly raw_per_second: number
  readonly ratio: number
}

export const replay: Work = {
  name: 'replay',
  about: 'pre-embedded records of 384 dimensions, until durable and found; one batch of 1 GB',
  run: (bench) => Promise.resolve([...beside(bench), ...large(bench)]),
}

function beside(bench: Bench): Figure[] {
  // A process of its own: its peak memory is one of the figures.
  const script = path.join(import.meta.dirname, 'replay-raw.ts')
  const argv = [
    '--records',
    String(bench.size(100_000, 2000)),
    '--rounds',
    String(bench.size(2, 1)),
    '--json',
  ]
  const out = execFileSync(process.execPath, ['--import', 'tsx', script, ...argv], {encoding: 'utf8'})
  const it = JSON.parse(out) as RawReplay
  const floor = {what: 'raw inserts of the same rows', value: it.raw_per_second, unit: 'records/s'}
  return [
    {
      what: `${it.records} records`,
      value: it.replay_per_second,
      unit: 'records/s',
      ...atLeast(20_000),
      floor,
    },
    {what: 'the same', value: it.ratio, unit: '× raw inserts', ...atMost(2), floor},
  ]
}

const LARGE_DIMENSION = 1536

/** Run by a plain process, so that its peak memory is that of the program: tells records a second and the peak in MB. */
const REPLAY_LARGE = `${PEAK_KB}
const [dist, dataDir, batch] = process.argv.slice(2)
const {openRag} = await import(dist)
const rag = await openRag({dataDir})
const stop = new AbortController()
const startedAt = performance.now()
let seconds = 0
const report = await rag.replay({corpus: 'bench', globs: [batch]}, {
  signal: stop.signal,
  onProgress: ({phase, unit}) => {
    if (phase !== 'read' || unit !== 'files') return
    seconds = (performance.now() - startedAt) / 1000
    stop.abort()
  },
})
await rag.close()
console.log(JSON.stringify({inserted: report.inserted, seconds, peakMb: peakKb() / 1024}))
`

/** Many records with long vectors, written piece by piece. */
function large(bench: Bench): Figure[] {
  const megabytes = bench.size(1000, 20)
  const count = Math.round((megabytes * 1e6) / (4 * LARGE_DIMENSION + 200))
  const batch = bench.path('large.msgpack')
  const file = openSync(batch, 'w')
  const random = seededNumbers(9)
  const text = new SeededText(5, 2000)
  const head = {source: 'bench', batchTag: 'large', model: 'bench', embeddingDim: LARGE_DIMENSION}
  writeSync(file, encodeBatchHead(head, count))
  const embedding = new Float32Array(LARGE_DIMENSION)
  for (let i = 0; i < count; i++) {
    for (let at = i % 16; at < LARGE_DIMENSION; at += 16) embedding[at] = random() - 0.5
    writeSync(
      file,
      encodeRecord({text: `${text.document(i, 1, 20).trim()} Record ${i}.`, embedding, metadata: {n: i}}),
    )
  }
  closeSync(file)
  const dataDir = bench.path('large-store')
  const script = bench.path('replay-large.mjs')
  writeFileSync(script, REPLAY_LARGE)
  const argv = [script, path.resolve('dist/lib/index.js'), dataDir, batch]
  const out = execFileSync(process.execPath, argv, {encoding: 'utf8'})
  rmSync(dataDir, {recursive: true, force: true})
  rmSync(batch)
  const {inserted, seconds, peakMb} = JSON.parse(out) as {inserted: number; seconds: number; peakMb: number}
  if (inserted !== count) throw new Error(`${inserted} of ${count} records were stored`)
  const what = `a batch of ${megabytes} MB, ${count} records of ${LARGE_DIMENSION} dimensions`
  return [
    {what: `${what}, peak memory`, value: peakMb, unit: 'MB', ...atMost(300)},
    {what: 'the same', value: megabytes / seconds, unit: 'MB/s'},
  ]
}
