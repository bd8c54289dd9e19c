import {RagError} from '../rag-error.js'

/** Services that make vectors. */

/** The service of an embedder: `provider` is "openai", "ollama", … */
export interface EmbeddingService {
  readonly provider: string
  readonly model: string
}

const notHad = ({provider, model}: EmbeddingService, why: string): string =>
  `The embeddings of ${provider} model ${model} could not be had: ${why}.`

export const embedderUnreachable = (service: EmbeddingService, why: string): RagError =>
  new RagError('EMBEDDER_UNREACHABLE', notHad(service, why), {
    hint: 'Start the service, or wait for it, and run the same command again: it goes on where it stopped.',
  })

/** `why`: what the last try came to. */
export const queryVectorLate = (model: string, limitMs: number, why?: string): RagError =>
  new RagError(
    'EMBEDDER_UNREACHABLE',
    `The model ${model} did not give the vector of the query within ${limitMs / 1000} s${why === undefined ? '' : `: ${why}`}.`,
    {hint: 'Start the service, or wait longer for it: --embed-timeout SECONDS'},
  )

export const embedderBadAnswer = (service: EmbeddingService, why: string): RagError =>
  new RagError('EMBEDDER_BAD_ANSWER', notHad(service, why), {
    hint: 'See whether the address is that of an embedding service.',
  })

/** `length` is that of the text, in characters. */
export const embedderRefused = ({provider, model}: EmbeddingService, length: number, why: string): RagError =>
  new RagError(
    'EMBEDDER_REFUSED',
    `The service of ${provider} model ${model} refuses to embed a text of ${length} characters: ${why}.`,
    {
      hint:
        provider === 'openai'
          ? 'Is OPENAI_API_KEY set and right, and the name of the model?'
          : 'Is the name of the model right, and does the service take texts of this length? See --chunk-size.',
    },
  )

export const embedderChanged = (model: string, found: number, before: number): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    `${model} gives vectors of ${found} dimensions now, and gave ${before} before: it is another model. Nothing of its answer was stored.`,
    {hint: 'Bring the model back, or embed anew: rag rebuild --reembed'},
  )
