import {availableParallelism} from 'node:os'
import {basename, dirname} from 'node:path'
import type {PreTrainedModel, PreTrainedTokenizer, Tensor as TensorOf} from '@xenova/transformers'
import {batchesByLength} from './batches-by-length.js'
import {poolTokens} from './pool-tokens.js'

/** How a model is loaded and used. */
export interface EncoderSpec {
  readonly path: string
  readonly dtype: string
  /** Files of weights beside the network's own. */
  readonly dataFiles: number
  readonly pooling: 'mean' | 'cls'
  readonly normalize: boolean
  readonly maxTokens: number
  readonly dimension: number
  /** Threads that compute one batch. */
  readonly threads: number
}

/** What the runtime refuses to run, in words. */
export class NotAnEncoder extends Error {}

interface Tokens {
  readonly input_ids: readonly number[]
  readonly token_type_ids?: readonly number[]
}

/** Turns texts into vectors by a model in this thread. Made in a worker: it keeps the thread busy. */
export class Encoder {
  readonly #spec: EncoderSpec
  readonly #tokenizer: PreTrainedTokenizer
  readonly #model: PreTrainedModel
  readonly #tensor: typeof TensorOf

  private constructor(
    spec: EncoderSpec,
    parts: {tokenizer: PreTrainedTokenizer; model: PreTrainedModel; tensor: typeof TensorOf},
  ) {
    this.#spec = spec
    this.#tokenizer = parts.tokenizer
    this.#model = parts.model
    this.#tensor = parts.tensor
  }

  /** Reads the model from its folder alone: nothing is ever fetched. */
  static async load(spec: EncoderSpec): Promise<Encoder> {
    const {AutoModel, AutoTokenizer, Tensor, env} = await import('@xenova/transformers')
    env.allowRemoteModels = false
    env.localModelPath = `${dirname(spec.path)}/`
    env.useFSCache = false
    const name = basename(spec.path)
    const tokenizer = await AutoTokenizer.from_pretrained(name, {local_files_only: true})
    const model = await AutoModel.from_pretrained(name, {
      local_files_only: true,
      device: 'cpu',
      dtype: spec.dtype as 'fp32',
      ...(spec.dataFiles > 0 ? {use_external_data_format: spec.dataFiles} : {}),
      session_options: {
        intraOpNumThreads: Math.min(spec.threads, availableParallelism()),
        interOpNumThreads: 1,
        // Errors alone: warnings about the graph are for its maker.
        logSeverityLevel: 3,
      },
    })
    return new Encoder(spec, {tokenizer, model, tensor: Tensor})
  }

  /** One vector a text, one after the other in a single array. The same text gives the same vector to 1e-5, whatever stands beside it. */
  async encode(texts: readonly string[]): Promise<Float32Array> {
    const {dimension} = this.#spec
    const tokens = texts.map((text) => this.#tokenize(text))
    const vectors = new Float32Array(texts.length * dimension)
    for (const batch of batchesByLength(tokens.map(({input_ids}) => input_ids.length))) {
      const made = await this.#run(batch.map((i) => tokens[i]!))
      for (const [n, i] of batch.entries())
        vectors.set(made.subarray(n * dimension, (n + 1) * dimension), i * dimension)
    }
    return vectors
  }

  async close(): Promise<void> {
    await this.#model.dispose()
  }

  #tokenize(text: string): Tokens {
    return this.#tokenizer(text, {
      truncation: true,
      max_length: this.#spec.maxTokens,
      return_tensor: false,
    }) as Tokens
  }

  /** One call of the network: rows filled up to the longest, which the mask makes good again. */
  async #run(rows: readonly Tokens[]): Promise<Float32Array> {
    const width = Math.max(...rows.map(({input_ids}) => input_ids.length))
    const padding = this.#tokenizer.pad_token_id ?? 0
    const mask = this.#filled(rows, width, {of: ({input_ids}) => input_ids.map(() => 1), padding: 0})
    const out = (await this.#model({
      input_ids: this.#filled(rows, width, {of: ({input_ids}) => input_ids, padding}),
      attention_mask: mask,
      ...(rows[0]?.token_type_ids
        ? {
            token_type_ids: this.#filled(rows, width, {
              of: ({token_type_ids}) => token_type_ids ?? [],
              padding: 0,
            }),
          }
        : {}),
    })) as Readonly<Record<string, TensorOf | undefined>>
    return this.#pooled(
      out,
      rows.map(({input_ids}) => input_ids.length),
    )
  }

  #filled(
    rows: readonly Tokens[],
    width: number,
    {of, padding}: {readonly of: (row: Tokens) => readonly number[]; readonly padding: number},
  ): TensorOf {
    const data = new BigInt64Array(rows.length * width).fill(BigInt(padding))
    for (const [r, row] of rows.entries())
      for (const [c, value] of of(row).entries()) data[r * width + c] = BigInt(value)
    return new this.#tensor('int64', data, [rows.length, width])
  }

  #pooled(out: Readonly<Record<string, TensorOf | undefined>>, lengths: readonly number[]): Float32Array {
    const {dimension, pooling, normalize} = this.#spec
    const whole = out['sentence_embedding']
    const each = out['last_hidden_state'] ?? out['token_embeddings']
    const found = whole ?? each
    if (!found)
      throw new NotAnEncoder(`it gives ${Object.keys(out).join(', ') || 'nothing'}, and no vectors of texts`)
    const {dims} = found
    if (dims.at(-1) !== dimension || dims.length !== (whole ? 2 : 3) || dims[0] !== lengths.length)
      throw new NotAnEncoder(
        `it gives numbers of the shape ${dims.join(' × ')} where vectors of ${dimension} were to be`,
      )
    const data = Float32Array.from(found.data as Float32Array)
    return poolTokens(data, {
      dimension,
      lengths,
      width: whole ? 1 : dims[1]!,
      pooling: whole ? 'cls' : pooling,
      normalize,
    })
  }
}
