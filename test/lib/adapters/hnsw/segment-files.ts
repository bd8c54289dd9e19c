import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createSegmentBuilder} from '../../../../src/lib/adapters/hnsw/segment-builder.js'
import type {VectorBlock} from '../../../../src/lib/model/embedding.js'
import type {SegmentBuilder} from '../../../../src/lib/ports/vector-index.js'
import {copyOfBlock} from '../../../support/seeded-vectors.js'
import {sourceWorkerUrl} from '../../../support/worker-url.js'

export const workerUrl = (name: string): URL => sourceWorkerUrl(`../engine/workers/${name}.ts`)

/** A builder and a folder, for the tests of one file. Call `open` before and `close` after. */
export class SegmentBench {
  folder = ''
  builder: SegmentBuilder
  #counter = 0

  constructor(threads = 1) {
    this.builder = createSegmentBuilder({threads, workerUrl})
  }

  async open(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'rag-segment-'))
  }

  newPath(): string {
    return join(this.folder, `seg-${++this.#counter}.hnsw`)
  }

  /** Builds a segment of copies of the blocks; says where it is. */
  async build(blocks: readonly VectorBlock[], dimension: number, path = this.newPath()): Promise<string> {
    const capacity = blocks.reduce((sum, {seqs}) => sum + seqs.length, 0)
    const build = await this.builder.start({path, dimension, capacity})
    for (const block of blocks) await build.add(copyOfBlock(block))
    await build.finish()
    return path
  }

  async close(): Promise<void> {
    await this.builder.close()
    await rm(this.folder, {recursive: true, force: true})
  }
}
