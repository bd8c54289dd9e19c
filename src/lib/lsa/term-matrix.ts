import {sharedFloat32, sharedUint32, type SparseMatrix} from './matrices.js'
import type {TermGathering, Vocabulary} from './vocabulary.js'

/**
 * The matrix to learn from: a row an input (those without a known term are left out), a column a term, weights
 * `(1 + ln tf) · idf`, each row of length 1.
 */
export function termMatrix(
  gathering: TermGathering,
  vocabulary: Vocabulary,
  columnOf: Int32Array,
): SparseMatrix {
  const size = sizeOf(gathering, columnOf)
  const starts = sharedUint32(size.rows + 1)
  const indices = sharedUint32(size.entries)
  const values = sharedFloat32(size.entries)
  let row = 0
  let entry = 0
  for (const batch of gathering.batches) {
    if (batch === undefined) continue
    for (let i = 0; i + 1 < batch.starts.length; i++) {
      const first = entry
      for (let e = batch.starts[i]!; e < batch.starts[i + 1]!; e++) {
        const column = columnOf[batch.ids[e]!]!
        if (column < 0) continue
        indices[entry] = column
        values[entry++] = batch.frequencies[e]! * vocabulary.idf[column]!
      }
      if (entry === first) continue
      toUnitLength(values.subarray(first, entry))
      starts[++row] = entry
    }
  }
  return {rows: size.rows, columns: vocabulary.terms.length, starts, indices, values}
}

function sizeOf(gathering: TermGathering, columnOf: Int32Array): {rows: number; entries: number} {
  let rows = 0
  let entries = 0
  for (const batch of gathering.batches) {
    if (batch === undefined) continue
    for (let i = 0; i + 1 < batch.starts.length; i++) {
      const before = entries
      for (let e = batch.starts[i]!; e < batch.starts[i + 1]!; e++)
        if (columnOf[batch.ids[e]!]! >= 0) entries++
      if (entries > before) rows++
    }
  }
  return {rows, entries}
}

function toUnitLength(values: Float32Array): void {
  let square = 0
  for (const value of values) square += value * value
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0
  for (let i = 0; i < values.length; i++) values[i]! *= scale
}
