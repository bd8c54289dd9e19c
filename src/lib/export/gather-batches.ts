import {gatheringInterrupted} from '../model/errors/program/interruption.js'
import type {CorpusSnapshot, SnapshotDocument} from '../ports/store/corpus-snapshot.js'
import type {ExportFolder} from '../ports/files/export-folder.js'
import type {Digest} from '../ports/surroundings.js'
import type {ExportCall} from './export-corpus.js'
import {manifestHead, modelOf} from './export-head.js'
import {
  formatExportManifest,
  namesOf,
  parseExportManifest,
  type ExportManifest,
  type GatheredRun,
  type UnsealedManifest,
} from './export-manifest.js'
import {PartWriter, stageModel, type StagedPart} from './part-writer.js'

export interface GatherTools {
  readonly snapshot: CorpusSnapshot
  readonly folder: ExportFolder
  readonly digest: Digest
  /** The corpus's name as part of a file's name. */
  readonly baseName: string
  /** Path of the live version's learned model. */
  readonly modelPath: string | undefined
}

/** What a run brought to the folder. */
export interface Gathered {
  /** Absent when there was nothing to bring. */
  readonly run?: GatheredRun | undefined
  readonly files: readonly {readonly file: string; readonly records: number; readonly size_bytes: number}[]
  readonly vectors: number
  readonly bytes: number
  /** Documents that changed and lack vectors: they leave when they have them. */
  readonly waiting: number
  readonly notes: readonly string[]
}

/**
 * Writes down, before anything is embedded, from which version of the corpus on batches leave to the folder: what a run embeds and
 * can't write any more is brought by the next one.
 */
export async function beginGathering(
  tools: Omit<GatherTools, 'baseName' | 'modelPath'>,
): Promise<ExportManifest> {
  const {snapshot, folder, digest} = tools
  const manifest = {
    ...manifestHead(snapshot),
    content_fingerprint: digest.sha256(''),
    documents: 0,
    records: 0,
    settings: {...snapshot.corpus.settings},
    model: modelOf(snapshot),
    files: [],
    runs: [],
  }
  const text = formatExportManifest(manifest, digest)
  await folder.writeManifest(text)
  return parseExportManifest(text, folder.path, digest)!
}

/**
 * Brings what changed and was embedded since the last run into a folder that is the corpus's own and whose lock is held: new files beside
 * those of earlier runs, then the manifest that names all of them. Documents leave whole, when each of their chunks has its vector.
 * Cut off, the folder is as it was, but for files that the manifest does not name, which the next run takes away.
 * @throws RagError DISK_FULL | STORE_READ_ONLY | STORE_UNUSABLE | INTERRUPTED
 */
export async function gatherBatches(
  tools: GatherTools,
  before: ExportManifest,
  call: ExportCall,
): Promise<Gathered> {
  const {folder, digest} = tools
  await folder.vacuum(namesOf(before))
  try {
    const {manifest, parts, outcome} = await stageRun(tools, before, call)
    if (!manifest) {
      await folder.vacuum(namesOf(before))
      return outcome
    }
    await folder.publish(parts, namesOf(before))
    await folder.writeManifest(formatExportManifest(manifest, digest))
    await folder.vacuum(namesOf(manifest))
    return outcome
  } catch (error) {
    await vacuumAfterFailure(tools, before)
    throw error
  }
}

/** Which manifest is there is not known after some failures: files of either stay. */
async function vacuumAfterFailure({folder, digest}: GatherTools, before: ExportManifest): Promise<void> {
  try {
    const text = await folder.readManifest()
    const there = text === undefined ? undefined : parseExportManifest(text, folder.path, digest)
    await folder.vacuum([...namesOf(before), ...namesOf(there)], {dropNames: false})
  } catch {
    // Then nothing is removed now; the next run does it.
  }
}

interface StagedRun {
  /** Absent when there is nothing to bring. */
  readonly manifest?: UnsealedManifest | undefined
  readonly parts: readonly StagedPart<unknown>[]
  readonly outcome: Gathered
}

