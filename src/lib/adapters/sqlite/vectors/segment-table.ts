import type {NewSegment, Segment} from '../../../model/segment.js'
import type {SegmentLog} from '../../../ports/store/store.js'
import {insertInto, RowNumbers, withChecksum} from '../checksums/checked-writes.js'
import {requireWhole} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import {segmentCountWrong, segmentsOverlap} from '../../../model/errors/store/store-rules.js'
import {spanOfVectors} from './vector-table.js'

type Table = 'segments' | 'segment_drafts'

interface SegmentRow {
  id: number
  version_id: number
  first_seq: number
  last_seq: number
  dimension: number
  count: number
  file: string
  size_bytes: number
  sha256: string
  created_at_ms: number
}

const toSegment = (row: SegmentRow): Segment => ({
  id: row.id,
  versionId: row.version_id,
  firstSeq: row.first_seq,
  lastSeq: row.last_seq,
  dimension: row.dimension,
  count: row.count,
  file: row.file,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  createdAtMs: row.created_at_ms,
})

export function segmentLog(on: Connection): SegmentLog {
  const list = (table: Table, versionId: number): Segment[] =>
    requireWhole(
      on,
      table,
      on.sql<SegmentRow>(`SELECT * FROM ${table} WHERE version_id = ? ORDER BY first_seq`).all(versionId),
    ).map(toSegment)
  const change = (
    table: Table,
    versionId: number,
    {add, drop}: {readonly add: readonly NewSegment[]; readonly drop: readonly number[]},
  ): void => {
    for (const id of drop) on.sql(`DELETE FROM ${table} WHERE id = ? AND version_id = ?`).run(id, versionId)
    for (const segment of add) insert(on, table, segment)
    refuseOverlap(list(table, versionId))
  }
  return {
    listSegments: (versionId) => on.read(() => list('segments', versionId)),
    publishSegments: (versionId, {add, drop}, lease) =>
      on.writeVectors(versionId, lease, () => {
        refuseTooFew(on, add)
        change('segments', versionId, {add, drop})
      }),
    listStaged: (versionId) => on.read(() => list('segment_drafts', versionId)),
    stageSegments: (versionId, {add, drop}, lease) =>
      on.writeVectors(versionId, lease, () => change('segment_drafts', versionId, {add, drop})),
    publishStaged: (versionId, lease) =>
      on.writeVectors(versionId, lease, () => {
        const staged = list('segment_drafts', versionId)
        refuseTooFew(on, staged)
        deleteSegments(on, versionId)
        for (const segment of staged) insert(on, 'segments', segment)
      }),
  }
}

/** Removes the rows of a version's segments, published and staged, inside a transaction. */
export function deleteSegments(on: Connection, versionId: number): void {
  on.sql('DELETE FROM segments WHERE version_id = ?').run(versionId)
  on.sql('DELETE FROM segment_drafts WHERE version_id = ?').run(versionId)
}

function insert(on: Connection, table: Table, segment: NewSegment): void {
  const values = [
    new RowNumbers(on, table).next,
    segment.versionId,
    segment.firstSeq,
    segment.lastSeq,
    segment.dimension,
    segment.count,
    segment.file,
    segment.sizeBytes,
    segment.sha256,
    on.clock.now(),
    // When it was verified.
    ...(table === 'segments' ? [null] : []),
  ]
  on.sql(insertInto(table)).run(withChecksum(table, values))
}

function refuseOverlap(segments: readonly Segment[]): void {
  for (let i = 1; i < segments.length; i++)
    if (segments[i]!.firstSeq <= segments[i - 1]!.lastSeq)
      throw segmentsOverlap(segments[i - 1]!.file, segments[i]!.file)
}

/** A vector that is in the range of a segment but not in its file would never be found. */
function refuseTooFew(on: Connection, segments: readonly NewSegment[]): void {
  for (const {versionId, firstSeq, lastSeq, count, file} of segments) {
    const stored = spanOfVectors(on, versionId, {from: firstSeq, to: lastSeq}).count
    if (stored > count) throw segmentCountWrong(file, count, stored)
  }
}
