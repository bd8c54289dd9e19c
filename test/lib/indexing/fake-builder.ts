import {writeFile} from 'node:fs/promises'
import type {VectorBlock} from '../../../src/lib/model/embedding.js'
import type {SegmentBuild, SegmentBuilder} from '../../../src/lib/ports/vector-index.js'

/** Bytes that the fake format uses for each vector besides its numbers: the seq. */
export const SEQ_BYTES = 4

export interface FakeBuilder extends SegmentBuilder {
  /** Vectors written in all. */
  readonly written: () => number
}

/** Writes seqs and vectors one after another: quick, and every byte accounted for. `write` may fail. */
export function createFakeBuilder(
  concurrency = 2,
  write: (path: string, bytes: Uint8Array) => Promise<void> = (path, bytes) => writeFile(path, bytes),
): FakeBuilder {
  let written = 0
  return {
    concurrency,
    written: () => written,
    start: async ({path}) => {
      const parts: Buffer[] = []
      let count = 0
      const build: SegmentBuild = {
        add: async ({seqs, vectors}: VectorBlock) => {
          parts.push(Buffer.from(seqs.slice().buffer), Buffer.from(vectors.slice().buffer))
          count += seqs.length
        },
        finish: async () => {
          await write(path, Buffer.concat(parts))
          written += count
          return {count}
        },
        abort: async () => undefined,
      }
      return build
    },
    close: async () => undefined,
  }
}
