import {basename, dirname} from 'node:path'
import {sleep} from '../../kernel/sleep.js'
import {
  firstValidRun,
  MANIFEST_NAME,
  parseExportManifest,
  type ExportedFile,
  type ExportManifest,
} from '../../export/export-manifest.js'
import type {ReplayedFile} from '../replay-file.js'
import type {BatchFate, ExportStanding, StandingBatch} from './export-standing.js'
import {scanBatch} from '../reading/scan-batch.js'
import {
  batchNotInManifest,
  exportedBatchDamaged,
  manifestUnreadable,
} from '../../model/errors/files/exported-batch.js'
import {RagError} from '../../model/errors/rag-error.js'
import type {TextFiles} from '../../ports/files/backup-folder.js'
import type {BatchFile, BatchFiles} from '../../ports/files/batch-files.js'
import type {Services} from '../../ports/services.js'
import type {Digest} from '../../ports/surroundings.js'

/** A manifest is written when all files have their names: it may come a moment later. */
const ATTEMPTS = 10
const RETRY_MS = 200

/** A manifest that is none of an export: that of another program, or one that was damaged beyond knowing. */
const NOT_OURS = 'not ours'

export interface ReplayedExportTools {
  readonly files: Pick<BatchFiles, 'beside' | 'stat'>
  readonly texts: TextFiles
  readonly digest: Digest
  /** Between two attempts to find a manifest that may come. */
  readonly retryMs?: number | undefined
}

/** Whether a batch that is named by a manifest was taken by an earlier call. */
export type TakenBefore = (path: string, named: ExportedFile) => Promise<boolean>

/** The exports that the files of one call are of, by the manifests beside them. */
export class ReplayedExports {
  readonly #tools: ReplayedExportTools
  /** By folder, as they were when its last file was looked at. */
  readonly #manifests = new Map<string, ExportManifest>()
  readonly #waitedFor = new Set<string>()

  constructor(tools: ReplayedExportTools) {
    this.#tools = tools
  }

