import type {EmbeddingVersion} from '../../model/embedding.js'
import {isAbout, RagError, reasonOf} from '../../model/errors.js'
import type {Diagnosis} from './diagnosis.js'
import {fileUnreadable, modelDamaged} from './findings.js'
import type {InspectionTools} from './inspection.js'

/** Checks a learned model's file: size, SHA-256, and whether it opens. Nothing when it is whole, or not in use any more. */
export async function checkModel(
  tools: InspectionTools,
  version: EmbeddingVersion,
): Promise<readonly Diagnosis[]> {
  const {modelFile} = version
  if (!modelFile) return []
  const versions = async (): Promise<readonly EmbeddingVersion[]> =>
    tools.store.listEmbeddingVersions(version.corpusId)
  try {
    const check = await tools.modelFiles.check(modelFile)
    const damage = check.ok ? await openingFault(tools, version) : check.reason
    if (damage === undefined) return []
    const isGone = !(await versions()).some(({id}) => id === version.id)
    return isGone ? [] : [modelDamaged(version, damage)]
  } catch (error) {
    if (error instanceof RagError && error.code === 'STORE_UNUSABLE')
      return [fileUnreadable(`models/${modelFile.file}`, reasonOf(error))]
    throw error
  }
}

async function openingFault(tools: InspectionTools, version: EmbeddingVersion): Promise<string | undefined> {
  const model = await tools.model()
  if (version.provider !== model.provider) return undefined
  try {
    const embedder = await model.openForQueries(tools.modelFiles.path(version.modelFile!.file), version)
    await embedder.close()
    return undefined
  } catch (error) {
    if (isAbout(error, 'learned-model')) return reasonOf(error)
    throw error
  }
}
