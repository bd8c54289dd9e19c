import {succeeds, type ExportManifest} from '../export/export-manifest.js'
import type {DocumentSink, ReplayTools} from './replay-tools.js'
import {BatchWriter} from '../documents/batch-writer.js'
import {prepareReadyDocument} from '../documents/prepare-ready-document.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import type {NewEmbeddingVersion} from '../model/embedding.js'
import type {ReplayRequest} from '../model/operations/replay.js'
import type {BatchFile, BatchFiles} from '../ports/files/batch-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {acceptVectors, checkVectors} from '../embedding/accept-vectors.js'
import type {Services} from '../ports/services.js'
import {ingestTools} from '../documents/open-ingest-tools.js'
import {installModel} from './install-model.js'
import type {ReplayedExports} from './replayed-exports.js'
import {replayReader, type ReplayReader} from './reading/batch-reader.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  'analyser' | 'clock' | 'digest' | 'files' | 'memory' | 'modelFiles' | 'threads' | 'workerUrl'
>

/** Documents a commit: batches are of small documents, and each commit waits for the disk. */
const COMMIT_SIZE = 4500
const FIRST_COMMIT_SIZE = 1000

interface Given {
  readonly files: BatchFiles
  readonly exports: ReplayedExports
  readonly settings: CorpusSettings
  readonly store: Store | undefined
  /** Absent in a dry run. */
  readonly corpus?: Corpus | undefined
  readonly lease?: Lease | undefined
  readonly request: ReplayRequest
  /** In a dry run: the corpus, as far as it is there. */
  readonly known?: Corpus | undefined
}

export interface EngineReplayTools extends ReplayTools {
  readonly sink: DocumentSink | undefined
  /** Called with each file before it is read: holds it against the export's manifest, where there is one. @throws RagError BATCH_DAMAGED */
  begin(file: BatchFile, signal?: AbortSignal): Promise<void>
  /** Ends the thread that reads. */
  close(): Promise<void>
}

/** What `replayFile` needs, made of the adapters. */
export async function replayTools(services: Needs, given: Given): Promise<EngineReplayTools> {
  const {files, settings, store, corpus, lease} = given
  const prepare = await ingestTools(services, store, settings)
  const reader = replayReader(services, {settings, isWanted: given.request.skipExisting !== true})
  let manifest: ExportManifest | undefined
  let folder = ''
  const follows = (fingerprint: string): boolean => manifest !== undefined && succeeds(manifest, fingerprint)
  const accept =
    corpus && lease && store
      ? acceptVectors(store, corpus, {
          lease,
          modelGiven: given.request.settings?.model !== undefined,
          nameNeeded: true,
          installModel: async (as: CorpusSettings): Promise<NewEmbeddingVersion | undefined> =>
            manifest && installModel(services, {store, corpus: {...corpus, settings: as}, manifest, folder}),
          succeeds: follows,
        })
      : checkVectors({
          store,
          corpus: given.known,
          name: given.request.corpus,
          settings: {...settings, modelGiven: given.request.settings?.model !== undefined},
          succeeds: follows,
        })
  return {
    files,
    clock: services.clock,
    read: reader.read,
    foresee: reader.foresee,
    store: store ?? {knownContent: () => Promise.resolve(new Set())},
    prepare: (input) => prepareReadyDocument(prepare, input),
    acceptVectors: accept,
    sink: corpus && lease && store ? sinkOf(store, {corpus, lease, onCommitted: reader.release}) : undefined,
    close: reader.close,
    async begin(file, signal) {
      folder = files.beside(file.path, '')
      manifest = await given.exports.check(file, signal)
    },
  }
}

function sinkOf(
  store: Store,
  {
    corpus,
    lease,
    onCommitted,
  }: {readonly corpus: Corpus; readonly lease: Lease; readonly onCommitted: ReplayReader['release']},
): DocumentSink {
  const target = {corpusId: corpus.id, lease, acceptVectors: () => Promise.resolve()}
  const writer = new BatchWriter(store, target, {
    batchSize: COMMIT_SIZE,
    firstBatchSize: FIRST_COMMIT_SIZE,
    fresh: false,
    onCommitted,
  })
  let taken = 0
  return {
    put: (document) => writer.put(document),
    flush: () => writer.flush(),
    takeStored: () => {
      const {chunksAdded, chunksKept} = writer.totals
      const stored = chunksAdded + chunksKept - taken
      taken = chunksAdded + chunksKept
      return stored
    },
  }
}
