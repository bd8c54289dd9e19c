/**
 * How fast `rag verify` goes through index segments: builds some, then hashes, loads and verifies them.
 *
 * Usage: npx tsx scripts/bench-verify.ts [--segments 4] [--vectors 20000] [--dimension 384] [--json]
 */
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {parseArgs} from 'node:util'
import {createSegmentLoader} from '../src/lib/adapters/hnsw/segment-loader.js'
import {Environment} from '../src/lib/engine/environment.js'
import {openRag} from '../src/lib/index.js'
import {corpusName} from '../src/lib/model/names.js'
import type {Segment} from '../src/lib/model/segment.js'
import {SegmentWriter} from '../src/lib/indexing/segment-writer.js'
import {indexTail, measureTail} from '../src/lib/indexing/index-tail.js'
import {checkFiles} from '../src/lib/upkeep/check-files.js'
import {Survey} from '../src/lib/upkeep/survey.js'
import {TimeBudget} from '../src/lib/upkeep/time-budget.js'
import {SeededVectors} from '../test/support/seeded-vectors.js'
import {documentPut} from '../test/support/store-fixtures.js'

const {values} = parseArgs({
  options: {
    segments: {type: 'string', default: '4'},
    vectors: {type: 'string', default: '20000'},
    dimension: {type: 'string', default: '384'},
    json: {type: 'boolean', default: false},
  },
})
const [segments, perSegment, dimension] = [values.segments, values.vectors, values.dimension].map(Number) as [
  number,
  number,
  number,
]
const folder = mkdtempSync(path.join(tmpdir(), 'rag-bench-verify-'))
const rows: {work: string; seconds: number; cpuSeconds: number; megabytes: number}[] = []

async function timed(work: string, megabytes: number, act: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  await act()
  const {user, system} = process.cpuUsage(before)
  const seconds = (performance.now() - startedAt) / 1000
  // On a busy machine only the processor's own time says how much work it was.
  rows.push({work, seconds, cpuSeconds: (user + system) / 1e6, megabytes})
}

/** A corpus whose vectors fill the segments; each is built on its own, so that they are as many as asked. */
async function build(env: Environment): Promise<readonly Segment[]> {
  const store = await env.writer('create')
  const settings = {model: 'external:bench', chunkSize: 256, chunkOverlap: 32, dimension}
  const corpus = await store.createCorpus(corpusName('bench'), settings)
  const lease = await store.acquireLease(corpus.name, env.processes.self(), 'bench')
  const identity = {provider: 'external', model: 'bench', dimension, fingerprint: 'bench'}
  const version = await store.addEmbeddingVersion(corpus.id, identity, lease)
  await store.setLiveVersion(version.id, lease, {allowPending: true})
  const vectors = new SeededVectors(dimension)
  const all = segments * perSegment
  for (let at = 0; at < all; at += 1000) {
    const sketches = Array.from({length: 1000}, (_, i) => ({
      id: `doc-${at + i}`,
      texts: [`text of ${at + i}`],
      vectors: [vectors.next()],
    }))
    await store.commit(corpus.id, {put: sketches.map(documentPut), touch: [], remove: []}, lease)
  }
  const writer = new SegmentWriter(
    {log: store, files: env.indexFiles, builder: await env.segmentBuilder()},
    {version, folder: 'bench/v1', expected: all, lease},
  )
  await indexTail(store, await measureTail(store, version), {version, writer})
  await writer.finish()
  await store.releaseLease(lease)
  return store.listSegments(version.id)
}

try {
  const env = new Environment({dataDir: path.join(folder, 'data'), maxWorkers: segments})
  const built = await build(env)
  const megabytes = built.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0) / 1e6
  await timed('hash (SHA-256), one after another', megabytes, async () => {
    for (const segment of built) await env.indexFiles.check(segment)
  })
  const loader = createSegmentLoader()
  await timed('load, one after another', megabytes, async () => {
    for (const segment of built) (await loader.open(env.indexFiles.path(segment.file), segment)).close()
  })
  const store = await env.reader()
  const corpora = await store.listCorpora()
  const {indexFiles, modelFiles, clock} = env
  const tools = {
    store,
    indexFiles,
    modelFiles,
    clock,
    loader,
    folderOf: () => 'bench',
    model: () => env.lsa(),
  }
  await timed('hash and load, two side by side', megabytes, async () => {
    const queue = [...built]
    const lane = async (): Promise<void> => {
      for (let segment = queue.pop(); segment; segment = queue.pop()) {
        await env.indexFiles.check(segment)
        ;(await loader.open(env.indexFiles.path(segment.file), segment)).close()
      }
    }
    await Promise.all([lane(), lane()])
  })
  await timed('verify: segments (hash, load, labels, sample)', megabytes, async () => {
    const survey = new Survey(tools, new TimeBudget(clock, undefined))
    await checkFiles(survey, {corpora, sample: 0.01})
    if (survey.diagnoses.length > 0) throw new Error(JSON.stringify(survey.diagnoses))
  })
  await env.close()
  const rag = await openRag({dataDir: path.join(folder, 'data')})
  let looked = 0
  await timed('verify: everything (database, texts, vectors, segments)', 0, async () => {
    const report = await rag.verify()
    looked = report.checked.bytes / 1e6
    if (!report.ok) throw new Error(JSON.stringify(report.findings))
  })
  rows.at(-1)!.megabytes = looked
  await rag.close()
} finally {
  rmSync(folder, {recursive: true, force: true})
}
const table = rows.map(({work, seconds, cpuSeconds, megabytes}) => ({
  work,
  megabytes: Math.round(megabytes),
  seconds: Number(seconds.toFixed(2)),
  'MB/s': Math.round(megabytes / seconds),
  'MB per CPU second': Math.round(megabytes / cpuSeconds),
}))
if (values.json) process.stdout.write(`${JSON.stringify(table, null, 2)}\n`)
else console.table(table)
