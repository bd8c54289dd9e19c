import path from 'node:path'
import {writeFileSync} from 'node:fs'
import {canMakeModels, modelFolder} from '../../test/support/model-folder.js'
import {timed, type Bench, type Work} from './bench.js'
import {atLeast} from './figure.js'
import {SeededWords} from './seeded-files.js'

/** Of a loop without any of this program; which is best depends on the processor. */
const BATCH_SIZES = [1, 4, 8, 16, 32]

export const localModel: Work = {
  name: 'local-model',
  about:
    'texts through a model of the shape of MiniLM in this process, stored, beside a loop that only runs it',
  run: async (bench) => {
    if (!canMakeModels) throw new Error('there is no tool here to make a model by')
    const folder = modelFolder('minilm')
    const {jsonl, texts} = writeTexts(bench, bench.size(320, 48))
    const bare = await bareLoop(folder, texts)
    const rag = await bench.open({dataDir: bench.path('local-model-store'), cache: {off: true}})
    await rag.ingest({corpus: 'default', jsonl, textOnly: true, settings: {model: folder}})
    const {value: report, seconds} = await timed(() => rag.ingest({corpus: 'default', jsonl}))
    await rag.close()
    if (report.chunks.pending > 0) throw new Error(`${report.chunks.pending} chunks have no vector`)
    // Before and after: other work on the machine weighs on both.
    const again = await bareLoop(folder, texts)
    const best = again.seconds < bare.seconds ? again : bare
    const floor = {
      what: `transformers.js alone, batches of ${best.batch}`,
      value: texts.length / best.seconds,
      unit: 'texts/s',
    }
    const value = texts.length / seconds
    return [
      {what: `${texts.length} texts, loading the model included`, value, unit: 'texts/s', floor},
      {what: 'the same', value: best.seconds / seconds, unit: '× bare loop', ...atLeast(0.9), floor},
    ]
  },
}

function writeTexts(bench: Bench, count: number): {jsonl: string; texts: string[]} {
  const words = new SeededWords(11)
  // 20 to 100 words, as passages are.
  const texts = Array.from({length: count}, (_, i) =>
    Array.from({length: 1 + (i % 5)}, () => words.sentence()).join(' '),
  )
  const jsonl = bench.path('local-model.jsonl')
  writeFileSync(jsonl, texts.map((text, i) => `${JSON.stringify({doc_id: `t${i}`, text})}\n`).join(''))
  return {jsonl, texts}
}

/** Seconds by the best batch size, the model being loaded before. */
async function bareLoop(folder: string, texts: readonly string[]): Promise<{batch: number; seconds: number}> {
  const {pipeline, env} = await import('@xenova/transformers')
  env.allowRemoteModels = false
  env.localModelPath = `${path.dirname(folder)}/`
  const extract = await pipeline('feature-extraction', path.basename(folder), {dtype: 'fp32', device: 'cpu'})
  const sample = texts.slice(0, 64)
  const through = async (some: readonly string[], batch: number): Promise<number> => {
    const {seconds} = await timed(async () => {
      for (let at = 0; at < some.length; at += batch)
        await extract(some.slice(at, at + batch), {pooling: 'mean', normalize: true})
    })
    return seconds
  }
  let best = {batch: 1, seconds: Infinity}
  for (const batch of BATCH_SIZES) {
    const seconds = await through(sample, batch)
    if (seconds < best.seconds) best = {batch, seconds}
  }
  const seconds = await through(texts, best.batch)
  await extract.dispose()
  return {batch: best.batch, seconds}
}
