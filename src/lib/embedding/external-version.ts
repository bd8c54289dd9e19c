import {modelOrigin, type NewEmbeddingVersion} from '../model/embedding.js'

/**
 * The version of vectors that were made elsewhere, or will be: of their model only the name is known, and how many numbers a vector has. Two
 * of them are the same when both are. A model that is served can be asked by that name later.
 */
export function externalVersion(model: string, dimension: number): NewEmbeddingVersion {
  const name = model.replace(/^external:/, '')
  return {
    provider: 'external',
    model: name,
    dimension,
    fingerprint: `external;${name};${dimension}`,
    ...(modelOrigin({model}) === 'served' ? {spec: {model}} : {}),
  }
}
