import type {Corpus} from '../model/corpus.js'
import {RagError} from '../model/errors.js'
import type {Lease} from '../ports/lease.js'
import type {Store} from '../ports/store.js'

/** The name of a model of which nothing is known but its vectors. */
const UNNAMED = 'external:unnamed'

/**
 * Decides whether vectors that come with a document may enter the corpus, and makes its embedding version for the first.
 * Vectors of different models never meet.
 */
export function acceptVectors(
  store: Store,
  corpus: Corpus,
  {lease, modelGiven}: {readonly lease: Lease; readonly modelGiven: boolean},
): (dimension: number) => Promise<void> {
  let accepted: number | undefined
  return async (dimension) => {
    if (accepted === dimension) return
    const live = (await store.listEmbeddingVersions(corpus.id)).find((version) => version.state === 'live')
    if (live) {
      if (live.provider !== 'external') throw otherModel(corpus, live.model)
      if (live.dimension !== dimension) throw otherDimension(corpus, live.dimension, dimension)
    } else {
      const model = await externalModel(store, corpus, {lease, modelGiven})
      const name = model.slice('external:'.length)
      const version = await store.addEmbeddingVersion(
        corpus.id,
        {provider: 'external', model: name, dimension, fingerprint: `external;${name};${dimension}`},
        lease,
      )
      await store.setLiveVersion(version.id, lease, {allowPending: true})
    }
    accepted = dimension
  }
}

/** A corpus that is still empty and for which no model was asked takes the one that comes. */
async function externalModel(
  store: Store,
  corpus: Corpus,
  {lease, modelGiven}: {readonly lease: Lease; readonly modelGiven: boolean},
): Promise<string> {
  const {model} = corpus.settings
  if (model.startsWith('external:')) return model
  const {documents} = await store.countCorpus(corpus.id)
  if (modelGiven || documents > 0) throw otherModel(corpus, model)
  await store.updateSettings(corpus.id, {...corpus.settings, model: UNNAMED}, lease)
  return UNNAMED
}

const otherModel = (corpus: Corpus, model: string): RagError =>
  new RagError(
    'MODEL_MISMATCH',
    `The document brings vectors of its own, but corpus "${corpus.name}" is embedded by ${model}; vectors of two models can't be compared.`,
    {hint: 'Ingest it into a corpus of its own: --corpus NAME --model external:MODEL'},
  )

const otherDimension = (corpus: Corpus, expected: number, found: number): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `The embedding has ${found} dimensions, corpus "${corpus.name}" has ${expected}.`,
  )
