import {spawn, type ChildProcess} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {timed, type Bench, type Work} from './bench.js'
import {SeededWords} from './seeded-files.js'

const DIMENSION = 384
/** Requests under way at a time, as many as ours. */
const SIDE_BY_SIDE = 4
/** As long a service takes for a request, however many texts it brings. */
const SERVICE_MS = 20

/** Answers with vectors that were made before, after a fixed time. Runs by itself, so that it takes no time of who asks. */
const SERVICE = `
const {createServer} = require('node:http')
const vectors = Array.from({length: 64}, (_, row) =>
  JSON.stringify(Array.from({length: ${DIMENSION}}, (_, i) => Math.sin(row * 31 + i * 7) / 3)))
let turn = 0
const server = createServer((request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => setTimeout(() => {
    const {texts} = JSON.parse(Buffer.concat(parts).toString())
    response.setHeader('content-type', 'application/json')
    response.end('{"embeddings":[' + texts.map(() => vectors[turn++ % 64]).join(',') + ']}')
  }, ${SERVICE_MS}))
})
server.listen(0, '127.0.0.1', () => process.stdout.write(server.address().port + '\\n'))
`

export const embedding: Work = {
  name: 'embedding',
  about: 'texts through an embedding service, stored, beside a loop that only asks it',
  run: async (bench) => {
    const service = spawn(process.execPath, ['-e', SERVICE], {stdio: ['ignore', 'pipe', 'inherit']})
    try {
      const url = `http://127.0.0.1:${await portOf(service)}/model/embed`
      const count = bench.size(20_000, 1500)
      const {jsonl, texts} = writeTexts(bench, count)
      const rag = await bench.open({
        dataDir: bench.path('embedding-store'),
        embedding: {endpoint: url},
        cache: {off: true},
      })
      await rag.ingest({corpus: 'default', jsonl, textOnly: true, settings: {model: 'endpoint'}})
      const calls: number[] = []
      const {value: report, seconds} = await timed(() =>
        rag.ingest({corpus: 'default', jsonl}, {onEmbed: ({texts: asked}) => calls.push(asked)}),
      )
      await rag.close()
      if (report.chunks.pending > 0) throw new Error(`${report.chunks.pending} chunks have no vector`)
      const batch = Math.max(...calls)
      const bare = await bareLoop(url, texts, batch)
      const floor = {
        what: `bare loop, batches of ${batch}, ${SIDE_BY_SIDE} at a time`,
        value: count / bare,
        unit: 'texts/s',
      }
      return [
        {what: `${count} texts`, value: seconds / bare, unit: '× bare loop', floor},
        {what: 'the same, stored and indexed', value: count / seconds, unit: 'texts/s', floor},
      ]
    } finally {
      service.kill()
    }
  },
}

function portOf({stdout}: ChildProcess): Promise<number> {
  return new Promise((resolve) => stdout!.once('data', (line: Buffer) => resolve(Number(String(line)))))
}

function writeTexts(bench: Bench, count: number): {jsonl: string; texts: string[]} {
  const words = new SeededWords(11)
  const texts = Array.from({length: count}, () => `${words.sentence()} ${words.sentence()}`)
  const jsonl = bench.path('embedding.jsonl')
  const lines = texts.map((text, i) => JSON.stringify({doc_id: `t${i}`, text}))
  writeFileSync(jsonl, `${lines.join('\n')}\n`)
  return {jsonl, texts}
}

/** Seconds to ask for all vectors and have them as numbers. */
async function bareLoop(url: string, texts: readonly string[], batch: number): Promise<number> {
  let at = 0
  const lane = async (): Promise<void> => {
    while (at < texts.length) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({texts: texts.slice(at, (at += batch))}),
      })
      const {embeddings} = (await response.json()) as {embeddings: number[][]}
      for (const vector of embeddings) Float32Array.from(vector)
    }
  }
  const {seconds} = await timed(() => Promise.all(Array.from({length: SIDE_BY_SIDE}, lane)))
  return seconds
}