async function stageRun(tools: GatherTools, before: ExportManifest, call: ExportCall): Promise<StagedRun> {
  const {snapshot, baseName} = tools
  const {live, corpus} = snapshot
  const nothing = {files: [], vectors: 0, bytes: 0, waiting: 0, notes: []}
  if (!live) return {parts: [], outcome: nothing}
  const number = (before.runs?.at(-1)?.run ?? 0) + 1
  const prefix = `${baseName}-run${String(number).padStart(6, '0')}`
  const deleted = await snapshot.deletedSince(before.corpus_version)
  const notes = notesOn(deleted, tools, before)
  const {writer, ids, waiting} = await changedDocuments(tools, {since: before.corpus_version, prefix}, call)
  // What can't be told is said once: from then on the folder is up to date.
  if (ids.length + changesIn(deleted) === 0) return {parts: [], outcome: {...nothing, waiting, notes}}
  const parts = await writer.finish()
  const model = await newModel(tools, before, prefix)
  const all = model ? [...parts, model] : parts
  const run: GatheredRun = {
    run: number,
    since: before.corpus_version,
    corpus_version: corpus.version,
    complete: before.files.length > 0 && before.model?.fingerprint !== live.fingerprint,
    model: live.fingerprint,
    content_fingerprint: writer.contentFingerprint(),
    documents: ids.length,
    records: parts.reduce((sum, {entry}) => sum + entry.records, 0),
    deleted: deleted ?? [],
  }
  const files = parts.map(({entry}) => ({...entry, run: number}))
  const bytes = all.reduce((sum, {entry}) => sum + entry.size_bytes, 0)
  return {
    manifest: grown(tools, before, {run, ids, files, model: model?.entry}),
    parts: all,
    outcome: {run, files, vectors: writer.vectors, bytes, waiting, notes},
  }
}

interface Changed {
  readonly writer: PartWriter
  readonly ids: readonly string[]
  readonly waiting: number
}

/** Stages the documents that changed since and have all their vectors. @throws RagError INTERRUPTED | DISK_FULL | STORE_UNUSABLE */
async function changedDocuments(
  tools: GatherTools,
  {since, prefix}: {readonly since: number; readonly prefix: string},
  call: ExportCall,
): Promise<Changed> {
  const {snapshot, folder} = tools
  const writer = new PartWriter({...tools, prefix}, {})
  const ids: string[] = []
  let waiting = 0
  for await (const document of snapshot.documents(since)) {
    if (call.signal?.aborted) throw gatheringInterrupted(folder.path)
    if (!isEmbedded(document)) {
      waiting++
      continue
    }
    ids.push(document.docId)
    await writer.add(document)
    call.onProgress?.({phase: 'copy', done: writer.documents, unit: 'documents'})
  }
  return {writer, ids, waiting}
}

/** Every chunk has what its model made of it, if only that there is nothing to say. */
const isEmbedded = ({chunks}: SnapshotDocument): boolean =>
  chunks.every(({kind}) => kind === 'dense' || kind === 'empty')

/** The file of a learned model, when the folder has not got it already. */
async function newModel(
  {snapshot, folder, modelPath}: GatherTools,
  before: ExportManifest,
  prefix: string,
): Promise<Awaited<ReturnType<typeof stageModel>> | undefined> {
  if (modelPath === undefined || before.model_file?.sha256 === snapshot.live?.modelFile?.sha256)
    return undefined
  return stageModel({folder, snapshot, prefix}, modelPath)
}

interface Growth {
  readonly run: GatheredRun
  /** Of the documents that the run brings. */
  readonly ids: readonly string[]
  readonly files: ExportManifest['files']
  readonly model: ExportManifest['model_file']
}

function grown(
  {snapshot, digest}: GatherTools,
  before: ExportManifest,
  {run, ids, files, model}: Growth,
): UnsealedManifest {
  const back = new Set(ids)
  const earlier = (before.runs ?? []).map((one) => ({
    ...one,
    deleted: one.deleted.filter((docId) => !back.has(docId)),
  }))
  const runs = [...earlier, run]
  const isLearned = snapshot.live?.modelFile !== undefined
  const modelFile = model ?? (isLearned ? before.model_file : undefined)
  return {
    ...manifestHead(snapshot),
    content_fingerprint: digest.sha256(runs.map((one) => one.content_fingerprint).join('\n')),
    documents: runs.reduce((sum, {documents}) => sum + documents, 0),
    records: runs.reduce((sum, {records}) => sum + records, 0),
    settings: {...snapshot.corpus.settings},
    model: modelOf(snapshot),
    ...(modelFile ? {model_file: modelFile} : {}),
    files: [...before.files, ...files],
    runs,
  }
}

const changesIn = (deleted: readonly string[] | undefined): number => deleted?.length ?? 1

const notesOn = (
  deleted: readonly string[] | undefined,
  {snapshot: {corpus}}: GatherTools,
  before: ExportManifest,
): readonly string[] => (deleted ? [] : [deletedUnknown(corpus.name, before.corpus_version)])

const deletedUnknown = (corpus: string, since: number): string =>
  `Documents of "${corpus}" were removed for good since version ${since}; batches can't name them. A corpus that is made of the batches may still hold them: rag export into another folder, and replay that into a new corpus, mends it.`
