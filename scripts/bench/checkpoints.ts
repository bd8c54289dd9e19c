import {rmSync, statSync} from 'node:fs'
import path from 'node:path'
import {vectorDocuments, writeJsonl} from '../../test/support/jsonl-corpus.js'
import {filesBelow} from '../../test/support/temp-home.js'
import {quantile, type Bench, type Work} from './bench.js'
import {atMost} from './figure.js'

const CHUNKS = 10
const DIMENSION = 64

interface Ingested {
  readonly seconds: number
  readonly textSeconds: number
  readonly slowestStep: number
  /** Of all threads. */
  readonly cpuSeconds: number
  readonly files: number
  readonly bytes: number
}

export const checkpoints: Work = {
  name: 'checkpoints',
  about: '100,000 vectors in calls of 1,000 each beside one call, on the same cores',
  run: async (bench) => {
    const [vectors, step] = [bench.size(100_000, 12_000), 1000]
    const documents = vectorDocuments(vectors / CHUNKS, {chunks: CHUNKS, dimension: DIMENSION})
    const each = step / CHUNKS
    const steps = Array.from({length: Math.ceil(documents.length / each)}, (_, i) =>
      writeJsonl(bench.path(`step-${i}.jsonl`), documents.slice(i * each, (i + 1) * each)),
    )
    const whole = writeJsonl(bench.path('whole.jsonl'), documents)
    const ratios: number[] = []
    const runs: {one: Ingested; many: Ingested}[] = []
    for (let round = 0; round < bench.size(3, 1); round++) {
      const one = await ingestAll(bench, [whole])
      const many = await ingestAll(bench, steps)
      runs.push({one, many})
      ratios.push(many.seconds / one.seconds)
    }
    const {one, many} = runs[0]!
    const floor = {what: 'one call', value: quantile(runs.map((it) => it.one.seconds)), unit: 's'}
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
    return [
      {
        what: `${vectors} vectors in ${steps.length} calls, mean of ${ratios.length}`,
        value: mean,
        unit: '× one call',
        ...atMost(1.3),
        floor,
      },
      {what: 'the same', value: quantile(runs.map((it) => it.many.seconds)), unit: 's', floor},
      {
        what: 'the same, time of processors (what a busy machine does not change)',
        value: quantile(runs.map((it) => it.many.cpuSeconds / it.one.cpuSeconds)),
        unit: '× one call',
      },
      {
        what: 'text part of it',
        value: many.textSeconds,
        unit: 's',
        floor: {...floor, value: one.textSeconds},
      },
      {what: 'slowest call', value: many.slowestStep, unit: 's'},
      {
        what: 'index files in the end',
        value: many.files,
        unit: 'files',
        floor: {what: 'one call', value: one.files, unit: 'files'},
      },
      {
        what: 'size of the index',
        value: many.bytes / one.bytes,
        unit: '× one call',
        ...atMost(1.5),
        floor: {what: 'one call', value: one.bytes / 1e6, unit: 'MB'},
      },
    ]
  },
}

let runs = 0

async function ingestAll(bench: Bench, files: readonly string[]): Promise<Ingested> {
  const dataDir = bench.path(`checkpoints-${runs++}`)
  const rag = await bench.open({dataDir})
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  let textSeconds = 0
  let slowestStep = 0
  for (const jsonl of files) {
    const report = await rag.ingest({corpus: 'default', jsonl, settings: {model: 'external:bench'}})
    textSeconds += report.textSeconds
    slowestStep = Math.max(slowestStep, report.seconds)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const {user, system} = process.cpuUsage(cpu)
  await rag.close()
  const index = filesBelow(path.join(dataDir, 'indexes'))
  const bytes = index.reduce((sum, file) => sum + statSync(file).size, 0)
  rmSync(dataDir, {recursive: true, force: true})
  return {seconds, textSeconds, slowestStep, cpuSeconds: (user + system) / 1e6, files: index.length, bytes}
}
