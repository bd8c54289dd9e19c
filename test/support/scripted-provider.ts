import {createHash} from 'node:crypto'
import {inputText, type EmbedInput, type ModelSpec} from '../../src/lib/model/embedding.js'
import {RagError, type ErrorCode} from '../../src/lib/model/errors.js'
import type {Embedder} from '../../src/lib/ports/embedder.js'
import type {EmbedderProvider} from '../../src/lib/ports/embedder-provider.js'

/** Serves models named `scripted:NAME`; what they do may be changed while they are in use. */
export class ScriptedProvider implements EmbedderProvider {
  readonly provider = 'scripted'
  dimension = 8
  /** Another one makes other vectors under the same name. */
  revision = 'r1'
  /** So many texts are embedded before the service is down. */
  textsLeft = Infinity
  /** What it fails by when it is down. */
  failure: ErrorCode = 'EMBEDDER_UNREACHABLE'
  /** Texts of passages that were asked for, in order. */
  readonly asked: string[] = []
  opened = 0
  /** Runs before passages are embedded by a model. */
  before: (model: string) => Promise<unknown> = () => Promise.resolve()

  serves(model: string): boolean {
    return model.startsWith('scripted:')
  }

  async open(spec: ModelSpec): Promise<Embedder> {
    if (this.textsLeft <= 0) throw down(this.failure)
    this.opened++
    const {model} = spec
    const {dimension, revision} = this
    const fingerprint = `scripted;${model};${revision};${dimension};${spec.dtype ?? ''}`
    return {
      identity: {provider: this.provider, model, dimension, fingerprint},
      limits: {batch: 4, concurrency: 2},
      defaultWeight: 0.5,
      embed: async (inputs, {kind}) => {
        if (kind === 'passage') await this.before(model)
        if (this.textsLeft < inputs.length) throw down(this.failure)
        this.textsLeft -= inputs.length
        if (kind === 'passage') this.asked.push(...inputs.map((input) => input.text))
        return inputs.map((input) => vectorOf(`${model}${revision}`, input, dimension))
      },
      close: () => Promise.resolve(),
    }
  }
}

const down = (code: ErrorCode): RagError => new RagError(code, 'The service is down.')

/** Words of a text, each at a place that its hash gives: equal texts are equal vectors, texts that share words are near. */
function vectorOf(salt: string, input: EmbedInput, dimension: number): Float32Array {
  const vector = new Float32Array(dimension).fill(0.01)
  for (const word of inputText(input)
    .toLowerCase()
    .match(/[a-z]{3,}/g) ?? []) {
    const hash = createHash('sha256').update(`${salt} ${word}`).digest()
    vector[hash[0]! % dimension]! += 1
  }
  return vector
}
