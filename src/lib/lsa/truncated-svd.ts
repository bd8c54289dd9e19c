import {runAll, type Lanes} from './lanes.js'
import type {MatrixTask} from './lsa-tasks.js'
import {denseMatrix, sharedFloat64, transpose, type DenseMatrix, type SparseMatrix} from './matrices.js'
import {seededNormal} from './seeded-random.js'
import {symmetricEigen} from './symmetric-eigen.js'

export interface SvdOptions {
  /** Most directions to find. */
  readonly dimension: number
  readonly signal?: AbortSignal | undefined
  /** Called with the share done, 0–1. */
  readonly onProgress?: ((share: number) => void) | undefined
}

/** Directions beyond those asked for, which catch what a random start misses (Halko, Martinsson & Tropp 2011, §4.2). */
const OVERSAMPLING = 16
const SEED = 0x15a_5eed

/**
 * Squared singular values below this share of the greatest are rounding errors of the float32 storage and count as zero:
 * they decide the rank.
 */
const NEGLIGIBLE = 1e-12

/**
 * The right singular vectors of the greatest singular values of a sparse matrix, as the columns of a
 * `columns × min(dimension, rank)` matrix; orthonormal up to float32 rounding, in descending order of singular value.
 *
 * Exact when the matrix has few rows or columns. Otherwise a randomised subspace iteration (Halko, Martinsson & Tropp,
 * *Finding structure with randomness*, SIAM Review 2011, algorithm 4.4) from a seeded start, with two products by the
 * matrix and two by its transpose before the last one, and an orthogonalisation half-way. A basis is orthogonalised by
 * the eigenvectors of its Gram matrix, which also tells when it has fewer dimensions than columns.
 *
 * Equal matrices give equal bytes, whatever the number of lanes: each row of a product is computed by one lane, and Gram
 * matrices are summed over blocks whose size is fixed.
 * @throws RagError INTERRUPTED | EMBEDDER_UNREACHABLE
 */
export async function truncatedSvd(
  matrix: SparseMatrix,
  lanes: Lanes,
  options: SvdOptions,
): Promise<DenseMatrix> {
  const width = options.dimension + OVERSAMPLING
  const steps = new Steps(lanes, options)
  const turned = transpose(matrix)
  if (matrix.columns <= width) return fewColumns(matrix, steps, options.dimension)
  if (matrix.rows <= width) return fewRows(matrix, turned, steps, options.dimension)

  steps.expect(10)
  const start = denseMatrix(matrix.rows, width)
  const normal = seededNormal(SEED)
  for (let i = 0; i < start.values.length; i++) start.values[i] = normal()
  const terms = denseMatrix(matrix.columns, width)
  const texts = start
  await steps.multiply(turned, texts, terms)
  await steps.multiply(matrix, terms, texts)
  await steps.transform(texts, whitening(await steps.gram(texts), width).map, texts)
  await steps.multiply(turned, texts, terms)
  await steps.multiply(matrix, terms, texts)
  // texts·M is an orthonormal basis Q of the span, and terms·M will be AᵀQ: M is applied once, with the last rotation.
  const basis = whitening(await steps.gram(texts), width).map
  await steps.multiply(turned, texts, terms)
  const projected = sandwich(await steps.gram(terms), basis, width)
  const {map, rank} = whitening(projected, width)
  const kept = Math.min(rank, options.dimension)
  return steps.transform(
    terms,
    columnsOf(product(basis, map, width), width, kept),
    denseMatrix(matrix.columns, kept),
  )
}

/** With fewer texts than directions: the eigenvectors of A·Aᵀ, turned into those of Aᵀ·A. */
async function fewRows(
  matrix: SparseMatrix,
  turned: SparseMatrix,
  steps: Steps,
  dimension: number,
): Promise<DenseMatrix> {
  steps.expect(3)
  const width = matrix.rows
  const terms = denseMatrix(matrix.columns, width)
  await steps.multiply(turned, unitMatrix(width), terms)
  const {map, rank} = whitening(await steps.gram(terms), width)
  const kept = Math.min(rank, dimension)
  return steps.transform(terms, columnsOf(map, width, kept), denseMatrix(matrix.columns, kept))
}

/** With fewer terms than directions: the eigenvectors of Aᵀ·A. */
async function fewColumns(matrix: SparseMatrix, steps: Steps, dimension: number): Promise<DenseMatrix> {
  steps.expect(2)
  const width = matrix.columns
  const texts = denseMatrix(matrix.rows, width)
  await steps.multiply(matrix, unitMatrix(width), texts)
  const {values, vectors} = symmetricEigen(await steps.gram(texts), width)
  const kept = Math.min(rankOf(values), dimension)
  const directions = denseMatrix(width, kept)
  for (let t = 0; t < width; t++)
    for (let k = 0; k < kept; k++) directions.values[t * kept + k] = vectors[k * width + t]!
  return directions
}

