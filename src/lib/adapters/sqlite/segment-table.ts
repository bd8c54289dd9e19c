import type {NewSegment, Segment} from '../../model/segment.js'
import type {SegmentLog} from '../../ports/store.js'
import type {Connection} from './connection.js'
import {internal} from './errors.js'

const COLUMNS = `id, version_id AS versionId, first_seq AS firstSeq, last_seq AS lastSeq, dimension, count, file,
  size_bytes AS sizeBytes, sha256, created_at_ms AS createdAtMs`

export function segmentLog(on: Connection): SegmentLog {
  const list = (versionId: number): Segment[] =>
    on.sql<Segment>(`SELECT ${COLUMNS} FROM segments WHERE version_id = ? ORDER BY first_seq`).all(versionId)
  return {
    listSegments: (versionId) => on.read(() => list(versionId)),
    publishSegments: (versionId, {add, drop}, lease) =>
      on.writeVersion(versionId, lease, () => {
        for (const id of drop)
          on.sql('DELETE FROM segments WHERE id = ? AND version_id = ?').run(id, versionId)
        for (const segment of add) insert(on, segment)
        refuseOverlap(list(versionId))
      }),
  }
}

function insert(on: Connection, segment: NewSegment): void {
  on.sql(
    `INSERT INTO segments (version_id, first_seq, last_seq, dimension, count, file, size_bytes, sha256, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    segment.versionId,
    segment.firstSeq,
    segment.lastSeq,
    segment.dimension,
    segment.count,
    segment.file,
    segment.sizeBytes,
    segment.sha256,
    on.clock.now(),
  )
}

function refuseOverlap(segments: readonly Segment[]): void {
  for (let i = 1; i < segments.length; i++)
    if (segments[i]!.firstSeq <= segments[i - 1]!.lastSeq)
      throw internal(`Segments ${segments[i - 1]!.file} and ${segments[i]!.file} overlap.`)
}
