import type {NewSegment, Segment} from '../../model/segment.js'
import type {SegmentLog} from '../../ports/store.js'
import {internal} from './memory-state.js'
import type {MemoryState} from './memory-state.js'

/** The published segments of a store held in memory. */
export function memorySegments(state: MemoryState): SegmentLog {
  const ofVersion = (versionId: number): Segment[] =>
    [...state.segments.values()]
      .filter((it) => it.versionId === versionId)
      .sort((a, b) => a.firstSeq - b.firstSeq)
  return {
    async listSegments(versionId) {
      return structuredClone(ofVersion(versionId))
    },
    async publishSegments(versionId, change, lease) {
      state.writableVersion(versionId, lease)
      const dropped = new Set(change.drop)
      const staying = ofVersion(versionId).filter((it) => !dropped.has(it.id))
      if (change.add.some((it) => it.versionId !== versionId))
        throw internal(`a segment of another embedding version than ${versionId}`)
      refuseOverlaps([...staying, ...change.add])
      for (const segment of ofVersion(versionId))
        if (dropped.has(segment.id)) state.segments.delete(segment.id)
      for (const segment of structuredClone(change.add)) {
        const id = state.nextId()
        state.segments.set(id, {...segment, id, createdAtMs: state.clock.now()})
      }
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
