/**
 * What checkpoints cost: N vectors ingested in steps, each a call of its own, against the same vectors in one call, on the same cores.
 *
 * Usage: npx tsx scripts/bench-checkpoints.ts [--vectors 100000] [--step 1000] [--dimension 64] [--threads 2] [--json]
 */
import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {parseArgs} from 'node:util'
import type {RagOptions, Rag} from '../src/lib/index.js'
import {vectorDocuments, writeJsonl} from '../test/support/jsonl-corpus.js'
import {filesBelow} from '../test/support/temp-home.js'

const {values} = parseArgs({
  options: {
    vectors: {type: 'string', default: '100000'},
    step: {type: 'string', default: '1000'},
    dimension: {type: 'string', default: '64'},
    threads: {type: 'string', default: '2'},
    json: {type: 'boolean', default: false},
  },
})
const vectors = Number(values.vectors)
const step = Number(values.step)
const dimension = Number(values.dimension)
const maxWorkers = Number(values.threads)
const CHUNKS = 10

interface Figures {
  readonly seconds: number
  readonly textSeconds: number
  readonly slowestStepSeconds: number
  readonly files: number
  readonly bytes: number
  readonly cpuSeconds: number
}

const built = path.resolve('dist/lib/index.js')
const {openRag} = (await import(built)) as {openRag: (options: RagOptions) => Promise<Rag>}

async function ingestInSteps(folder: string, files: readonly string[]): Promise<Figures> {
  const dataDir = mkdtempSync(path.join(folder, 'data-'))
  const rag = await openRag({dataDir, maxWorkers})
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  let textSeconds = 0
  let slowestStepSeconds = 0
  for (const jsonl of files) {
    const report = await rag.ingest({corpus: 'default', jsonl, settings: {model: 'external:bench'}})
    textSeconds += report.textSeconds
    slowestStepSeconds = Math.max(slowestStepSeconds, report.seconds)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const used = process.cpuUsage(cpu)
  await rag.close()
  const index = filesBelow(path.join(dataDir, 'indexes'))
  const bytes = index.reduce((sum, file) => sum + statSync(file).size, 0)
  rmSync(dataDir, {recursive: true, force: true})
  return {
    seconds,
    textSeconds,
    slowestStepSeconds,
    files: index.length,
    bytes,
    cpuSeconds: (used.user + used.system) / 1e6,
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'rag-checkpoints-'))
try {
  const documents = vectorDocuments(vectors / CHUNKS, {chunks: CHUNKS, dimension})
  const each = step / CHUNKS
  const steps = Array.from({length: Math.ceil(documents.length / each)}, (_, i) =>
    writeJsonl(path.join(folder, `step-${i}.jsonl`), documents.slice(i * each, (i + 1) * each)),
  )
  const whole = writeJsonl(path.join(folder, 'whole.jsonl'), documents)
  const one = await ingestInSteps(folder, [whole])
  const many = await ingestInSteps(folder, steps)
  const ratio = many.seconds / one.seconds
  const indexing = (it: Figures): number => it.seconds - it.textSeconds
  const figures = {
    vectors,
    step,
    dimension,
    threads: maxWorkers,
    one,
    many,
    ratio,
    indexRatio: indexing(many) / indexing(one),
    cpuRatio: many.cpuSeconds / one.cpuSeconds,
  }
  if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
  else {
    const row = (name: string, it: Figures): string =>
      `${name.padEnd(12)} ${it.seconds.toFixed(1).padStart(7)} s, of which text ${it.textSeconds.toFixed(1)} s; cpu ${it.cpuSeconds.toFixed(1)} s; ` +
      `slowest call ${it.slowestStepSeconds.toFixed(2)} s; ${it.files} files, ${(it.bytes / 1e6).toFixed(1)} MB\n`
    process.stdout.write(
      `${vectors} vectors of ${dimension} dimensions, steps of ${step}, ${maxWorkers} threads\n` +
        row('one call', one) +
        row(`${steps.length} calls`, many) +
        `ratio ${ratio.toFixed(2)} (index part ${figures.indexRatio.toFixed(2)}, cpu ${figures.cpuRatio.toFixed(2)}); the bar is 1.3\n`,
    )
  }
} finally {
  rmSync(folder, {recursive: true, force: true})
}
