import path from 'node:path'
import {createArtifactFiles} from '../../src/lib/adapters/files/artifacts/artifact-files.js'
import {createSegmentBuilder} from '../../src/lib/adapters/hnsw/segment-builder.js'
import {openSqliteStore} from '../../src/lib/adapters/sqlite/open-store.js'
import {systemClock} from '../../src/lib/adapters/system/clock.js'
import {systemProcesses} from '../../src/lib/adapters/system/process-table.js'
import {corpusName} from '../../src/lib/model/names.js'
import {workerUrl} from '../../src/lib/engine/worker-url.js'

/**
 * Builds and publishes a segment over all vectors of a corpus's live version, however few, as a checkpoint of an ingest would. An
 * older one is replaced. Says which file it is.
 */
export async function publishSegment(dataDir: string, corpus: string): Promise<string> {
  const processes = systemProcesses()
  const store = await openSqliteStore({
    path: path.join(dataDir, 'rag.db'),
    clock: systemClock,
    processes,
    access: 'write',
  })
  const files = createArtifactFiles({
    root: path.join(dataDir, 'indexes'),
    self: {pid: process.pid, host: 'here', isAlive: () => true},
  })
  const builder = createSegmentBuilder({threads: 1, workerUrl})
  const lease = await store.acquireLease(corpus, processes.self(), 'test')
  try {
    const {id} = (await store.getCorpus(corpusName(corpus)))!
    const version = (await store.listEmbeddingVersions(id)).find(({state}) => state === 'live')!
    const old = await store.listSegments(version.id)
    const everything = {from: 1, to: 2 ** 32 - 1}
    const {count, lastSeq} = await store.vectorSpan(version.id, everything)
    const name = `${corpus.replace('/', '~')}/v${version.number}/seg-1-${lastSeq}.hnsw`
    const staged = await files.stage(name)
    const build = await builder.start({path: staged, dimension: version.dimension, capacity: count})
    for await (const block of store.readVectors(version.id, everything, 1000)) await build.add(block)
    const built = await build.finish()
    const sealed = await files.seal(staged, name)
    await store.publishSegments(
      version.id,
      {
        add: [
          {
            ...sealed,
            versionId: version.id,
            firstSeq: 1,
            lastSeq,
            dimension: version.dimension,
            count: built.count,
          },
        ],
        drop: old.map((segment) => segment.id),
      },
      lease,
    )
    await files.vacuum(corpus.replace('/', '~'), new Set([sealed.file]))
    return sealed.file
  } finally {
    await store.releaseLease(lease)
    await builder.close()
    await store.close()
  }
}
