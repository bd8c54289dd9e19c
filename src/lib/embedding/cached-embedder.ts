import {inputText, type EmbedInput} from '../model/embedding.js'
import {documentKey} from '../corpus/document-key.js'
import type {Embedder} from '../ports/embedder.js'
import type {CacheClaim, KeyValueCache} from '../ports/store/key-value-cache.js'
import type {Digest} from '../ports/surroundings.js'

export interface CachedBy {
  readonly cache: KeyValueCache
  readonly digest: Digest
  /** For whom the vectors are made; no part of the key. */
  readonly corpus?: string | undefined
}

/** An embedder that says how often it did not have to ask. */
export interface CachedEmbedder extends Embedder {
  readonly use: {hits: number; misses: number}
}

/**
 * The same embedder, asked only for texts whose vectors are not cached. A text is a key of its own, with what it is (query or passage) and
 * the fingerprint of all that makes the vector: a batch of which one text changed costs that text. A damaged value is a miss.
 */
export function cachedEmbedder(inner: Embedder, by: CachedBy): CachedEmbedder {
  const {identity, limits, defaultWeight} = inner
  const {fingerprint, dimension, model} = identity
  const use = {hits: 0, misses: 0}
  const {cache, digest, corpus} = by
  return {
    identity,
    limits,
    defaultWeight,
    use,
    embed: async (inputs, options) => {
      const keys = inputs.map((input) => embeddingKey(digest, {fingerprint, kind: options.kind}, input))
      const cached = await cache.getMany('embeddings', keys)
      const known = cached.map((bytes) => bytes && vectorOf(bytes, dimension, digest))
      const missing = [...inputs.keys()].filter((i) => !known[i])
      use.hits += inputs.length - missing.length
      use.misses += missing.length
      const documents = inputs.map((input) => documentsOf(input, options.kind, by))
      await cache.claim('embeddings', claimsOf(keys, known, documents))
      if (missing.length === 0) return known
      const made = await inner.embed(
        missing.map((i) => inputs[i]!),
        options,
      )
      await cache.putMany(
        'embeddings',
        missing.flatMap((i, n) => {
          const vector = made[n]
          const whose = {model, corpus, documents: documents[i]}
          return vector ? [{key: keys[i]!, value: bytesOf(vector, digest), ...whose}] : []
        }),
      )
      const fresh = new Map(missing.map((i, n) => [i, made[n]]))
      // Too few answers are told by whoever counts them.
      if (made.length !== missing.length) return made
      return inputs.map((_, i) => known[i] ?? fresh.get(i))
    },
    claim: (inputs) => {
      const keys = inputs.map((input) => embeddingKey(digest, {fingerprint, kind: 'passage'}, input))
      const documents = inputs.map((input) => documentsOf(input, 'passage', by))
      return cache.claim('embeddings', claimsOf(keys, keys, documents))
    },
    close: () => inner.close(),
  }
}

/** Keys of the documents that an input is of: none for a query, undefined where that isn't known. */
function documentsOf(
  {docId}: EmbedInput,
  kind: 'query' | 'passage',
  {digest, corpus}: CachedBy,
): readonly string[] | undefined {
  if (kind === 'query') return []
  return docId === undefined || corpus === undefined ? undefined : [documentKey(digest, corpus, docId)]
}

/** A vector that was there may have been made of another document of the same text. */
function claimsOf(
  keys: readonly string[],
  known: readonly unknown[],
  documents: readonly (readonly string[] | undefined)[],
): CacheClaim[] {
  return keys.flatMap((key, i) => (known[i] ? (documents[i] ?? []).map((document) => ({key, document})) : []))
}

export function embeddingKey(
  digest: Digest,
  {fingerprint, kind}: {readonly fingerprint: string; readonly kind: 'query' | 'passage'},
  input: EmbedInput,
): string {
  return digest.key(['embedding', fingerprint, kind, inputText(input)])
}

const CHECK_BYTES = 8

/** The vector as little-endian float32, and the first bytes of its SHA-256. */
function bytesOf(vector: Float32Array, digest: Digest): Uint8Array {
  const numbers = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
  return Buffer.concat([numbers, Buffer.from(checkOf(numbers, digest), 'hex')])
}

function vectorOf(bytes: Uint8Array, dimension: number, digest: Digest): Float32Array | undefined {
  const length = 4 * dimension
  if (bytes.length !== length + CHECK_BYTES) return undefined
  const check = Buffer.from(bytes.buffer, bytes.byteOffset + length, CHECK_BYTES).toString('hex')
  if (checkOf(bytes.subarray(0, length), digest) !== check) return undefined
  // A copy of its own: bytes may be a window on memory that others use.
  return new Float32Array(new Uint8Array(bytes.subarray(0, length)).buffer)
}

function checkOf(bytes: Uint8Array, digest: Digest): string {
  return digest.sha256(bytes).slice(0, 2 * CHECK_BYTES)
}
