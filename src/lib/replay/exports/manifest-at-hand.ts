import {succeeds, type ExportManifest} from '../../export/export-manifest.js'
import type {Corpus} from '../../model/corpus.js'
import type {NewEmbeddingVersion} from '../../model/embedding.js'
import type {BatchFile} from '../../ports/files/batch-files.js'
import type {Services} from '../../ports/services.js'
import type {Store} from '../../ports/store/store.js'
import type {BatchSet} from '../batch-set.js'
import {installModel} from './install-model.js'

/** The manifest of the export that the file being read is of, where there is one. */
export class ManifestAtHand {
  readonly #batches: Pick<BatchSet, 'exports' | 'files'>
  #manifest: ExportManifest | undefined
  #folder = ''

  constructor(batches: Pick<BatchSet, 'exports' | 'files'>) {
    this.#batches = batches
  }

  /** Turns to a file, before it is read, and holds it against its manifest. @throws RagError BATCH_DAMAGED */
  async begin(file: BatchFile, signal?: AbortSignal): Promise<void> {
    this.#folder = this.#batches.files.beside(file.path, '')
    this.#manifest = await this.#batches.exports.check(file, signal)
  }

  /** Whether the export went over from the model of that fingerprint to another one. */
  succeeds(fingerprint: string): boolean {
    return this.#manifest !== undefined && succeeds(this.#manifest, fingerprint)
  }

  /** Takes the learned model in that came with the export. Undefined when there is none. @throws as `installModel` */
  async install(
    services: Pick<Services, 'files' | 'modelFiles'>,
    store: Store,
    corpus: Corpus,
  ): Promise<NewEmbeddingVersion | undefined> {
    const manifest = this.#manifest
    return manifest && installModel(services, {store, corpus, manifest, folder: this.#folder})
  }
}
