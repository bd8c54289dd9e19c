import type {IngestTools} from '../documents/ingest-tools.js'
import type {CorpusSettings} from '../model/corpus.js'
import type {Store} from '../ports/store/store.js'
import type {Environment} from './environment.js'

/** What reading and cutting documents needs; loaded only when something is ingested. Without a store nothing is known yet. */
export async function ingestTools(
  env: Environment,
  store: Store | undefined,
  settings: CorpusSettings,
): Promise<IngestTools> {
  const [{createFolderTree}, {createLoaders}, {createChunker}] = await Promise.all([
    import('../adapters/files/sources/folder-tree.js'),
    import('../loading/create-loaders.js'),
    import('../text/chunking/create-chunker.js'),
  ])
  return {
    tree: createFolderTree(),
    loaders: createLoaders(),
    chunker: createChunker({size: settings.chunkSize, overlap: settings.chunkOverlap}),
    analyser: env.analyser,
    digest: env.digest,
    clock: env.clock,
    store: store ?? {getDocument: () => Promise.resolve(undefined), listSources: () => Promise.resolve([])},
  }
}
