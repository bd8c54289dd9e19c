import {inputText, type EmbedInput, type EmbedderIdentity, type ModelSpec} from '../../model/embedding.js'
import {
  embedderBadAnswer,
  embedderChanged,
  embedderRefused,
  embedderUnreachable,
} from '../../model/errors/model/embedding-service.js'
import type {RagError} from '../../model/errors/rag-error.js'
import {waysOf, type ModelFamily} from '../../model/model-family.js'
import type {Embedder} from '../../ports/embedder.js'
import {vectorsIn} from './embedding-answer.js'
import {HttpFailure} from './http-failure.js'
import type {JsonClient} from './json-client.js'
import type {EmbeddingService} from './services.js'

/** Weight of the vector side that suits neural models in hybrid search. */
const WEIGHT = 0.5
const BATCH = 64
const CONCURRENCY = 4
/** Characters; a shorter text is not refused for its length. */
const SHORTEST = 200

/** An embedder that asks a service. Learns how many texts it takes at once. */
export class HttpEmbedder implements Embedder {
  readonly limits = {batch: BATCH, concurrency: CONCURRENCY}
  readonly defaultWeight = WEIGHT
  readonly identity: EmbedderIdentity
  readonly #asker: Asker

  private constructor(identity: EmbedderIdentity, asker: Asker) {
    this.identity = identity
    this.#asker = asker
  }

  /** Without `known`, one text is embedded to learn how long the vectors are. */
  static async open(
    {
      client,
      service,
      spec,
    }: {readonly client: JsonClient; readonly service: EmbeddingService; readonly spec: ModelSpec},
    {
      known,
      signal,
    }: {readonly known?: EmbedderIdentity | undefined; readonly signal?: AbortSignal | undefined},
  ): Promise<HttpEmbedder> {
    const ways = waysOf(spec)
    const asker = new Asker(client, service)
    const dimension = known?.dimension ?? (await asker.ask(['dimension'], signal))[0]!.length
    const fingerprint = [
      service.provider,
      service.model,
      dimension,
      ways.queryPrefix,
      ways.passagePrefix,
    ].join(';')
    const identity = {provider: service.provider, model: spec.model, dimension, fingerprint}
    return new HttpEmbedder(identity, asker.with(ways))
  }

  async embed(
    inputs: readonly EmbedInput[],
    {kind, signal}: {readonly kind: 'query' | 'passage'; readonly signal?: AbortSignal | undefined},
  ): Promise<readonly (Float32Array | undefined)[]> {
    const texts = inputs.map((input) => inputText(input))
    const asked = [...texts.keys()].filter((i) => texts[i]!.trim() !== '')
    const vectors = await this.#asker.embed(
      asked.map((i) => texts[i]!),
      kind,
      signal,
    )
    const [first] = vectors
    if (first && first.length !== this.identity.dimension) throw this.#otherDimension(first.length)
    const byText = new Map(asked.map((i, n) => [i, vectors[n]!]))
    return inputs.map((_, i) => nonZero(byText.get(i)))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #otherDimension(found: number): RagError {
    const {model, dimension} = this.identity
    return embedderChanged(model, found, dimension)
  }
}

/** Vectors of zeros have no direction: the model has nothing to say. */
function nonZero(vector: Float32Array | undefined): Float32Array | undefined {
  return vector?.some((value) => value !== 0) ? vector : undefined
}

/** Whether a refusal is about how long the text is, as far as that is said. */
const isOfLength = ({status, message}: HttpFailure): boolean =>
  status === 413 || /token|length|too long|too large|context|maximum/i.test(message)

/**
 * The beginning of a text that is longer than the model takes: as local models do, which cut what is over their limit.
 * Nothing for a text that any model takes.
 */
function shortened(text: string): string | undefined {
  if (text.length < SHORTEST) return undefined
  const cut = Math.floor(text.length * 0.7)
  return text.slice(0, cut).replace(/[\uD800-\uDBFF]$/, '')
}

class Asker {
  readonly #client: JsonClient
  readonly #service: EmbeddingService
  readonly #ways: ModelFamily | undefined
  #body = 0
  #most = Infinity
  #shortened = 0

  constructor(client: JsonClient, service: EmbeddingService, ways?: ModelFamily) {
    this.#client = client
    this.#service = service
    this.#ways = ways
  }

  with(ways: ModelFamily): Asker {
    const asker = new Asker(this.#client, this.#service, ways)
    asker.#body = this.#body
    return asker
  }

  async embed(
    texts: readonly string[],
    kind: 'query' | 'passage',
    signal: AbortSignal | undefined,
  ): Promise<readonly Float32Array[]> {
    const prefix = (kind === 'query' ? this.#ways?.queryPrefix : this.#ways?.passagePrefix) ?? ''
    return this.ask(
      texts.map((text) => prefix + text),
      signal,
    )
  }

  /** In pieces as large as the service takes. @throws RagError EMBEDDER_UNREACHABLE | EMBEDDER_REFUSED | EMBEDDER_BAD_ANSWER | INTERRUPTED */
  async ask(texts: readonly string[], signal: AbortSignal | undefined): Promise<readonly Float32Array[]> {
    const vectors: Float32Array[] = []
    while (vectors.length < texts.length)
      vectors.push(...(await this.#piece(texts.slice(vectors.length, vectors.length + this.#most), signal)))
    return vectors
  }

  async #piece(texts: readonly string[], signal: AbortSignal | undefined): Promise<readonly Float32Array[]> {
    try {
      return vectorsIn(await this.#post(texts, signal), texts.length)
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error
      if (error.kind !== 'too-much') throw this.#failure(error, texts)
      if (texts.length > 1) return this.#halves(texts, signal)
      const shorter = isOfLength(error) ? shortened(texts[0]!) : undefined
      if (shorter === undefined) throw this.#failure(error, texts)
      this.#shortened++
      return this.#piece([shorter], signal)
    }
  }

  /** Less is asked for from now on, unless it was one text alone that was too much. */
  async #halves(texts: readonly string[], signal: AbortSignal | undefined): Promise<readonly Float32Array[]> {
    const half = Math.ceil(texts.length / 2)
    const before = this.#shortened
    const left = await this.#piece(texts.slice(0, half), signal)
    const right = await this.#piece(texts.slice(half), signal)
    if (this.#shortened === before) this.#most = Math.min(this.#most, half)
    return [...left, ...right]
  }

  /** A service that does not understand one body may understand another. */
  async #post(texts: readonly string[], signal: AbortSignal | undefined): Promise<unknown> {
    const {url, key, bodies} = this.#service
    for (;;) {
      try {
        const body = bodies[this.#body]!(texts)
        return await this.#client.post({
          url,
          body,
          key,
          signal,
        })
      } catch (error) {
        const isOther = error instanceof HttpFailure && (error.status === 400 || error.status === 422)
        if (!isOther || texts.length > 1 || this.#body + 1 >= bodies.length) throw error
        this.#body++
      }
    }
  }

  #failure({kind, message}: HttpFailure, texts: readonly string[]): RagError {
    switch (kind) {
      case 'unreachable':
        return embedderUnreachable(this.#service, message)
      case 'bad-answer':
        return embedderBadAnswer(this.#service, message)
      case 'too-much':
      case 'refused':
        return embedderRefused(this.#service, texts[0]?.length ?? 0, message)
    }
  }
}
