import type {ExportManifest} from '../../export/export-manifest.js'
import type {Corpus} from '../../model/corpus.js'
import type {NewEmbeddingVersion} from '../../model/embedding.js'
import {exportedModelDamaged} from '../../model/errors/files/exported-batch.js'
import type {Store} from '../../ports/store/store.js'
import {corpusFolder} from '../../corpus/corpus-folders.js'
import type {Services} from '../../ports/services.js'

interface Installing {
  readonly store: Store
  readonly corpus: Corpus
  readonly manifest: ExportManifest
  readonly folder: string
}

/**
 * Copies the file of a learned model in from an export, checked byte by byte. Undefined when the export has none.
 * @throws RagError BATCH_DAMAGED | DISK_FULL | STORE_UNUSABLE
 */
export async function installModel(
  services: Pick<Services, 'files' | 'modelFiles'>,
  {store, corpus, manifest, folder}: Installing,
): Promise<NewEmbeddingVersion | undefined> {
  const {model, model_file: file} = manifest
  if (!model || !file || corpus.settings.model !== model.provider) return undefined
  const copier = await services.files.fileCopier()
  const last = (await store.listEmbeddingVersions(corpus.id)).at(-1)?.number ?? 0
  const copied = await copier.copyInto(
    services.modelFiles,
    {path: `${folder}/${file.file}`, expected: {sizeBytes: file.size_bytes, sha256: file.sha256}},
    `${corpusFolder(corpus)}/v${last + 1}.${model.provider}`,
  )
  if ('problem' in copied) throw exportedModelDamaged(`${folder}/${file.file}`, copied.problem)
  return {
    provider: model.provider,
    model: model.model,
    dimension: model.dimension,
    fingerprint: model.fingerprint,
    modelFile: copied.sealed,
    ...(model.fitted_chunks === undefined ? {} : {fittedChunks: model.fitted_chunks}),
  }
}
