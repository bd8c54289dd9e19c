import {RagError} from '../rag-error.js'
import {usage} from '../usage.js'

/** What model a corpus is embedded by, and what does not fit it. */

interface NamedCorpus {
  readonly name: string
}

interface ModelIdentity {
  readonly model: string
  readonly dimension: number
  readonly fingerprint: string
}

export const modelUnknown = (model: string): RagError =>
  new RagError('MODEL_UNKNOWN', `The model "${model}" is not known. Nothing was changed.`, {
    hint: 'Use lsa (built in, learned from the corpus); a folder, NAME or OWNER/NAME; openai:NAME, ollama:NAME, tei:URL or http://… for a service; external:NAME for documents that bring their vectors.',
  })

export const modelChanged = (corpus: NamedCorpus, version: ModelIdentity, found: ModelIdentity): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    `The vectors of corpus "${corpus.name}" were made by ${version.model} (${version.dimension} dimensions, ${version.fingerprint.slice(0, 12)}); what is found under that name now is ${found.model} (${found.dimension} dimensions, ${found.fingerprint.slice(0, 12)}). No vector was stored.`,
    {
      hint: `Bring the model back, or embed anew by the present one, beside the live vectors: rag rebuild --reembed --corpus ${corpus.name}`,
    },
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

export const noModelName = (corpus: string): RagError =>
  usage(
    `The batch brings vectors and does not say of which model; corpus "${corpus}" has none yet. No vector was stored.`,
    'Name it once: rag replay … --model NAME   (external:NAME when it can not be run here)',
  )
