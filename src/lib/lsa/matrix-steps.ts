import type {DenseMatrix, SparseMatrix} from './matrices.js'

/** Rows `[from, to)` of a result. Whoever computes them, and beside whatever else, the numbers are the same. */
export interface RowRange {
  readonly from: number
  readonly to: number
}

/** `out = sparse · dense` for the rows of the range; sums in double precision, in the order of each sparse row. */
export function multiplyRows(
  sparse: SparseMatrix,
  dense: DenseMatrix,
  out: DenseMatrix,
  {from, to}: RowRange,
): void {
  const width = dense.columns
  const {starts, indices, values} = sparse
  const x = dense.values
  const sums = new Float64Array(width)
  for (let r = from; r < to; r++) {
    sums.fill(0)
    const end = starts[r + 1]!
    let e = starts[r]!
    // Four entries at a time: the sums are loaded and stored once for four products.
    for (; e + 4 <= end; e += 4) {
      const a = values[e]!
      const b = values[e + 1]!
      const c = values[e + 2]!
      const d = values[e + 3]!
      const p = indices[e]! * width
      const q = indices[e + 1]! * width
      const s = indices[e + 2]! * width
      const t = indices[e + 3]! * width
      for (let j = 0; j < width; j++)
        sums[j]! += a * x[p + j]! + b * x[q + j]! + c * x[s + j]! + d * x[t + j]!
    }
    for (; e < end; e++) {
      const a = values[e]!
      const p = indices[e]! * width
      for (let j = 0; j < width; j++) sums[j]! += a * x[p + j]!
    }
    out.values.set(sums, r * width)
  }
}

/** Rows of a block taken together by `gramOfRows`. */
const GROUP = 8

/**
 * Adds `Σ row · rowᵀ` over the rows of the range to `out` (`columns × columns`, upper triangle only).
 * The block is part of the result's definition: sums are made in its order.
 */
export function gramOfRows(dense: DenseMatrix, out: Float64Array, {from, to}: RowRange): void {
  const width = dense.columns
  const group = new Float64Array(GROUP * width)
  for (let r = from; r < to; r += GROUP) {
    const rows = Math.min(GROUP, to - r)
    group.fill(0, rows * width)
    group.set(dense.values.subarray(r * width, (r + rows) * width))
    addGroup(group, width, out)
  }
}

function addGroup(g: Float64Array, width: number, out: Float64Array): void {
  const [r1, r2, r3] = [width, 2 * width, 3 * width] as const
  const [r4, r5, r6, r7] = [4 * width, 5 * width, 6 * width, 7 * width] as const
  for (let i = 0; i < width; i++) {
    const a = g[i]!
    const b = g[r1 + i]!
    const c = g[r2 + i]!
    const d = g[r3 + i]!
    const e = g[r4 + i]!
    const f = g[r5 + i]!
    const h = g[r6 + i]!
    const k = g[r7 + i]!
    const row = i * width
    for (let j = i; j < width; j++)
      out[row + j]! +=
        a * g[j]! +
        b * g[r1 + j]! +
        (c * g[r2 + j]! + d * g[r3 + j]!) +
        (e * g[r4 + j]! + f * g[r5 + j]! + (h * g[r6 + j]! + k * g[r7 + j]!))
  }
}

/** `out = dense · map` for the rows of the range; `map` is `dense.columns × out.columns`, row by row. */
export function transformRows(
  dense: DenseMatrix,
  map: Float64Array,
  out: DenseMatrix,
  range: RowRange,
): void {
  const width = dense.columns
  const wide = out.columns
  const sums = new Float64Array(2 * wide)
  const pair = new Float64Array(2 * width)
  for (let r = range.from; r < range.to; r += 2) {
    const rows = Math.min(2, range.to - r)
    sums.fill(0)
    pair.fill(0)
    pair.set(dense.values.subarray(r * width, (r + rows) * width))
    addPair(pair, map, sums)
    out.values.set(rows === 2 ? sums : sums.subarray(0, wide), r * wide)
  }
}

/** Two rows against four rows of the map at a time: each number of the map is loaded once for two products. */
function addPair(pair: Float64Array, map: Float64Array, sums: Float64Array): void {
  const width = pair.length / 2
  const wide = sums.length / 2
  let i = 0
  for (; i + 4 <= width; i += 4) {
    const m0 = i * wide
    const m1 = m0 + wide
    const m2 = m1 + wide
    const m3 = m2 + wide
    const [a0, a1, a2, a3] = [pair[i]!, pair[i + 1]!, pair[i + 2]!, pair[i + 3]!] as const
    const b0 = pair[width + i]!
    const b1 = pair[width + i + 1]!
    const b2 = pair[width + i + 2]!
    const b3 = pair[width + i + 3]!
    for (let j = 0; j < wide; j++) {
      const w = map[m0 + j]!
      const x = map[m1 + j]!
      const y = map[m2 + j]!
      const z = map[m3 + j]!
      sums[j]! += a0 * w + a1 * x + (a2 * y + a3 * z)
      sums[wide + j]! += b0 * w + b1 * x + (b2 * y + b3 * z)
    }
  }
  for (; i < width; i++) {
    const a = pair[i]!
    const b = pair[width + i]!
    for (let j = 0; j < wide; j++) {
      const w = map[i * wide + j]!
      sums[j]! += a * w
      sums[wide + j]! += b * w
    }
  }
}
