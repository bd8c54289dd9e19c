/** A matrix by rows; entries of row r are `starts[r] … starts[r+1]`. On shared memory, so that threads can read it. */
export interface SparseMatrix {
  readonly rows: number
  readonly columns: number
  readonly starts: Uint32Array
  readonly indices: Uint32Array
  readonly values: Float32Array
}

/** A matrix of `rows × columns` numbers, row by row, on shared memory. */
export interface DenseMatrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

export const sharedUint32 = (length: number): Uint32Array =>
  new Uint32Array(new SharedArrayBuffer(length * 4))
export const sharedFloat32 = (length: number): Float32Array =>
  new Float32Array(new SharedArrayBuffer(length * 4))
export const sharedFloat64 = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(length * 8))

/** A dense matrix of zeros. */
export const denseMatrix = (rows: number, columns: number): DenseMatrix => ({
  rows,
  columns,
  values: sharedFloat32(rows * columns),
})

/** The transpose, with the entries of each row in ascending order of the original's rows. */
export function transpose(matrix: SparseMatrix): SparseMatrix {
  const {rows, columns, starts, indices, values} = matrix
  const count = starts[rows]!
  const turned = {
    rows: columns,
    columns: rows,
    starts: sharedUint32(columns + 1),
    indices: sharedUint32(count),
    values: sharedFloat32(count),
  }
  for (let e = 0; e < count; e++) turned.starts[indices[e]! + 1]!++
  for (let c = 0; c < columns; c++) turned.starts[c + 1]! += turned.starts[c]!
  const next = Uint32Array.from(turned.starts)
  for (let r = 0; r < rows; r++) {
    for (let e = starts[r]!; e < starts[r + 1]!; e++) {
      const to = next[indices[e]!]!++
      turned.indices[to] = r
      turned.values[to] = values[e]!
    }
  }
  return turned
}
