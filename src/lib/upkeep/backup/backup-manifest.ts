import {parseJson} from '../../model/input/parse-json.js'
import type {BackupCorpus, BackupFile, BackupManifest, LeftOutFile} from '../../model/operations/backup.js'
import {RagError} from '../../model/errors/rag-error.js'
import {backupIsExport, backupManifestDamaged, backupNewer} from '../../model/errors/store/restore.js'
import {corpusName, type CorpusName} from '../../model/names.js'
import type {Digest} from '../../ports/surroundings.js'

/** Raised when an older `rag` could no longer restore from the folder. */
const FORMAT_VERSION = 1
const FORMAT = 'rag-backup'

/** The manifest as JSON. Its last member is the SHA-256 of the text without it, so that a change of any byte is noticed. */
export function formatManifest(manifest: BackupManifest, digest: Digest): string {
  const body = {
    format: FORMAT,
    format_version: FORMAT_VERSION,
    number: manifest.number,
    created_at: new Date(manifest.createdAtMs).toISOString(),
    created_at_ms: manifest.createdAtMs,
    rag_version: manifest.ragVersion,
    store_format: manifest.storeFormat,
    corpus: manifest.corpus ?? null,
    data_dir: manifest.dataDir,
    state: manifest.state ?? null,
    corpora: manifest.corpora.map(({createdAtMs, ...corpus}) => ({...corpus, created_at_ms: createdAtMs})),
    files: manifest.files.map(fileJson),
    left_out: manifest.leftOut.map((file) => ({
      ...fileJson({...file, name: file.file}),
      reason: file.reason,
    })),
  }
  return `${JSON.stringify({...body, sha256: sealOf(body, digest)}, null, 2)}\n`
}

function fileJson({kind, name, file, sizeBytes, sha256}: BackupFile): Record<string, unknown> {
  return {kind, name, file, size_bytes: sizeBytes, sha256}
}

const sealOf = (body: object, digest: Digest): string => digest.sha256(JSON.stringify(body))

/** Reads a manifest. @throws RagError BACKUP_MISSING for an export | BACKUP_DAMAGED | STORE_NEWER */
export function parseManifest(text: string, dir: string, digest: Digest): BackupManifest {
  let raw: Json
  try {
    raw = asObject(parseJson(text))
    if (raw['format'] === 'rag-export') throw backupIsExport(dir)
    if (raw['format'] !== FORMAT) throw new Error(`its format is not "${FORMAT}"`)
  } catch (error) {
    throw error instanceof RagError ? error : backupManifestDamaged(dir, error)
  }
  const version = raw['format_version']
  if (typeof version === 'number' && version > FORMAT_VERSION) throw backupNewer(dir, version, FORMAT_VERSION)
  try {
    const {sha256, ...body} = raw
    if (sha256 !== sealOf(body, digest)) throw new Error('its SHA-256 is not the recorded one')
    return toManifest(body)
  } catch (error) {
    throw backupManifestDamaged(dir, error)
  }
}

/** Whether a manifest that can't be read any more was one of a backup. */
export const wasBackup = (text: string): boolean => /"format":\s*"rag-backup"/.test(text)

type Json = Readonly<Record<string, unknown>>

function toManifest(raw: Json): BackupManifest {
  const corpus = raw['corpus'] === null ? undefined : corpusName(text(raw, 'corpus'))
  const state = raw['state'] === null ? undefined : text(raw, 'state')
  return {
    number: count(raw, 'number'),
    createdAtMs: number(raw, 'created_at_ms'),
    ragVersion: text(raw, 'rag_version'),
    storeFormat: count(raw, 'store_format'),
    ...(corpus === undefined ? {} : {corpus}),
    dataDir: text(raw, 'data_dir'),
    ...(state === undefined ? {} : {state}),
    corpora: list(raw, 'corpora').map(toCorpus),
    files: list(raw, 'files').map(toFile),
    leftOut: list(raw, 'left_out').map(toLeftOut),
  }
}

function toCorpus(raw: Json): BackupCorpus {
  return {
    corpus: corpusName(text(raw, 'corpus')),
    createdAtMs: number(raw, 'created_at_ms'),
    version: count(raw, 'version'),
    documents: count(raw, 'documents'),
    chunks: count(raw, 'chunks'),
    vectors: count(raw, 'vectors'),
    pending: count(raw, 'pending'),
  }
}

const KINDS: ReadonlySet<string> = new Set(['database', 'index', 'model', 'config'])

function toFile(raw: Json): BackupFile {
  const kind = text(raw, 'kind')
  if (!KINDS.has(kind)) throw new Error(`"${kind}" is no kind of file`)
  return {
    kind: kind as BackupFile['kind'],
    name: pathBelow(raw, 'name'),
    file: pathBelow(raw, 'file'),
    sizeBytes: count(raw, 'size_bytes'),
    sha256: text(raw, 'sha256'),
  }
}

function toLeftOut(raw: Json): LeftOutFile {
  const {kind, ...file} = toFile(raw)
  if (kind !== 'index' && kind !== 'model') throw new Error(`a ${kind} can't be left out`)
  return {kind, file: file.file, sizeBytes: file.sizeBytes, sha256: file.sha256, reason: text(raw, 'reason')}
}

function asObject(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is no object')
  return value as Json
}

function text(raw: Json, key: string): string {
  const value = raw[key]
  if (typeof value !== 'string') throw new Error(`"${key}" is no text`)
  return value
}

/** A path that stays in its folder. */
function pathBelow(raw: Json, key: string): string {
  const path = text(raw, key)
  if (path.split(/[/\\]/).some((part) => ['', '.', '..'].includes(part)) || /[\0:]/.test(path))
    throw new Error(`"${key}" leads out of its folder`)
  return path
}

function number(raw: Json, key: string): number {
  const value = raw[key]
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`"${key}" is no number`)
  return value
}

function count(raw: Json, key: string): number {
  const value = number(raw, key)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`"${key}" is no count`)
  return value
}

function list(raw: Json, key: string): readonly Json[] {
  const value = raw[key]
  if (!Array.isArray(value)) throw new Error(`"${key}" is no list`)
  return value.map(asObject)
}

/** For messages: `corpus "a"`, or all of a store. */
export const scopeName = (corpus: CorpusName | undefined): string =>
  corpus === undefined ? 'a whole store' : `corpus "${corpus}"`
