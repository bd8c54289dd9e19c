import {rmSync} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import type {Segment} from '../../src/lib/model/segment.js'
import {quantile, timed, type Work} from './bench.js'
import {atMost} from './figure.js'
import {copyStore} from './file-corpus.js'
import {rawBuildSeconds, storedVectors} from './raw-hnsw.js'
import {segmentPath} from './vector-corpus.js'

export const repair: Work = {
  name: 'repair',
  about: 'one lost segment, built anew by rag verify --repair, beside a raw build of its vectors',
  run: async (bench) => {
    const built = await bench.vectors()
    const dataDir = copyStore(bench, built.dataDir, 'repair-store')
    const ratios: number[] = []
    const raws: number[] = []
    const wholes: number[] = []
    for (let round = 0; round < bench.size(3, 1); round++) {
      const {vectors} = storedVectors(path.join(dataDir, 'rag.db'), built.segments[0])
      const raw = await rawBuildSeconds(vectors, built.dimension, bench.threads)
      const rag = await bench.open({dataDir})
      const look = await timed(() => rag.verify())
      for (const file of filesWithin(dataDir, built.segments[0]!)) rmSync(segmentPath({dataDir}, file))
      const {value: report, seconds} = await timed(() => rag.verify({repair: true}))
      await rag.close()
      if (!report.ok || report.repaired.length === 0) throw new Error(JSON.stringify(report))
      raws.push(raw)
      wholes.push(seconds)
      // It looks at everything twice: before, to find what is to be mended, and after.
      ratios.push((seconds - 2 * look.seconds) / raw)
    }
    rmSync(dataDir, {recursive: true, force: true})
    const floor = {what: 'raw build of its vectors on all cores', value: quantile(raws), unit: 's'}
    return [
      {
        what: `a segment of ${built.segments[0]!.count} vectors, without the looks before and after`,
        value: quantile(ratios),
        unit: '× raw build',
        ...atMost(1.3),
        floor,
      },
      {what: 'rag verify --repair, altogether', value: quantile(wholes), unit: 's', floor},
    ]
  },
}

/** Files of the segments within the range of one: rebuilt, it may be several. */
function filesWithin(dataDir: string, {firstSeq, lastSeq}: Segment): string[] {
  const db = new Database(path.join(dataDir, 'rag.db'), {readonly: true})
  try {
    return db
      .prepare<[number, number], string>('SELECT file FROM segments WHERE first_seq >= ? AND last_seq <= ?')
      .pluck()
      .all(firstSeq, lastSeq)
  } finally {
    db.close()
  }
}
