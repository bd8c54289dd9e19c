import type {Corpus} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import type {Store} from '../ports/store/store.js'
import type {Services} from '../ports/services.js'

/**
 * Folder of the corpus among index and model files. `~` stands for the `/` of a tenant, so that no corpus's folder lies in
 * another's: `a` must not vacuum the files of `a/b`.
 */
export function corpusFolder(corpus: Pick<Corpus, 'name'>): string {
  return corpus.name.replace('/', '~')
}

/** Folder of an embedding version's segments. */
export function versionFolder(
  corpus: Pick<Corpus, 'name'>,
  version: Pick<EmbeddingVersion, 'number'>,
): string {
  return `${corpusFolder(corpus)}/v${version.number}`
}

/** The files that rows of the corpus name, be it of a published segment or a staged one, and the folder that they are in. */
export async function namedFiles(
  store: Store,
  corpus: Corpus,
): Promise<{folder: string; segments: ReadonlySet<string>; models: ReadonlySet<string>}> {
  const versions = await store.listEmbeddingVersions(corpus.id)
  const segments = await Promise.all([
    ...versions.map((version) => store.listSegments(version.id)),
    ...versions.map((version) => store.listStaged(version.id)),
  ])
  return {
    folder: corpusFolder(corpus),
    segments: new Set(segments.flat().map((segment) => segment.file)),
    models: new Set(versions.flatMap((version) => (version.modelFile ? [version.modelFile.file] : []))),
  }
}

/**
 * Removes index and model files of the corpus that no row names. Orphans only: never fails, harms nothing when cut off. Folders of versions that are
 * being built stay as they are: another process may have made a file there durable and be about to enter its row.
 */
export async function vacuumFiles(
  services: Pick<Services, 'indexFiles' | 'modelFiles'>,
  store: Store,
  corpus: Corpus,
): Promise<void> {
  const {folder, segments, models} = await namedFiles(store, corpus)
  const building = (await store.listEmbeddingVersions(corpus.id)).filter(({state}) => state === 'building')
  const except = new Set(building.map((version) => versionFolder(corpus, version)))
  await services.indexFiles.vacuum(folder, segments, {except})
  await services.modelFiles.vacuum(folder, models)
}

/** `vacuumFiles` for the segments of one version, by whoever may write them. */
export async function vacuumVersionFiles(
  services: Pick<Services, 'indexFiles'>,
  store: Store,
  {version, folder}: {readonly version: EmbeddingVersion; readonly folder: string},
): Promise<void> {
  const segments = [...(await store.listSegments(version.id)), ...(await store.listStaged(version.id))]
  await services.indexFiles.vacuum(folder, new Set(segments.map(({file}) => file)))
}
