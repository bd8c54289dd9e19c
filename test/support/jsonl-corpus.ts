import {writeFileSync} from 'node:fs'
import {SeededVectors} from './seeded-vectors.js'

/** One document of a JSON Lines file: chunks that bring their vectors. */
export interface VectorDocument {
  readonly id: string
  readonly vectors: readonly Float32Array[]
}

/** Documents of some chunks each, with vectors as an embedder would make them. */
export function vectorDocuments(
  count: number,
  shape: {
    readonly chunks: number
    readonly dimension: number
    readonly seed?: number
    readonly prefix?: string
  },
): VectorDocument[] {
  const vectors = new SeededVectors(shape.dimension, shape.seed ?? 1)
  return Array.from({length: count}, (_, i) => ({
    id: `${shape.prefix ?? 'doc'}-${i}`,
    vectors: Array.from({length: shape.chunks}, () => vectors.next()),
  }))
}

export function writeJsonl(path: string, documents: readonly VectorDocument[]): string {
  const lines = documents.map(({id, vectors}) =>
    JSON.stringify({
      doc_id: id,
      text: `${id} stands for ${vectors.length} vectors`,
      chunks: vectors.map((vector, i) => ({text: `${id} part ${i}`, embedding: [...vector]})),
    }),
  )
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}
