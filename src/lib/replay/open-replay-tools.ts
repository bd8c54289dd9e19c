import type {DocumentSink, ReplayTools} from './replay-tools.js'
import {BatchWriter} from '../documents/batch-writer.js'
import {prepareReadyDocument} from '../documents/prepare-ready-document.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import type {BatchFile, BatchFiles} from '../ports/files/batch-files.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {acceptVectors, checkVectors} from '../embedding/accept-vectors.js'
import type {Services} from '../ports/services.js'
import {ingestTools} from '../documents/open-ingest-tools.js'
import {ManifestAtHand} from './exports/manifest-at-hand.js'
import type {BatchSet} from './batch-set.js'
import type {HeldCorpus} from '../corpus/held-corpus.js'
import {replayReader, type ReplayReader} from './reading/batch-reader.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  'analyser' | 'clock' | 'digest' | 'files' | 'memory' | 'modelFiles' | 'threads' | 'workerUrl'
>

/** Documents a commit: batches are of small documents, and each commit waits for the disk. */
const COMMIT_SIZE = 4500
const FIRST_COMMIT_SIZE = 1000

export interface EngineReplayTools extends ReplayTools {
  readonly sink: DocumentSink | undefined
  /** Called with each file before it is read: holds it against the export's manifest, where there is one. @throws RagError BATCH_DAMAGED */
  begin(file: BatchFile, signal?: AbortSignal): Promise<void>
  /** Ends the thread that reads. */
  close(): Promise<void>
}

/** What the call says of how records are taken. */
export interface TakingRules {
  /** Records whose content is there are passed over. */
  readonly skipExisting: boolean
  /** A model was named with the call. */
  readonly modelGiven: boolean
}

/** What `replayFile` needs to write batches to a corpus, made of the adapters. */
export async function replayTools(
  services: Needs,
  batches: BatchSet,
  {store, corpus, lease}: HeldCorpus & {readonly store: Store},
  {skipExisting, modelGiven}: TakingRules,
): Promise<EngineReplayTools> {
  const {settings} = corpus
  const manifest = new ManifestAtHand(batches)
  const reader = replayReader(services, {settings, isWanted: !skipExisting})
  return {
    ...readingTools(services, batches.files, reader),
    store,
    prepare: await preparation(services, store, settings),
    acceptVectors: acceptVectors(store, corpus, {
      lease,
      modelGiven,
      nameNeeded: true,
      installModel: (as) => manifest.install(services, store, {...corpus, settings: as}),
      succeeds: (fingerprint) => manifest.succeeds(fingerprint),
    }),
    sink: sinkOf(store, {corpus, lease, onCommitted: reader.release}),
    begin: (file, signal) => manifest.begin(file, signal),
  }
}

/** A corpus as it will be, and as far as it is there. */
export interface ProspectiveCorpus {
  readonly name: string
  readonly settings: CorpusSettings
  readonly store: Store | undefined
  readonly corpus: Corpus | undefined
}

/** What `replayFile` needs to tell what it would do. Nothing is written. */
export async function dryReplayTools(
  services: Needs,
  batches: BatchSet,
  {name, settings, store, corpus}: ProspectiveCorpus,
  {skipExisting, modelGiven}: TakingRules,
): Promise<EngineReplayTools> {
  const manifest = new ManifestAtHand(batches)
  const reader = replayReader(services, {settings, isWanted: !skipExisting})
  return {
    ...readingTools(services, batches.files, reader),
    store: store ?? {knownContent: () => Promise.resolve(new Set())},
    prepare: await preparation(services, store, settings),
    acceptVectors: checkVectors({
      store,
      corpus,
      name,
      settings: {...settings, modelGiven},
      succeeds: (fingerprint) => manifest.succeeds(fingerprint),
    }),
    sink: undefined,
    begin: (file, signal) => manifest.begin(file, signal),
  }
}

type ReadingTools = Pick<EngineReplayTools, 'files' | 'clock' | 'read' | 'foresee' | 'close'>

const readingTools = (
  {clock}: Pick<Services, 'clock'>,
  files: BatchFiles,
  {read, foresee, close}: ReplayReader,
): ReadingTools => ({files, clock, read, foresee, close})

async function preparation(
  services: Needs,
  store: Store | undefined,
  settings: CorpusSettings,
): Promise<ReplayTools['prepare']> {
  const tools = await ingestTools(services, store, settings)
  return (input) => prepareReadyDocument(tools, input)
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
