import type {EmbeddingVersion} from '../model/embedding.js'
import type {Remains} from '../ports/store/purge-log.js'
import type {Digest} from '../ports/surroundings.js'
import {embeddingKey} from './cached-embedder.js'

/** Names under which vectors of the stored chunks of a document may be cached, by the models of these versions that are served. */
export function cachedKeysOf(
  digest: Digest,
  versions: readonly EmbeddingVersion[],
  {title, chunks}: Pick<Remains, 'title' | 'chunks'>,
): readonly string[] {
  const served = versions.filter(({modelFile}) => modelFile === undefined)
  return chunks.flatMap(({text, heading}) =>
    served.flatMap(({fingerprint}) =>
      (['passage', 'query'] as const).map((kind) =>
        embeddingKey(digest, {fingerprint, kind}, {text, title, heading}),
      ),
    ),
  )
}