  /** Of these paths, those that a later run beside them holds everything of, by another model: with how many records each has. */
  async outOfDate(paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>()
    const known = new Map<string, ExportManifest | undefined>()
    for (const path of paths) {
      const folder = this.#folderOf(path)
      if (!known.has(folder)) known.set(folder, await this.#known(path).catch(() => undefined))
      const manifest = known.get(folder)
      const named = manifest && namedIn(manifest, path)
      if (named?.run !== undefined && named.run < firstValidRun(manifest!)) found.set(path, named.records)
    }
    return found
  }

  /**
   * Holds a file against the manifest beside it, and gives that. @throws RagError BATCH_DAMAGED when it is another one than the manifest
   * names, or of an export, and not named at all, or when what is beside it is no manifest of one
   */
  async check(file: BatchFile, signal?: AbortSignal): Promise<ExportManifest | undefined> {
    let manifest = await this.#read(file.path)
    if (manifest === NOT_OURS) {
      if (await isOfExport(file, signal)) throw manifestUnreadable(file)
      return undefined
    }
    if (!manifest) return undefined
    let named = namedIn(manifest, file.path)
    if (!named && (await isOfExport(file, signal))) {
      manifest = (await this.#wait(file, signal)) ?? manifest
      named = namedIn(manifest, file.path)
      if (!named) throw batchNotInManifest(file, manifest)
    }
    if (named) await checkBytes(file, named, signal)
    this.#manifests.set(this.#folderOf(file.path), manifest)
    return manifest
  }

  /** How the exports of these paths stand after `done`: what of each is taken, and what is missing. */
  async standings(
    paths: readonly string[],
    done: readonly ReplayedFile[],
    before: TakenBefore,
  ): Promise<readonly ExportStanding[]> {
    const wholeOf = new Map(done.map(({file, whole}) => [this.absolute(file), whole]))
    const standings: ExportStanding[] = []
    for (const [folder, manifest] of await this.#manifestsOf(paths)) {
      const first = firstValidRun(manifest)
      const batches: StandingBatch[] = []
      for (const named of manifest.files) {
        if (named.run !== undefined && named.run < first) continue
        const path = this.#tools.files.beside(`${folder}/${MANIFEST_NAME}`, named.file)
        const whole = wholeOf.get(path)
        const fate =
          whole === undefined ? await this.#fateOf(path, named, before) : whole ? 'taken' : 'failed'
        batches.push({...named, path, fate})
      }
      standings.push({manifest, batches})
    }
    return standings
  }

  /** Whether there is a manifest of an export beside a file, as far as it was held against one. */
  isKnown(path: string): boolean {
    return this.#manifests.has(this.#folderOf(path))
  }

  /** Whether some of the vectors are of a learned model that lies beside them. */
  get bringModel(): boolean {
    return [...this.#manifests.values()].some(({model_file: file}) => file !== undefined)
  }

  async #fateOf(path: string, named: ExportedFile, before: TakenBefore): Promise<BatchFate> {
    if (await before(path, named)) return 'before'
    return (await this.#tools.files.stat(path)) ? 'unnamed' : 'missing'
  }

  /** By folder: those that files were held against, and those beside other paths. What is wrong with one is told of its files. */
  async #manifestsOf(paths: readonly string[]): Promise<ReadonlyMap<string, ExportManifest>> {
    const found = new Map(this.#manifests)
    const asked = new Set(found.keys())
    for (const path of paths) {
      const folder = this.#folderOf(path)
      if (asked.has(folder)) continue
      asked.add(folder)
      const manifest = await this.#known(path).catch(() => undefined)
      if (manifest) found.set(folder, manifest)
    }
    return found
  }

  absolute(path: string): string {
    return this.#tools.files.beside(path, basename(path))
  }

  #folderOf(path: string): string {
    return dirname(this.#tools.files.beside(path, MANIFEST_NAME))
  }

  async #read(path: string): Promise<ExportManifest | typeof NOT_OURS | undefined> {
    const {files, texts, digest} = this.#tools
    const at = files.beside(path, MANIFEST_NAME)
    const text = await texts.read(at)
    return text === undefined ? undefined : (parseExportManifest(text, at, digest) ?? NOT_OURS)
  }

  async #known(path: string): Promise<ExportManifest | undefined> {
    const manifest = await this.#read(path)
    return manifest === NOT_OURS ? undefined : manifest
  }

  /** The manifest that names the file, when it comes in time; of a folder it is waited for once. */
  async #wait(file: BatchFile, signal: AbortSignal | undefined): Promise<ExportManifest | undefined> {
    const folder = this.#folderOf(file.path)
    const attempts = this.#waitedFor.has(folder) ? 1 : ATTEMPTS
    this.#waitedFor.add(folder)
    for (let attempt = 0; attempt < attempts && !signal?.aborted; attempt++) {
      if (attempts > 1) await sleep(this.#tools.retryMs ?? RETRY_MS, signal)
      const manifest = await this.#known(file.path)
      if (manifest && namedIn(manifest, file.path)) return manifest
    }
    return undefined
  }
}

/** `ReplayedExports` over the files of this machine. */
export async function openExports(services: Pick<Services, 'digest' | 'files'>): Promise<ReplayedExports> {
  const files = await services.files.batchFiles()
  return new ReplayedExports({files, texts: await services.files.textFiles(), digest: services.digest})
}

const namedIn = ({files}: ExportManifest, path: string): ExportedFile | undefined =>
  files.find(({file}) => file === basename(path))

async function isOfExport(file: BatchFile, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const {headers} = await scanBatch(file, signal)
    return [...headers.values()].some(({origin}) => origin !== undefined)
  } catch (error) {
    // What is wrong with it is told when it is read.
    if (error instanceof RagError && error.code !== 'INTERRUPTED') return false
    throw error
  }
}

async function checkBytes(
  file: BatchFile,
  named: ExportedFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (named.size_bytes !== file.sizeBytes)
    throw exportedBatchDamaged(file, `it has ${file.sizeBytes} bytes instead of ${named.size_bytes}`)
  if ((await file.sha256(signal)) !== named.sha256)
    throw exportedBatchDamaged(file, 'its SHA-256 is not the one that its manifest names')
}
