import {mkdirSync, renameSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {encode} from '@msgpack/msgpack'

/** Writes a batch as another program would. */
export function writeBatchFile(file: string, records: unknown, more: object = {}): string {
  mkdirSync(path.dirname(file), {recursive: true})
  // In one step: who watches the folder must not find half of it.
  const part = path.join(path.dirname(file), `.${path.basename(file)}.part`)
  writeFileSync(
    part,
    encode({version: 1, source: 'tests', batch_tag: 'tag', created_at: 1_772_359_200, records, ...more}),
  )
  renameSync(part, file)
  return file
}

const TOPICS = [
  'bees swarm in may',
  'reef the mainsail early',
  'knead the dough well',
  'granite is an old rock',
]

export interface BatchRecordSketch {
  readonly text: string
  readonly embedding?: number[]
  readonly metadata: Record<string, unknown>
}

/** Records with texts of their own and, with a dimension, vectors that tell them apart. */
export function sketchRecords(from: number, to: number, dimension?: number): BatchRecordSketch[] {
  return Array.from({length: to - from}, (_, i) => {
    const n = from + i
    return {
      text: `${TOPICS[n % 4]!}, says record number ${n}`,
      metadata: {n, topic: n % 4},
      ...(dimension === undefined
        ? {}
        : {embedding: Array.from({length: dimension}, (_one, k) => Math.sin(n * 12.9898 + k * 78.233))}),
    }
  })
}
