import {Worker} from 'node:worker_threads'
import Database from 'better-sqlite3'

/** The graph is as large as ours: links of an element, and candidates looked at when one is linked. */
const SHAPE = {m: 16, efConstruction: 100}

/** Nothing but the library's own calls, in a thread of its own. */
const BUILD = `
const {parentPort, workerData} = require('node:worker_threads')
const {HierarchicalNSW} = require('hnswlib-node')
const {vectors, dimension, m, efConstruction} = workerData
const count = vectors.length / dimension
const index = new HierarchicalNSW('cosine', dimension)
parentPort.once('message', () => {
  index.initIndex(count, m, efConstruction, 100)
  for (let i = 0; i < count; i++)
    index.addPoint(Array.from(vectors.subarray(i * dimension, (i + 1) * dimension)), i)
  parentPort.postMessage('built')
  parentPort.close()
})
parentPort.postMessage('ready')
`

/** Seconds of a bare build of the vectors, in as many indexes of equal size as there are threads, all at once. */
export async function rawBuildSeconds(
  vectors: Float32Array,
  dimension: number,
  threads: number,
): Promise<number> {
  const count = vectors.length / dimension
  const each = Math.ceil(count / threads)
  const workers = Array.from({length: threads}, (_, i) => {
    const part = vectors.slice(i * each * dimension, (i + 1) * each * dimension)
    return new Worker(BUILD, {eval: true, workerData: {vectors: part, dimension, ...SHAPE}})
  })
  const message = (worker: Worker): Promise<unknown> =>
    new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  await Promise.all(workers.map(message))
  // Ended from outside in the middle of a native call, a thread takes the process with it: they end by themselves.
  const ended = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)))
  const startedAt = performance.now()
  const answers = workers.map(message)
  for (const worker of workers) worker.postMessage('go')
  await Promise.all(answers)
  const seconds = (performance.now() - startedAt) / 1000
  await Promise.all(ended)
  return seconds
}

/** The vectors that a store holds, one after another, of a range of seqs, and how long each of them is. */
export function storedVectors(
  dbPath: string,
  range: {readonly firstSeq: number; readonly lastSeq: number} = {firstSeq: 1, lastSeq: 2 ** 32},
): {readonly vectors: Float32Array; readonly dimension: number} {
  const db = new Database(dbPath, {readonly: true})
  try {
    const rows = db
      .prepare<[number, number], Buffer>(
        "SELECT vector FROM vectors WHERE kind = 'dense' AND seq BETWEEN ? AND ? ORDER BY seq",
      )
      .pluck()
      .all(range.firstSeq, range.lastSeq)
    const bytes = Buffer.concat(rows)
    return {
      vectors: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
      dimension: (rows[0]?.length ?? 0) / 4,
    }
  } finally {
    db.close()
  }
}
