import path from 'node:path'
import {SqliteCache} from '../../src/lib/adapters/sqlite/cache/sqlite-cache.js'
import {systemClock} from '../../src/lib/adapters/system/clock.js'
import {systemDigest} from '../../src/lib/adapters/system/digest.js'
import {cachedEmbedder} from '../../src/lib/embedding/cached-embedder.js'
import type {Embedder} from '../../src/lib/ports/embedder.js'
import {quantile, timed, type Bench, type Work} from './bench.js'
import {atLeast, atMost, type Figure} from './figure.js'

const DIMENSION = 384
const BATCH = 256
const GB = 1024 ** 3

export const caches: Work = {
  name: 'caches',
  about: 'vectors, searches and answers that are cached',
  run: async (bench) => [...(await embeddings(bench)), ...(await results(bench))],
}

async function embeddings(bench: Bench): Promise<Figure[]> {
  const texts = Array.from({length: bench.size(20_000, 4000)}, (_, i) => ({
    text: `passage number ${i}, ${'some words of it '.repeat(20)}`,
  }))
  const silent = {debug: () => undefined, info: () => undefined, warn: () => undefined}
  const cache = new SqliteCache({
    path: bench.path('cache.db'),
    clock: systemClock,
    logger: silent,
    limits: {embeddings: GB, retrieval: GB, answers: GB},
  })
  const cached = cachedEmbedder(INSTANT, {cache, digest: systemDigest})
  const through = async (): Promise<number> => {
    const {seconds} = await timed(async () => {
      for (let at = 0; at < texts.length; at += BATCH)
        await cached.embed(texts.slice(at, at + BATCH), {kind: 'passage'})
    })
    return texts.length / seconds
  }
  const kept = await through()
  const found = quantile([await through(), await through(), await through()])
  await cache.close()
  return [
    {what: `vectors found, ${DIMENSION} dimensions`, value: found, unit: 'vectors/s', ...atLeast(50_000)},
    {what: 'vectors kept', value: kept, unit: 'vectors/s'},
  ]
}

/** Takes no time, so that what is measured is the cache. */
const INSTANT: Embedder = {
  identity: {provider: 'bench', model: 'bench', dimension: DIMENSION, fingerprint: 'bench'},
  limits: {batch: BATCH, concurrency: 1},
  defaultWeight: 0.5,
  embed: (inputs) => Promise.resolve(inputs.map(({text}) => new Float32Array(DIMENSION).fill(text.length))),
  close: () => Promise.resolve(),
}

async function results(bench: Bench): Promise<Figure[]> {
  const rag = await bench.open({dataDir: bench.path('cache-store')})
  await rag.ingest({corpus: 'default', dirs: [path.resolve('examples/corpus')]})
  const median = async (work: () => Promise<unknown>): Promise<number> => {
    await work()
    const took: number[] = []
    for (let i = 0; i < 200; i++) took.push(1000 * (await timed(work)).seconds)
    return quantile(took)
  }
  const query = 'how many weeks of parental leave do I get?'
  const search = await median(() => rag.search('default', {query}))
  const answer = await median(() => rag.ask('default', {query}))
  await rag.close()
  return [
    {what: 'search', value: search, unit: 'ms', ...atMost(1), floor: {what: 'first of its kind: 1 ms'}},
    {what: 'answer', value: answer, unit: 'ms', ...atMost(1), floor: {what: 'first of its kind: 5 ms'}},
  ]
}
