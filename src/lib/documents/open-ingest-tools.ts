import type {IngestTools} from './ingest-tools.js'
import type {CorpusSettings} from '../model/corpus.js'
import type {Store} from '../ports/store/store.js'
import type {Services} from '../ports/services.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'analyser' | 'clock' | 'digest' | 'files'>

/** What reading and cutting documents needs; loaded only when something is ingested. Without a store nothing is known yet. */
export async function ingestTools(
  services: Needs,
  store: Store | undefined,
  settings: CorpusSettings,
): Promise<IngestTools> {
  const [tree, {createLoaders}, {createChunker}] = await Promise.all([
    services.files.sourceTree(),
    import('../loading/create-loaders.js'),
    import('../text/chunking/create-chunker.js'),
  ])
  return {
    tree,
    loaders: createLoaders(async (type, file) => (await services.files.readApart())(type, file)),
    chunker: createChunker({size: settings.chunkSize, overlap: settings.chunkOverlap}),
    analyser: services.analyser,
    digest: services.digest,
    clock: services.clock,
    store: store ?? {getDocument: () => Promise.resolve(undefined), listSources: () => Promise.resolve([])},
  }
}
