import {RagError} from './rag-error.js'

/** Embedding: the services that are asked, and what fits a corpus. */

interface NamedCorpus {
  readonly name: string
}

interface ModelIdentity {
  readonly model: string
  readonly dimension: number
  readonly fingerprint: string
}

export const modelChanged = (corpus: NamedCorpus, version: ModelIdentity, found: ModelIdentity): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    `The vectors of corpus "${corpus.name}" were made by ${version.model} (${version.dimension} dimensions, ${version.fingerprint.slice(0, 12)}); what is found under that name now is ${found.model} (${found.dimension} dimensions, ${found.fingerprint.slice(0, 12)}). No vector was stored.`,
    {
      hint: `Bring the model back, or embed anew by the present one, beside the live vectors: rag rebuild --reembed --corpus ${corpus.name}`,
    },
  )

export const learnedModelMissing = (corpus: NamedCorpus, file: string): RagError =>
  new RagError(
    'MODEL_DAMAGED',
    `The model file ${file} of corpus "${corpus.name}" is missing or has another size than was recorded.`,
    {hint: 'Mend it with: rag verify --repair'},
  )

export const cannotEmbedQueries = (corpus: NamedCorpus, model: string): RagError =>
  new RagError(
    'NO_VECTORS',
    `The vectors of corpus "${corpus.name}" come from the model "${model}", which can't embed queries here.`,
    {hint: 'Search with --mode keyword.'},
  )

/** A model's name, and the ways of use that are not its defaults in words. */
export interface ModelUse {
  readonly model: string
  readonly ways: string
}

export const corpusModelFixed = (name: string, own: ModelUse, asked: ModelUse): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    own.model === asked.model
      ? `Corpus "${name}" is embedded by ${own.model} used in another way (${own.ways}, not ${asked.ways}). Nothing was changed.`
      : `Corpus "${name}" is embedded by ${own.model}, not by ${asked.model}. Nothing was changed.`,
    {
      hint: `Leave it out, use another corpus, or embed anew: rag rebuild --reembed --model ${asked.model} --corpus ${name}`,
    },
  )

export const vectorsOfOtherModel = (
  corpus: NamedCorpus,
  model: string,
  found: string | undefined,
): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    found === undefined
      ? `The document brings vectors of its own, but corpus "${corpus.name}" is embedded by ${model}; vectors of two models can't be compared.`
      : `The vectors were made by ${found}, but corpus "${corpus.name}" is embedded by ${model}; vectors of two models can't be compared.`,
    {
      hint: 'Use a corpus of its own (--corpus NAME --model external:MODEL), or have them made anew by the model of this one: rag replay --reembed',
    },
  )

export const vectorsOfOtherDimension = (corpus: NamedCorpus, expected: number, found: number): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `The embedding has ${found} dimensions, corpus "${corpus.name}" has ${expected}.`,
  )

export const tooFewVectors = (version: {readonly model: string}, asked: number, got: number): RagError =>
  new RagError('INTERNAL', `The embedder ${version.model} gave ${got} vectors for ${asked} texts.`)

export const noVectorsYet = (corpus: NamedCorpus): RagError =>
  new RagError('NO_VECTORS', `Corpus "${corpus.name}" has no vectors yet.`, {
    hint: `Make them with: rag ingest --dir FOLDER --corpus ${corpus.name}   (or search with --mode keyword)`,
  })

/** Vectors that came with the documents can't be made here. */
export const cannotReembed = (corpus: NamedCorpus, model: string): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    `The vectors of corpus "${corpus.name}" come with its documents (${model}); rag can't make them. Nothing was changed.`,
    {
      hint: `Ingest the documents again with their vectors, or embed by another model: rag rebuild --reembed --model lsa --corpus ${corpus.name}`,
    },
  )

export const modelNeedsVectors = (corpus: NamedCorpus, model: string): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    `Vectors of ${model} must come with the documents; they can't be made from the texts of corpus "${corpus.name}". Nothing was changed.`,
    {
      hint: `Ingest documents that bring them into a corpus of its own: rag ingest --jsonl FILE --corpus NEW --model ${model}`,
    },
  )

export const dummiesDoNotFit = (corpus: NamedCorpus, expected: number, asked: number): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `--dummy-fill ${asked} does not fit corpus "${corpus.name}", whose vectors have ${expected} dimensions. The records are stored, and found by keyword.`,
    {hint: `Use --dummy-fill ${expected}.`},
  )

/** The error that ended the embedding, with what is safe and what is still to do. */
export function embeddingUnfinished(
  {code, message, hint}: RagError,
  {chunks, pending}: {readonly chunks: number; readonly pending: number},
): RagError {
  const safe = `All text is stored and found by keyword; ${pending} of ${chunks} chunks have no vector yet.`
  return new RagError(code, `${message} ${safe}`, {
    hint: hint ?? 'Run the same command again: it goes on where it stopped.',
  })
}

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

/** Vectors that are none, or do not go together. */

export const badVector = (why: string): RagError =>
  new RagError('BAD_VECTOR', `The embedding is not usable: ${why}.`)

const numbersOfBlock = (vectors: number, numbers: number, dimension: number): string =>
  `A block of ${vectors} embeddings holds ${numbers} numbers instead of ${vectors} × ${dimension}.`

export const blockMismatch = (vectors: number, numbers: number, dimension: number): RagError =>
  new RagError('DIMENSION_MISMATCH', numbersOfBlock(vectors, numbers, dimension))

export const queryDimensionMismatch = (found: number, stored: number): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `The query's embedding has ${found} dimensions where the stored ones have ${stored}.`,
  )
