import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {createServices} from '../../src/lib/engine/create-services.js'
import {requireCorpus} from '../../src/lib/corpus/require-corpus.js'
import {quantile, timed, type Bench, type Work} from './bench.js'
import {atLeast, atMost, type Figure} from './figure.js'
import {runRag} from './processes.js'
import {rawBuildSeconds, storedVectors} from './raw-hnsw.js'

export const ingest: Work = {
  name: 'ingest',
  about: '20,000 small Markdown files: first, again, and with one changed',
  run: async (bench) => {
    const {docs, count, dataDir, textOnlyDir, text, whole} = await bench.files()
    const parts = {
      'text part': text.ms / 1000,
      'fit and fold-in': await modelSeconds(textOnlyDir, bench),
      'raw addPoint on all cores': await rawSeconds(dataDir, bench),
    }
    const [longest, seconds] = Object.entries(parts).sort((a, b) => b[1] - a[1])[0]!
    const rates: Figure[] = [
      {
        what: `${count} files, until found by keyword`,
        value: count / (text.ms / 1000),
        unit: 'files/s',
        ...atLeast(1500),
        floor: {what: 'peer: 940 files/s'},
      },
      {
        what: 'the same, peak memory',
        value: text.peakMb,
        unit: 'MB',
        ...atMost(300),
        floor: {what: 'peer: 820 MB'},
      },
      {
        what: 'everything (text, model, vectors, index)',
        value: whole.ms / 1000 / seconds,
        unit: '× its longest part',
        ...atMost(1.25),
        floor: {what: longest, value: seconds, unit: 's'},
      },
      {
        what: 'everything',
        value: whole.ms / 1000,
        unit: 's',
        floor: {
          what: Object.entries(parts)
            .map(([name, took]) => `${name} ${took.toFixed(1)} s`)
            .join(', '),
        },
      },
      {what: 'everything, peak memory', value: whole.peakMb, unit: 'MB'},
    ]
    return [...rates, ...again(docs, dataDir)]
  },
}

function again(docs: string, dataDir: string): Figure[] {
  const argv = ['ingest', '--dir', docs, '--json', '--quiet']
  const same = quantile(Array.from({length: 3}, () => runRag(argv, dataDir).ms))
  const file = path.join(docs, 'd0', 'f0.md')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n\nOne sentence more.\n`)
  const changed = runRag(argv, dataDir)
  const {chunks, cache} = JSON.parse(changed.stdout) as {
    chunks: {added: number}
    cache: {embed_misses: number}
  }
  return [
    {
      what: 'again, nothing changed',
      value: same / 1000,
      unit: 's',
      ...atMost(0.7),
      floor: {what: 'peer: 1.76 s'},
    },
    {what: 'one file changed', value: changed.ms / 1000, unit: 's', ...atMost(0.9)},
    {
      what: 'one file changed: texts embedded',
      value: cache.embed_misses,
      unit: 'chunks',
      ...atMost(chunks.added),
      floor: {what: 'chunks that changed', value: chunks.added},
    },
  ]
}

/** Learning the model and making all vectors with it, of the texts that are there; nothing is stored. */
async function modelSeconds(dataDir: string, bench: Bench): Promise<number> {
  const opened = createServices({dataDir, maxWorkers: bench.threads})
  const {services} = opened
  try {
    const store = await services.store.read()
    const corpus = await requireCorpus(store, 'default')
    const model = await services.models.learned()
    const file = bench.path('bench.lsa')
    const {seconds} = await timed(async () => {
      const inputs = store.sampleInputs(corpus.id, model.sampleSize)
      const {dimension} = await model.fit(inputs, {dimension: corpus.settings.dimension ?? 256, path: file})
      const identity = {provider: model.provider, model: model.provider, dimension, fingerprint: 'bench'}
      const embedder = await model.openForPassages(file, identity)
      let afterId = 0
      const running = new Set<Promise<unknown>>()
      for (;;) {
        const page = await store.pendingChunks(corpus.id, undefined, {afterId, limit: embedder.limits.batch})
        if (page.length === 0) break
        afterId = page.at(-1)!.chunkId
        while (running.size > embedder.limits.concurrency) await Promise.race(running)
        const work = embedder
          .embed(
            page.map(({input}) => input),
            {kind: 'passage'},
          )
          .finally(() => running.delete(work))
        running.add(work)
      }
      await Promise.all(running)
      await embedder.close()
    })
    return seconds
  } finally {
    await opened.close()
  }
}

function rawSeconds(dataDir: string, bench: Bench): Promise<number> {
  const {vectors, dimension} = storedVectors(path.join(dataDir, 'rag.db'))
  return rawBuildSeconds(vectors, dimension, bench.threads)
}
