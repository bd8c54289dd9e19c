import type {EmbeddingVersion} from '../model/embedding.js'
import {isAbout} from '../model/errors.js'
import type {Services} from '../ports/services.js'

/** Every byte is looked at: a damaged model found later would stop each ingest from then on. */
export async function isUsable(
  services: Pick<Services, 'modelFiles' | 'models'>,
  version: EmbeddingVersion,
): Promise<boolean> {
  const {modelFile} = version
  if (!modelFile || !(await services.modelFiles.check(modelFile)).ok) return false
  try {
    const lsa = await services.models.learned()
    const embedder = await lsa.openForQueries(services.modelFiles.path(modelFile.file), version)
    await embedder.close()
    return true
  } catch (error) {
    if (isAbout(error, 'learned-model')) return false
    throw error
  }
}
