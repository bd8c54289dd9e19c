import {compressedLines} from '../model/errors/files/export.js'
import {exportCorpus, type Exported} from './export-corpus.js'
import type {ExportReport, ExportRequest} from '../model/operations/export.js'
import {corpusName} from '../model/names.js'
import type {Store} from '../ports/store/store.js'
import {corpusFolder} from '../corpus/corpus-folders.js'
import type {Services} from '../ports/services.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {openExportPlace, type ExportPlace} from './open-export-place.js'
import type {CallOptions} from '../model/operations/call.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'clock' | 'digest' | 'files' | 'modelFiles' | 'store' | 'waitMs'>

/** `Rag.export`. Takes no lease: others may write meanwhile. */
export async function exportTo(
  services: Needs,
  request: ExportRequest,
  call: CallOptions,
): Promise<ExportReport> {
  const name = corpusName(request.corpus)
  const startedAt = services.clock.monotonic()
  if (request.compress && request.format === 'jsonl') throw compressedLines()
  const store = await services.store.read()
  const corpus = await requireCorpus(store, name)
  const claim = {corpus, name, gathers: false}
  const place = await openExportPlace(
    services,
    await services.files.exportFolder(request.dir),
    claim,
    call.signal,
  )
  try {
    return await exportInto(services, store, {place, request, startedAt}, call)
  } finally {
    place.close()
  }
}

interface Job {
  readonly place: ExportPlace
  readonly request: ExportRequest
  readonly startedAt: number
}

async function exportInto(
  services: Pick<Services, 'clock' | 'digest' | 'modelFiles'>,
  store: Store,
  {place: {folder, before}, request, startedAt}: Job,
  call: CallOptions,
): Promise<ExportReport> {
  const snapshot = (await store.openSnapshot(corpusName(request.corpus)))!
  try {
    const {corpus, live} = snapshot
    const modelPath = live?.modelFile && services.modelFiles.path(live.modelFile.file)
    const tools = {
      snapshot,
      folder,
      digest: services.digest,
      modelPath,
      baseName: corpusFolder(corpus),
      before,
    }
    const done = await exportCorpus(tools, request, call)
    const seconds = (services.clock.monotonic() - startedAt) / 1000
    return {...reportOf(done), dir: folder.path, format: request.format ?? 'msgpack', seconds}
  } finally {
    await snapshot.close()
  }
}

function reportOf(done: Exported): Omit<ExportReport, 'dir' | 'format' | 'seconds'> {
  const files = done.files.map(({file, records, size_bytes: sizeBytes}) => ({file, records, sizeBytes}))
  return {
    corpus: done.corpus,
    corpusVersion: done.corpus_version,
    files,
    documents: done.documents,
    records: done.records,
    deleted: done.deleted?.length ?? 0,
    vectors: done.vectors,
    model: done.model?.model ?? '',
    dimension: done.model?.dimension ?? 0,
    bytes: files.reduce((sum, {sizeBytes}) => sum + sizeBytes, done.model_file?.size_bytes ?? 0),
  }
}
