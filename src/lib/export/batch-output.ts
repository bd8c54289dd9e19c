import {requireOwnFolder, type Claim} from './export-place.js'
import type {ExportManifest} from './export-manifest.js'
import {beginGathering, gatherBatches, type Gathered} from './gather-batches.js'
import type {Corpus} from '../model/corpus.js'
import {batchesNotWritten, exportInsideInput, olderStateRestored} from '../model/errors/files/export.js'
import {RagError} from '../model/errors/rag-error.js'
import type {LeftBatches} from '../model/operations/ingest.js'
import type {CorpusName} from '../model/names.js'
import type {CorpusSnapshot} from '../ports/store/corpus-snapshot.js'
import type {ExportFolder} from '../ports/files/export-folder.js'
import type {Store} from '../ports/store/store.js'
import {corpusFolder} from '../corpus/corpus-folders.js'
import type {Services} from '../ports/services.js'
import {openExportPlace} from './open-export-place.js'
import type {CallOptions} from '../model/operations/call.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'clock' | 'digest' | 'files' | 'modelFiles' | 'waitMs'>

/** What became of the batches. */
export interface OutputOutcome {
  readonly left?: LeftBatches | undefined
  readonly notes: readonly string[]
  readonly interrupted: boolean
  /** Why they could not be written: what was ingested is safe, and is written with the next run. */
  readonly failure?: RagError | undefined
}

/** The folder that what an ingest embeds is written to, as batches; held until it is closed. */
export interface BatchOutput {
  /** Under the corpus's lease, before anything is stored. */
  begin(store: Store): Promise<void>
  /** Writes what was embedded, once this run has embedded all it will, and before what is deleted is removed for good. */
  write(store: Store, call: CallOptions): Promise<OutputOutcome>
  /** The outcome of a run that was stopped before. */
  stopped(): OutputOutcome
  close(): void
}

interface Given {
  readonly name: CorpusName
  readonly corpus: Corpus | undefined
  /** Where the batches go. */
  readonly dir: string
  /** Folders that are ingested: none of them may lie in it. */
  readonly ingested: readonly string[]
}

/** Checks that batches may be written to the folder; changes nothing. @throws RagError USAGE | BATCH_DAMAGED | STORE_NEWER */
export async function requireOutputFolder(
  services: Pick<Services, 'digest' | 'files'>,
  given: Given,
): Promise<void> {
  const folder = await services.files.exportFolder(given.dir)
  const manifest = await requireOwnFolder({folder, digest: services.digest}, await claimOf(folder, given))
  requireSameHistory(folder, manifest, given.corpus)
}

/** @throws RagError as `openExportPlace`, before anything is ingested */
export async function openBatchOutput(
  services: Needs,
  given: Given,
  signal: AbortSignal | undefined,
): Promise<BatchOutput> {
  const {name, dir} = given
  await requireOutputFolder(services, given)
  const at = await services.files.exportFolder(dir)
  const {folder, before, close} = await openExportPlace(services, at, await claimOf(at, given), signal)
  let manifest = before
  const withSnapshot = async <T>(
    store: Store,
    work: (snapshot: CorpusSnapshot) => Promise<T>,
  ): Promise<T> => {
    const snapshot = (await store.openSnapshot(name))!
    try {
      return await work(snapshot)
    } finally {
      await snapshot.close()
    }
  }
  const gather = (store: Store, call: CallOptions): Promise<Gathered> =>
    withSnapshot(store, (snapshot) => {
      const {corpus, live} = snapshot
      const modelPath = live?.modelFile && services.modelFiles.path(live.modelFile.file)
      const tools = {snapshot, folder, digest: services.digest, baseName: corpusFolder(corpus), modelPath}
      return gatherBatches(tools, manifest!, call)
    })
  return {
    async begin(store) {
      manifest ??= await withSnapshot(store, (snapshot) =>
        beginGathering({snapshot, folder, digest: services.digest}),
      )
    },
    async write(store, call) {
      try {
        const gathered = await gather(store, call)
        return {left: reportOf(folder.path, gathered), notes: gathered.notes, interrupted: false}
      } catch (error) {
        if (!(error instanceof RagError)) throw error
        const left = reportOf(folder.path, NOTHING)
        if (error.code === 'INTERRUPTED') return {left, notes: [], interrupted: true}
        return {left, notes: [], interrupted: false, failure: batchesNotWritten(error)}
      }
    },
    stopped: () => ({left: reportOf(folder.path, NOTHING), notes: [], interrupted: false}),
    close,
  }
}

const NOTHING: Gathered = {files: [], vectors: 0, bytes: 0, waiting: 0, notes: []}

async function claimOf(folder: ExportFolder, {name, corpus, ingested}: Given): Promise<Claim> {
  for (const dir of ingested) if (await folder.contains(dir)) throw exportInsideInput(folder.path, dir)
  return {corpus, name, gathers: true}
}

/** @throws RagError USAGE when batches have left of a state that the corpus has not reached */
function requireSameHistory(
  {path}: ExportFolder,
  manifest: ExportManifest | undefined,
  corpus: Corpus | undefined,
): void {
  if (!manifest || !corpus || manifest.corpus_version <= corpus.version) return
  throw olderStateRestored(path, manifest.corpus_version, corpus)
}

function reportOf(dir: string, {run, files, vectors, bytes, waiting}: Gathered): LeftBatches {
  return {
    dir,
    ...(run ? {run: run.run} : {}),
    files: files.map(({file, records, size_bytes: sizeBytes}) => ({file, records, sizeBytes})),
    documents: run?.documents ?? 0,
    records: run?.records ?? 0,
    vectors,
    deleted: run?.deleted.length ?? 0,
    bytes,
    waiting,
  }
}
