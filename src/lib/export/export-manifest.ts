import {exportManifestDamaged, exportNewer} from '../model/errors/files/export.js'
import {parseJson} from '../model/input/parse-json.js'
import type {Digest} from '../ports/surroundings.js'
import {faultInManifest} from './manifest-fields.js'

/** The name under which an export says what it is, beside its files. */
export const MANIFEST_NAME = 'manifest.json'

export interface ExportedFile {
  /** Its name in the folder. */
  readonly file: string
  readonly records: number
  readonly size_bytes: number
  readonly sha256: string
  /** Which of the runs that a folder gathers wrote it. */
  readonly run?: number | undefined
}

/** What one `rag ingest --msgpack-out` brought to a folder that gathers. */
export interface GatheredRun {
  /** From 1. */
  readonly run: number
  /** It brought what changed after the version `since` of the corpus, up to this one. */
  readonly since: number
  readonly corpus_version: number
  /** It holds every document with vectors of another model than the runs before, which are out of date by that. */
  readonly complete: boolean
  /** Fingerprint of the model that its vectors are of. */
  readonly model: string
  readonly content_fingerprint: string
  readonly documents: number
  readonly records: number
  /** Ids of documents that were deleted, less those that a later run brings again. */
  readonly deleted: readonly string[]
}

/** What an export is made of. Written last: what it does not name is no part of it. */
export interface ExportManifest {
  readonly format: 'rag-export'
  readonly format_version: 1
  readonly corpus: string
  /** When the corpus was made: tells corpora of one name in different stores apart. */
  readonly corpus_created_at_ms?: number | undefined
  /** Of the corpus when it was exported. */
  readonly corpus_version: number
  /** Hash over ids and content of its documents. */
  readonly content_fingerprint: string
  /** For an export of changes: the version from which on; documents that were deleted since. */
  readonly since?: number | undefined
  readonly deleted?: readonly string[] | undefined
  readonly documents: number
  readonly records: number
  readonly settings: Readonly<Record<string, unknown>>
  readonly model: {
    readonly provider: string
    readonly model: string
    readonly dimension: number
    readonly fingerprint: string
    /** How a served model is named and used. */
    readonly spec?: Readonly<Record<string, unknown>> | undefined
    /** Chunks that a learned model was learned from. */
    readonly fitted_chunks?: number | undefined
  } | null
  /** The file of a learned model. */
  readonly model_file?: Omit<ExportedFile, 'records'> | undefined
  readonly files: readonly ExportedFile[]
  /** Only in a folder that `rag ingest --msgpack-out` gathers batches in: what each run brought. */
  readonly runs?: readonly GatheredRun[] | undefined
  /** Of the JSON, without white space, of all members before it. */
  readonly sha256: string
}

export type UnsealedManifest = Omit<ExportManifest, 'sha256'>

export function formatExportManifest(manifest: UnsealedManifest, digest: Digest): string {
  return `${JSON.stringify({...manifest, sha256: digest.sha256(JSON.stringify(manifest))}, null, 2)}\n`
}

/**
 * Undefined for a file of another kind. @throws RagError BATCH_DAMAGED when it is not as it was written, or a field is missing or not what
 * it should be, which is named | STORE_NEWER for a later format
 */
export function parseExportManifest(text: string, path: string, digest: Digest): ExportManifest | undefined {
  let raw: unknown
  try {
    raw = parseJson(text)
  } catch {
    return undefined
  }
  if (typeof raw !== 'object' || raw === null || !('format' in raw) || raw.format !== 'rag-export')
    return undefined
  const {sha256, ...rest} = raw as Readonly<Record<string, unknown>>
  if (digest.sha256(JSON.stringify(rest)) !== sha256) throw exportManifestDamaged(path)
  const {format_version: version} = rest
  if (Number.isSafeInteger(version) && Number(version) > 1) throw exportNewer(path, Number(version))
  const fault = version === 1 ? faultInManifest(rest) : {field: 'format_version', wanted: '1'}
  if (fault) throw exportManifestDamaged(path, fault)
  return raw as ExportManifest
}

/** The run that everything before is out of date by: those of lower numbers hold vectors of a model that was given up. */
export function firstValidRun({runs = []}: Pick<ExportManifest, 'runs'>): number {
  return runs.findLast((run) => run.complete)?.run ?? 1
}

/** True for vectors of a model that the folder's batches went over to: whatever holds those of an earlier one gets all of them anew. */
export function succeeds({runs = []}: ExportManifest, earlier: string): boolean {
  const first = firstValidRun({runs})
  return runs.some(({run, model}) => run < first && model === earlier)
}

/** All files that a manifest names. */
export function namesOf(manifest: UnsealedManifest | undefined): readonly string[] {
  if (!manifest) return []
  const {files, model_file: modelFile} = manifest
  return [...files, ...(modelFile ? [modelFile] : [])].map(({file}) => file)
}
