import {RagError, shorten} from '../rag-error.js'

/** What a store refuses to take: faults of this program, and vectors that don't fit. */

const internal = (message: string): RagError => new RagError('INTERNAL', message)

export const noEmbeddingVersion = (versionId: number): RagError =>
  internal(`There is no embedding version ${versionId}.`)

export const segmentsOverlap = (one: string, other: string): RagError =>
  internal(`Segments ${one} and ${other} overlap.`)

export const segmentCountWrong = (file: string, count: number, stored: number): RagError =>
  internal(`Segment ${file} holds ${count} vectors of the ${stored} that are stored.`)

export const liveVersionDropped = (versionId: number): RagError =>
  internal(`Embedding version ${versionId} is live and can't be dropped.`)

export const versionIncomplete = (versionId: number, pending: number): RagError =>
  internal(`Embedding version ${versionId} lacks ${pending} vectors and can't go live.`)

export const numbersUsedUp = (): RagError =>
  internal('This store has numbered 2^32 vectors; move the documents to a new store.')

export const keywordsIncomplete = (made: number | undefined, live: number | undefined): RagError =>
  internal(`The new keyword index has ${String(made)} entries for ${String(live)} chunks.`)

export const badArtifactName = (name: string): RagError =>
  internal(`"${shorten(name)}" is not a name for a file of the store.`)

/** `what` names whose vectors they are, to begin a sentence. */
export const otherDimensionThanStored = (expected: number, found: number, what: string): RagError =>
  new RagError(
    'DIMENSION_MISMATCH',
    `${what} has ${found} dimensions, the corpus has ${expected}. Nothing was changed.`,
    {hint: 'A corpus holds one dimension; use another corpus for vectors of another model.'},
  )

export const noVersionForVectors = (docId: string): RagError =>
  new RagError(
    'NO_VECTORS',
    `Document "${docId}" brings vectors, but the corpus has no embedding version to hold them.`,
  )
