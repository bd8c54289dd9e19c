import {exportInterrupted} from '../model/errors/program/interruption.js'
import type {ExportRequest} from '../model/operations/export.js'
import type {CorpusSnapshot} from '../ports/store/corpus-snapshot.js'
import type {ExportFolder} from '../ports/files/export-folder.js'
import type {Digest, ProgressSink} from '../ports/surroundings.js'
import {manifestHead, modelOf, requireDeletedSince} from './export-head.js'
import {
  formatExportManifest,
  namesOf,
  parseExportManifest,
  type ExportManifest,
  type UnsealedManifest,
} from './export-manifest.js'
import {PartWriter, stageModel, type StagedPart} from './part-writer.js'

export interface ExportTools {
  readonly snapshot: CorpusSnapshot
  readonly folder: ExportFolder
  readonly digest: Digest
  /** Path of the live version's learned model. */
  readonly modelPath: string | undefined
  /** The corpus's name as part of a file's name. */
  readonly baseName: string
  /** The export that is there, from `requireOwnFolder`. */
  readonly before: ExportManifest | undefined
}

export interface ExportCall {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressSink | undefined
}

export type Exported = UnsealedManifest & {readonly vectors: number}

/**
 * Writes a corpus into a folder that is its own and whose lock is held. The same state of a corpus gives the same files. At any instant
 * the manifest names the files of the export before, or of the new one, all of them there and whole; what it does not name is refused
 * by whoever replays.
 * @throws RagError USAGE | MODEL_MISMATCH … see `requireDeletedSince` | DISK_FULL | STORE_READ_ONLY | STORE_UNUSABLE | INTERRUPTED
 */
export async function exportCorpus(
  tools: ExportTools,
  request: ExportRequest,
  call: ExportCall,
): Promise<Exported> {
  const {folder, digest, before} = tools
  await folder.vacuum(namesOf(before))
  try {
    const {manifest, parts, vectors} = await stageAll(tools, request, call)
    // Without a manifest its files would be taken one by one before all are there.
    if (!before) await folder.writeManifest(formatExportManifest(withoutFiles(manifest), digest))
    await folder.publish(parts, namesOf(before))
    await folder.writeManifest(formatExportManifest(manifest, digest))
    await folder.vacuum(namesOf(manifest))
    return {...manifest, vectors}
  } catch (error) {
    await vacuumAfterFailure(tools)
    throw error
  }
}

function withoutFiles({model_file: _, ...manifest}: UnsealedManifest): UnsealedManifest {
  return {...manifest, documents: 0, records: 0, files: []}
}

/** Which manifest is there is not known after some failures: files of either stay. */
async function vacuumAfterFailure({folder, digest, before}: ExportTools): Promise<void> {
  try {
    const text = await folder.readManifest()
    const there = text === undefined ? undefined : parseExportManifest(text, folder.path, digest)
    await folder.vacuum([...namesOf(before), ...namesOf(there)], {dropNames: false})
  } catch {
    // Then nothing is removed now; the next export does it.
  }
}

interface Staged {
  readonly manifest: UnsealedManifest
  readonly parts: readonly StagedPart<unknown>[]
  readonly vectors: number
}

async function stageAll(tools: ExportTools, request: ExportRequest, call: ExportCall): Promise<Staged> {
  const {snapshot, folder, digest, baseName} = tools
  const {since, noVectors} = request
  const deleted = since === undefined ? undefined : await requireDeletedSince(snapshot, since)
  const prefix = `${baseName}-v${snapshot.corpus.version}`
  const writer = new PartWriter({snapshot, folder, digest, prefix}, request)
  const {documents: total} = await snapshot.count(since)
  for await (const document of snapshot.documents(since)) {
    if (call.signal?.aborted) throw exportInterrupted(folder.path)
    await writer.add(document)
    call.onProgress?.({phase: 'copy', done: writer.documents, total, unit: 'documents'})
  }
  const parts = await writer.finish()
  const model = await modelPart(tools, request, prefix)
  const files = parts.map(({entry}) => entry)
  const manifest = {
    ...manifestHead(snapshot),
    content_fingerprint: writer.contentFingerprint(),
    ...(since === undefined ? {} : {since, deleted: deleted ?? []}),
    documents: writer.documents,
    records: files.reduce((sum, {records}) => sum + records, 0),
    settings: {...snapshot.corpus.settings},
    model: noVectors ? null : modelOf(snapshot),
    ...(model ? {model_file: model.entry} : {}),
    files,
  }
  return {manifest, parts: [...parts, ...(model ? [model] : [])], vectors: writer.vectors}
}

async function modelPart(
  {folder, modelPath, snapshot}: ExportTools,
  {noVectors, format}: ExportRequest,
  prefix: string,
): Promise<Awaited<ReturnType<typeof stageModel>> | undefined> {
  if (modelPath === undefined || noVectors || format === 'jsonl') return undefined
  return stageModel({folder, snapshot, prefix}, modelPath)
}
