import {createHash} from 'node:crypto'
import {inputText, type ModelSpec} from '../../src/lib/model/embedding.js'
import type {Embedder} from '../../src/lib/ports/embedder.js'
import type {EmbedderProvider} from '../../src/lib/ports/embedder-provider.js'

/** Serves models named `hashed:NAME`: vectors as good as random, equal for equal texts, of 16 numbers. */
export class HashProvider implements EmbedderProvider {
  readonly provider = 'hashed'

  serves(model: string): boolean {
    return model.startsWith('hashed:')
  }

  async open({model}: ModelSpec): Promise<Embedder> {
    return {
      identity: {provider: this.provider, model, dimension: 16, fingerprint: `hashed;${model}`},
      limits: {batch: 64, concurrency: 1},
      defaultWeight: 0.5,
      embed: async (inputs) => inputs.map((input) => hashedVector(`${model} ${inputText(input)}`)),
      close: () => Promise.resolve(),
    }
  }
}

function hashedVector(text: string): Float32Array {
  const bytes = createHash('sha512').update(text).digest()
  return Float32Array.from({length: 16}, (_, i) => bytes.readInt32LE(i * 4) / 2 ** 31)
}
