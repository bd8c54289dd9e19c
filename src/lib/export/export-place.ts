import {exportPlaceDamaged, exportRefused} from '../model/errors/export.js'
import {RagError, shorten} from '../model/errors/rag-error.js'
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
  const look = await folder.look()
  if (look === 'foreign') throw exportRefused(claim.gathers, `${path} holds other files`)
  if (look !== 'labelled') return undefined
  const manifest = await trusted({folder, digest}, claim)
  if (!manifest) throw exportRefused(claim.gathers, `${path}/manifest.json is of another program`)
  const other = otherThan(claim, manifest)
  if (other !== undefined) throw exportRefused(claim.gathers, `${path} holds ${other}`)
  return manifest
}

/** Whose the export is, when it is not the claimant's. */
function otherThan({corpus, name, gathers}: Claim, manifest: ExportManifest): string | undefined {
  const {corpus: found, corpus_created_at_ms: madeAtMs, runs} = manifest
  if (found !== name) return `the export of corpus "${shorten(String(found))}", not of "${name}"`
  if (madeAtMs !== undefined && madeAtMs !== corpus?.createdAtMs) {
    const here = corpus ? `this one ${dateOf(corpus.createdAtMs)}` : 'and there is none of that name here'
    return `the export of another corpus "${found}": that one was made ${dateOf(madeAtMs)}, ${here}`
  }
  if (gathers && !runs) return 'what rag export wrote'
  if (!gathers && runs) return 'the batches that rag ingest --msgpack-out gathers'
  return undefined
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
