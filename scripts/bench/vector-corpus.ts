import path from 'node:path'
import {createServices} from '../../src/lib/engine/create-services.js'
import {indexTail, measureTail} from '../../src/lib/indexing/index-tail.js'
import {SegmentWriter} from '../../src/lib/indexing/segment-writer.js'
import {corpusName} from '../../src/lib/model/names.js'
import type {Segment} from '../../src/lib/model/segment.js'
import {SeededVectors} from '../../test/support/seeded-vectors.js'
import {documentPut} from '../../test/support/store-fixtures.js'
import type {Bench} from './bench.js'

/** A store with one corpus, `bench`, whose vectors fill its segments. */
export interface VectorStore {
  readonly dataDir: string
  readonly dimension: number
  readonly vectors: number
  readonly segments: readonly Segment[]
  readonly segmentBytes: number
}

const COMMIT = 1000

/** Each segment is built as large as asked, so that they are as many as asked. */
export async function vectorStore(bench: Bench): Promise<VectorStore> {
  const dataDir = bench.path('vector-store')
  const dimension = bench.size(384, 128)
  const [segments, perSegment] = [bench.size(4, 2), bench.size(20_000, 3000)]
  const vectors = segments * perSegment
  const opened = createServices({dataDir})
  const {services} = opened
  try {
    const store = await services.store.write('create')
    const settings = {model: 'external:bench', chunkSize: 256, chunkOverlap: 32, dimension}
    // Made by the analyser in use: a repair must not find more to do than what is measured.
    const analyser = services.analyser.fingerprint
    const corpus = await store.createCorpus(corpusName('bench'), {...settings, analyser})
    const lease = await store.acquireLease(corpus.name, services.processes.self(), 'bench')
    const identity = {provider: 'external', model: 'bench', dimension, fingerprint: 'bench'}
    const version = await store.addEmbeddingVersion(corpus.id, identity, lease)
    await store.setLiveVersion(version.id, lease, {allowPending: true})
    const seeded = new SeededVectors(dimension)
    for (let at = 0; at < vectors; at += COMMIT) {
      const put = Array.from({length: COMMIT}, (_, i) =>
        documentPut({id: `doc-${at + i}`, texts: [`text of ${at + i}`], vectors: [seeded.next()]}),
      )
      await store.commit(corpus.id, {put, touch: [], remove: []}, lease)
    }
    const writer = new SegmentWriter(
      {log: store, files: services.indexFiles, builder: await services.index.builder()},
      {version, folder: 'bench/v1', expected: vectors, size: perSegment, lease},
    )
    await indexTail(store, await measureTail(store, version), {version, writer})
    await writer.finish()
    await store.releaseLease(lease)
    const built = await store.listSegments(version.id)
    return {
      dataDir,
      dimension,
      vectors,
      segments: built,
      segmentBytes: built.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0),
    }
  } finally {
    await opened.close()
  }
}

export const segmentPath = ({dataDir}: Pick<VectorStore, 'dataDir'>, file: string): string =>
  path.join(dataDir, 'indexes', file)
