import type {NewSegment, Segment} from '../../../src/lib/model/segment.js'
import type {SegmentLog} from '../../../src/lib/ports/store/store.js'
import {internal} from './memory-state.js'
import type {MemoryState} from './memory-state.js'

type Change = Parameters<SegmentLog['publishSegments']>[1]

/** The segments of a store held in memory, published and staged. */
export function memorySegments(state: MemoryState): SegmentLog {
  const ofVersion = (table: Map<number, Segment>, versionId: number): Segment[] =>
    [...table.values()].filter((it) => it.versionId === versionId).sort((a, b) => a.firstSeq - b.firstSeq)
  const change = (table: Map<number, Segment>, versionId: number, {add, drop}: Change): void => {
    const dropped = new Set(drop)
    const staying = ofVersion(table, versionId).filter((it) => !dropped.has(it.id))
    if (add.some((it) => it.versionId !== versionId))
      throw internal(`a segment of another embedding version than ${versionId}`)
    refuseOverlaps([...staying, ...add])
    for (const segment of ofVersion(table, versionId)) if (dropped.has(segment.id)) table.delete(segment.id)
    for (const segment of structuredClone(add)) {
      const id = state.nextId()
      table.set(id, {...segment, id, createdAtMs: state.clock.now()})
    }
  }
  return {
    async listSegments(versionId) {
      return structuredClone(ofVersion(state.segments, versionId))
    },
    async publishSegments(versionId, asked, lease) {
      state.writableVectors(versionId, lease)
      refuseTooFew(state, asked.add)
      change(state.segments, versionId, asked)
    },
    async listStaged(versionId) {
      return structuredClone(ofVersion(state.staged, versionId))
    },
    async stageSegments(versionId, asked, lease) {
      state.writableVectors(versionId, lease)
      change(state.staged, versionId, asked)
    },
    async publishStaged(versionId, lease) {
      state.writableVectors(versionId, lease)
      const staged = ofVersion(state.staged, versionId)
      refuseTooFew(state, staged)
      state.eraseSegments(versionId)
      change(state.segments, versionId, {add: staged, drop: []})
    },
  }
}

function refuseOverlaps(segments: readonly NewSegment[]): void {
  const sorted = [...segments].sort((a, b) => a.firstSeq - b.firstSeq)
  let last = -1
  for (const {firstSeq, lastSeq} of sorted) {
    if (lastSeq < firstSeq) throw internal(`a segment of the empty range ${firstSeq}–${lastSeq}`)
    if (firstSeq <= last) throw internal(`segments whose ranges overlap at ${firstSeq}`)
    last = lastSeq
  }
}

function refuseTooFew(state: MemoryState, segments: readonly NewSegment[]): void {
  for (const {versionId, firstSeq, lastSeq, count} of segments) {
    const stored = state
      .denseVectors(versionId)
      .filter((it) => firstSeq <= it.seq && it.seq <= lastSeq).length
    if (stored > count) throw internal(`a segment with ${count} vectors for a range that has ${stored}`)
  }
}