function unitMatrix(size: number): DenseMatrix {
  const unit = denseMatrix(size, size)
  for (let i = 0; i < size; i++) unit.values[i * size + i] = 1
  return unit
}

function rankOf(values: Float64Array): number {
  const floor = NEGLIGIBLE * Math.max(values[0] ?? 0, 0)
  const rank = values.findIndex((value) => value <= floor)
  return rank < 0 ? values.length : rank
}

/** `map` with columns `w_k / √λ_k` of a Gram matrix's eigenpairs, so that `basis · map` is orthonormal; zero beyond the rank. */
function whitening(gram: Float64Array, size: number): {map: Float64Array; rank: number} {
  const {values, vectors} = symmetricEigen(gram, size)
  const rank = rankOf(values)
  const map = new Float64Array(new SharedArrayBuffer(size * size * 8))
  for (let k = 0; k < rank; k++) {
    const scale = 1 / Math.sqrt(values[k]!)
    for (let i = 0; i < size; i++) map[i * size + k] = vectors[k * size + i]! * scale
  }
  return {map, rank}
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!
      if (factor === 0) continue
      for (let j = 0; j < size; j++) out[i * size + j]! += factor * b[k * size + j]!
    }
  return out
}

/** `mapᵀ · gram · map`. */
function sandwich(gram: Float64Array, map: Float64Array, size: number): Float64Array {
  const turned = new Float64Array(size * size)
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) turned[j * size + i] = map[i * size + j]!
  return product(turned, product(gram, map, size), size)
}

/** The first `kept` columns, on shared memory. */
function columnsOf(map: Float64Array, size: number, kept: number): Float64Array {
  const out = sharedFloat64(size * kept)
  for (let i = 0; i < size; i++) out.set(map.subarray(i * size, i * size + kept), i * kept)
  return out
}

/** Rows a task: small enough to share out evenly, large enough that sending it costs nothing. */
const ROWS = 1024
/** A Gram matrix is the sum of this many partial ones at most, however many rows there are. */
const GRAM_BLOCKS = 16

/** The three kinds of step, shared out over the lanes. */
class Steps {
  readonly #lanes: Lanes
  readonly #options: SvdOptions
  #expected = 1
  #done = 0

  constructor(lanes: Lanes, options: SvdOptions) {
    this.#lanes = lanes
    this.#options = options
  }

  /** How many steps there will be in all. */
  expect(steps: number): void {
    this.#expected = steps
  }

  async multiply(sparse: SparseMatrix, dense: DenseMatrix, out: DenseMatrix): Promise<void> {
    await this.#run(
      blocks(sparse.rows, ROWS).map((range) => ({type: 'multiply', sparse, dense, out, ...range})),
    )
  }

  /** `out` may be the same matrix: a row of the result needs only that row. */
  async transform(dense: DenseMatrix, map: Float64Array, out: DenseMatrix): Promise<DenseMatrix> {
    await this.#run(blocks(dense.rows, ROWS).map((range) => ({type: 'transform', dense, map, out, ...range})))
    return out
  }

  /** `denseᵀ · dense`, all of it. */
  async gram(dense: DenseMatrix): Promise<Float64Array> {
    const size = dense.columns
    const ranges = blocks(dense.rows, Math.max(ROWS, Math.ceil(dense.rows / GRAM_BLOCKS)))
    const parts = ranges.map(() => sharedFloat64(size * size))
    await this.#run(ranges.map((range, i) => ({type: 'gram', dense, out: parts[i]!, ...range})))
    const sum = new Float64Array(size * size)
    for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum[i * size + j] = sum[j * size + i]!
    return sum
  }

  async #run(tasks: readonly MatrixTask[]): Promise<void> {
    const {signal, onProgress} = this.#options
    let finished = 0
    const onDone = (): void => onProgress?.((this.#done + ++finished / tasks.length) / this.#expected)
    await runAll(this.#lanes, tasks, {signal, onDone})
    this.#done++
  }
}

function blocks(rows: number, size: number): {from: number; to: number}[] {
  return Array.from({length: Math.ceil(rows / size)}, (_, i) => ({
    from: i * size,
    to: Math.min(rows, (i + 1) * size),
  }))
}
