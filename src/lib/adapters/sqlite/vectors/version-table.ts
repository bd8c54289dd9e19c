import type {EmbeddingState, EmbeddingVersion, ModelSpec} from '../../../model/embedding.js'
import {withoutPassword} from '../../../model/secrets/addresses.js'
import type {VectorStore} from '../../../ports/store/store.js'
import {insertInto, RowNumbers, setting, withChecksum} from '../checksums/checked-writes.js'
import {requireWhole} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import {bumpVersion, writeSettings} from '../documents/corpus-table.js'
import {liveVersionDropped, versionIncomplete} from '../../../model/errors/store/store-rules.js'
import {deleteSegments} from './segment-table.js'
import {versionRow} from './vector-table.js'

export interface VersionColumns {
  id: number
  corpus_id: number
  number: number
  provider: string
  model: string
  dimension: number
  fingerprint: string
  state: EmbeddingState
  model_file: string | null
  model_size_bytes: number | null
  model_sha256: string | null
  fitted_chunks: number | null
  kept: number
  keeps_old: number
  spec: string | null
  created_at_ms: number
}

export function toVersion(row: VersionColumns): EmbeddingVersion {
  return {
    id: row.id,
    corpusId: row.corpus_id,
    number: row.number,
    provider: row.provider,
    model: withoutPassword(row.model),
    dimension: row.dimension,
    fingerprint: row.fingerprint,
    state: row.state,
    ...(row.model_file === null
      ? {}
      : {modelFile: {file: row.model_file, sizeBytes: row.model_size_bytes!, sha256: row.model_sha256!}}),
    ...(row.spec === null ? {} : {spec: specIn(row.spec)}),
    ...(row.fitted_chunks === null ? {} : {fittedChunks: row.fitted_chunks}),
    ...(row.kept === 1 ? {kept: true} : {}),
    ...(row.keeps_old === 1 ? {keepsOld: true} : {}),
    createdAtMs: row.created_at_ms,
  }
}

function specIn(text: string): ModelSpec {
  const spec = JSON.parse(text) as ModelSpec
  return {...spec, model: withoutPassword(spec.model)}
}

type VersionVerbs = Pick<
  VectorStore,
  'addEmbeddingVersion' | 'listEmbeddingVersions' | 'setLiveVersion' | 'dropEmbeddingVersion'
>

export function versionStore(on: Connection): VersionVerbs {
  return {
    addEmbeddingVersion: (corpusId, version, lease) =>
      on.writeCorpus(corpusId, lease, () => {
        const id = new RowNumbers(on, 'embedding_versions').next
        const number = on.sql<number>(NEXT_NUMBER).pluck().get(corpusId) as number
        const {modelFile} = version
        const values = withChecksum('embedding_versions', [
          id,
          corpusId,
          number,
          version.provider,
          version.model,
          version.dimension,
          version.fingerprint,
          'building',
          modelFile?.file ?? null,
          modelFile?.sizeBytes ?? null,
          modelFile?.sha256 ?? null,
          version.fittedChunks ?? null,
          on.clock.now(),
          null,
          0,
          version.keepsOld ? 1 : 0,
          version.spec ? JSON.stringify(version.spec) : null,
        ])
        on.sql(insertInto('embedding_versions')).run(values)
        return toVersion(on.sql<VersionColumns>('SELECT * FROM embedding_versions WHERE id = ?').get(id)!)
      }),
    listEmbeddingVersions: (corpusId) => on.read(() => versionsOf(on, corpusId).map(toVersion)),
    setLiveVersion: (versionId, lease, options) =>
      on.writeVersion(versionId, lease, () => setLive(on, versionId, options ?? {})),
    dropEmbeddingVersion: (versionId, lease, options) =>
      on.writeVersion(versionId, lease, () => {
        const {state, corpus_id: corpusId} = versionRow(on, versionId)
        if (state === 'live' && options?.evenLive !== true) throw liveVersionDropped(versionId)
        deleteSegments(on, versionId)
        on.sql('DELETE FROM vectors WHERE version_id = ?').run(versionId)
        on.sql('DELETE FROM embedding_versions WHERE id = ?').run(versionId)
        if (state === 'live') bumpVersion(on, corpusId)
      }),
  }
}

/** Without a live one among them, the row of that may say now that it is another corpus's. */
function versionsOf(on: Connection, corpusId: number): readonly VersionColumns[] {
  const found = requireWhole(on, 'embedding_versions', on.sql<VersionColumns>(OF_CORPUS).all(corpusId))
  if (!found.some(({state}) => state === 'live'))
    requireWhole(on, 'embedding_versions', on.sql<VersionColumns>('SELECT * FROM embedding_versions').all())
  return found
}

const OF_CORPUS = 'SELECT * FROM embedding_versions WHERE corpus_id = ? ORDER BY number'
const NEXT_NUMBER = 'SELECT coalesce(max(number), 0) + 1 FROM embedding_versions WHERE corpus_id = ?'

type LiveOptions = NonNullable<Parameters<VectorStore['setLiveVersion']>[2]>

function setLive(
  on: Connection,
  versionId: number,
  {allowPending, keepOld, releaseKept, settings}: LiveOptions,
): void {
  const {corpus_id: corpusId, keeps_old: keepsOld} = versionRow(on, versionId)
  const pending = on
    .sql<number>(
      `SELECT count(*) FROM chunks l WHERE l.corpus_id = ? AND l.deleted_at_ms IS NULL
       AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.chunk_id = l.id AND v.version_id = ?)`,
    )
    .pluck()
    .get(corpusId, versionId) as number
  if (pending > 0 && !allowPending) throw versionIncomplete(versionId, pending)
  const keeps = keepOld === true || keepsOld === 1
  if (keeps || releaseKept) on.sql(KEEP_NONE).run({corpusId})
  on.sql(RETIRE).run({kept: keeps ? 1 : 0, corpusId, versionId})
  on.sql(PROMOTE).run({versionId})
  if (settings) writeSettings(on, corpusId, settings)
  // Every vector that searches see is another one: to whoever exports what is new, all documents are.
  on.sql(ALL_CHANGED).run({version: bumpVersion(on, corpusId), corpusId})
}

const KEEP_NONE = `UPDATE embedding_versions SET ${setting('embedding_versions', {kept: '0'})} WHERE corpus_id = $corpusId`
const RETIRE = `UPDATE embedding_versions SET ${setting('embedding_versions', {state: "'retired'", kept: '$kept'})}
  WHERE corpus_id = $corpusId AND state = 'live' AND id <> $versionId`
const PROMOTE = `UPDATE embedding_versions SET ${setting('embedding_versions', {
  state: "'live'",
  kept: '0',
  keeps_old: '0',
})} WHERE id = $versionId`
const ALL_CHANGED = `UPDATE documents SET ${setting('documents', {changed_version: '$version'})}
  WHERE corpus_id = $corpusId AND deleted_at_ms IS NULL`
