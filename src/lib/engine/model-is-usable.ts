import type {EmbeddingVersion} from '../model/embedding.js'
import {isAbout} from '../model/errors.js'
import type {Environment} from './environment.js'

/** Every byte is looked at: a damaged model found later would stop each ingest from then on. */
export async function isUsable(env: Environment, version: EmbeddingVersion): Promise<boolean> {
  const {modelFile} = version
  if (!modelFile || !(await env.modelFiles.check(modelFile)).ok) return false
  try {
    const lsa = await env.lsa()
    const embedder = await lsa.openForQueries(env.modelFiles.path(modelFile.file), version)
    await embedder.close()
    return true
  } catch (error) {
    if (isAbout(error, 'learned-model')) return false
    throw error
  }
}
