import type {EmbedderIdentity, EmbedInput} from '../model/embedding.js'
import type {Analyser} from '../ports/analyser.js'
import type {Embedder} from '../ports/embedder.js'
import {logFrequency, passageCounts, queryCounts, withLanguages} from './count-terms.js'
import {Folding} from './fold-in.js'
import {throwIfAborted} from './lanes.js'
import type {ModelReader} from './model-reader.js'

/** Weight of the vector side that suited eleven judged collections. */
export const LSA_WEIGHT = 0.3

/** An embedder that reads from the file what each text needs, and nothing else. Owns the reader. */
export function queryEmbedder(reader: ModelReader, identity: EmbedderIdentity, analyser: Analyser): Embedder {
  const embedOne = async (
    input: EmbedInput,
    kind: 'query' | 'passage',
  ): Promise<Float32Array | undefined> => {
    const counts = kind === 'query' ? queryCounts(analyser, input) : passageCounts(analyser, input)
    const folding = new Folding(reader.header.dimension)
    for (const [term, count] of counts) {
      const row = await reader.row(term)
      if (row !== undefined) folding.add(logFrequency(count), row, 0)
    }
    return folding.finish()
  }
  return {
    identity,
    limits: {batch: 16, concurrency: 4},
    defaultWeight: LSA_WEIGHT,
    embed: async (inputs, {kind, signal}) => {
      const vectors: (Float32Array | undefined)[] = []
      for (const input of await withLanguages(analyser, inputs)) {
        throwIfAborted(signal)
        vectors.push(await embedOne(input, kind))
      }
      return vectors
    },
    close: () => reader.close(),
  }
}
