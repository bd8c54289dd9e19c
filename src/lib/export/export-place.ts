import {
  holdsOtherFiles,
  manifestOfOtherProgram,
  holdsOtherExport,
  holdsNamesake,
  holdsOtherKind,
} from '../model/errors/files/export.js'
import {exportPlaceDamaged} from '../model/errors/files/export.js'
import {RagError} from '../model/errors/rag-error.js'
import type {Corpus} from '../model/corpus.js'
import type {ExportFolder} from '../ports/files/export-folder.js'
import type {Digest} from '../ports/surroundings.js'
import {parseExportManifest, type ExportManifest} from './export-manifest.js'

/** Whom a folder must belong to for something to be written into it. */
export interface Claim {
  /** Absent: a corpus that is not there yet. */
  readonly corpus: Pick<Corpus, 'createdAtMs'> | undefined
  readonly name: string
  /** Whether `rag ingest --msgpack-out` gathers there, or `rag export` writes. */
  readonly gathers: boolean
}

/**
 * The manifest of the export that is there; undefined when the folder is missing or empty. Only a folder of this very corpus is given
 * out, for what is written into it may take the place of what is there. Touches nothing.
 * @throws RagError USAGE for a folder of others | BATCH_DAMAGED for a manifest that can't be trusted | STORE_NEWER
 */
export async function requireOwnFolder(
  {folder, digest}: {readonly folder: ExportFolder; readonly digest: Digest},
  claim: Claim,
): Promise<ExportManifest | undefined> {
  const {path} = folder
  const state = await folder.state()
  if (state === 'foreign') throw holdsOtherFiles(claim.gathers, path)
  if (state !== 'labelled') return undefined
  const manifest = await trusted({folder, digest}, claim)
  if (!manifest) throw manifestOfOtherProgram(claim.gathers, path)
  requireOwn(path, manifest, claim)
  return manifest
}

/** @throws RagError USAGE when the export is not the claimant's */
function requireOwn(path: string, manifest: ExportManifest, {corpus, name, gathers}: Claim): void {
  const {corpus: found, corpus_created_at_ms: madeAtMs, runs} = manifest
  if (found !== name) throw holdsOtherExport(gathers, path, String(found), name)
  if (madeAtMs !== undefined && madeAtMs !== corpus?.createdAtMs)
    throw holdsNamesake(gathers, path, {
      name,
      there: dateOf(madeAtMs),
      here: corpus && dateOf(corpus.createdAtMs),
    })
  if (gathers !== (runs !== undefined)) throw holdsOtherKind(gathers, path)
}

async function trusted(
  {folder, digest}: {readonly folder: ExportFolder; readonly digest: Digest},
  {gathers}: Claim,
): Promise<ExportManifest | undefined> {
  const {path} = folder
  const text = (await folder.readManifest()) ?? ''
  try {
    const manifest = parseExportManifest(text, `${path}/manifest.json`, digest)
    if (manifest || !text.includes('"rag-export"')) return manifest
  } catch (error) {
    if (!(error instanceof RagError && error.code === 'BATCH_DAMAGED')) throw error
  }
  throw exportPlaceDamaged(gathers, path)
}

const dateOf = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : 'at another time')
