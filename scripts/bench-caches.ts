/**
 * How quick the caches are: vectors a second through the cached embedder, and the time of a search and an answer that are cached.
 *
 * Usage: npx tsx scripts/bench-caches.ts [--json]
 */
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {SqliteCache} from '../src/lib/adapters/sqlite/cache/sqlite-cache.js'
import {systemClock} from '../src/lib/adapters/system/clock.js'
import {systemDigest} from '../src/lib/adapters/system/digest.js'
import {cachedEmbedder} from '../src/lib/embedding/cached-embedder.js'
import {openRag} from '../src/lib/index.js'
import type {Embedder} from '../src/lib/ports/embedder.js'

const DIMENSION = 384
const TEXTS = 20_000
const BATCH = 256
const folder = mkdtempSync(path.join(tmpdir(), 'rag-bench-caches-'))
const GB = 1024 ** 3
const rows: {work: string; measured: string; bar: string}[] = []

const embedder: Embedder = {
  identity: {provider: 'bench', model: 'bench', dimension: DIMENSION, fingerprint: 'bench'},
  limits: {batch: BATCH, concurrency: 1},
  defaultWeight: 0.5,
  embed: (inputs) => Promise.resolve(inputs.map(({text}) => new Float32Array(DIMENSION).fill(text.length))),
  close: () => Promise.resolve(),
}

try {
  const silent = {debug: () => undefined, info: () => undefined, warn: () => undefined}
  const cache = new SqliteCache({
    path: path.join(folder, 'cache.db'),
    clock: systemClock,
    logger: silent,
    limits: {embeddings: GB, retrieval: GB, answers: GB},
  })
  const cached = cachedEmbedder(embedder, {cache, digest: systemDigest})
  const texts = Array.from({length: TEXTS}, (_, i) => ({
    text: `passage number ${i}, ${'some words of it '.repeat(20)}`,
  }))
  const through = async (): Promise<number> => {
    const startedAt = performance.now()
    for (let at = 0; at < TEXTS; at += BATCH)
      await cached.embed(texts.slice(at, at + BATCH), {kind: 'passage'})
    return TEXTS / ((performance.now() - startedAt) / 1000)
  }
  const filled = await through()
  const hit = await through()
  rows.push({work: 'vectors kept, 384 dimensions', measured: `${filled.toFixed(0)}/s`, bar: ''})
  rows.push({work: 'vectors found in the cache', measured: `${hit.toFixed(0)}/s`, bar: '≥ 50,000/s'})
  await cache.close()

  const rag = await openRag({dataDir: path.join(folder, 'store')})
  await rag.ingest({corpus: 'default', dirs: ['examples/corpus']})
  const median = async (work: () => Promise<unknown>): Promise<string> => {
    await work()
    const took: number[] = []
    for (let i = 0; i < 200; i++) {
      const startedAt = performance.now()
      await work()
      took.push(performance.now() - startedAt)
    }
    return `${took.sort((a, b) => a - b)[100]!.toFixed(2)} ms`
  }
  rows.push({
    work: 'cached search',
    measured: await median(() => rag.search('default', {query: 'parental leave'})),
    bar: '≤ 1 ms',
  })
  rows.push({
    work: 'cached answer',
    measured: await median(() => rag.ask('default', {query: 'how many weeks of parental leave do I get?'})),
    bar: '≤ 1 ms',
  })
  await rag.close()
} finally {
  rmSync(folder, {recursive: true, force: true})
}
if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2))
else for (const {work, measured, bar} of rows) console.log(`${work.padEnd(32)}${measured.padEnd(14)}${bar}`)
