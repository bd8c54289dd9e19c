/** Eigenvalues in descending order; eigenvector `k` is row `k` of `vectors` (`size × size`, row by row). */
export interface EigenPairs {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/**
 * All eigenvalues and eigenvectors of a real symmetric matrix (`size × size`, row by row; left untouched).
 * Householder reduction to tridiagonal form, then implicit QL with Wilkinson's shift (Golub & Van Loan, *Matrix
 * Computations*, §8.3). Cost about 9·size³. No step depends on anything but the numbers given.
 */
export function symmetricEigen(matrix: Float64Array, size: number): EigenPairs {
  const work = Float64Array.from(matrix)
  const diagonal = new Float64Array(size)
  const beside = new Float64Array(size)
  const betas = tridiagonalise(work, size, diagonal, beside)
  const vectors = transformation(work, size, betas)
  diagonalise(diagonal, beside, vectors, size)
  return descending(diagonal, vectors, size)
}

/**
 * Leaves the tridiagonal in `diagonal` and `beside` (`beside[k]` couples k and k+1), and the Householder vector of step k
 * in row k of `work`, columns k+1…; answers with their factors 2/(vᵀv).
 */
function tridiagonalise(
  work: Float64Array,
  size: number,
  diagonal: Float64Array,
  beside: Float64Array,
): Float64Array {
  const betas = new Float64Array(size)
  const w = new Float64Array(size)
  const negligible = roundingOf(work)
  for (let k = 0; k < size; k++) {
    const row = k * size
    diagonal[k] = work[row + k]!
    if (k === size - 1) break
    let square = 0
    for (let j = k + 1; j < size; j++) square += work[row + j]! ** 2
    const first = work[row + k + 1]!
    const norm = Math.sqrt(square)
    beside[k] = first > 0 ? -norm : norm
    if (square - first * first <= negligible * negligible) {
      beside[k] = first
      continue
    }
    work[row + k + 1] = first - beside[k]!
    betas[k] = 1 / (square - first * beside[k]!)
    reflect(work, k, betas[k]!, w)
  }
  return betas
}

/** Entries of this size are lost in the rounding of the greatest one; to take them for zero changes nothing that is known. */
function roundingOf(...numbers: readonly Float64Array[]): number {
  let greatest = 0
  for (const list of numbers) for (const number of list) greatest = Math.max(greatest, Math.abs(number))
  return greatest * (Number.EPSILON / 4)
}

/** Applies the reflection of step `k` to both sides of the part of the matrix below and right of it. */
function reflect(work: Float64Array, k: number, beta: number, w: Float64Array): void {
  const size = w.length
  const v = k * size
  let along = 0
  for (let i = k + 1; i < size; i++) {
    const row = i * size
    let sum = 0
    for (let j = k + 1; j < size; j++) sum += work[row + j]! * work[v + j]!
    w[i] = beta * sum
    along += w[i]! * work[v + i]!
  }
  const half = (beta * along) / 2
  for (let i = k + 1; i < size; i++) w[i]! -= half * work[v + i]!
  for (let i = k + 1; i < size; i++) {
    const row = i * size
    const vi = work[v + i]!
    const wi = w[i]!
    for (let j = k + 1; j < size; j++) work[row + j]! -= vi * w[j]! + wi * work[v + j]!
  }
}

/** The product of all reflections, transposed: row k is the k-th basis vector of the tridiagonal form. */
function transformation(work: Float64Array, size: number, betas: Float64Array): Float64Array {
  const basis = new Float64Array(size * size)
  for (let k = 0; k < size; k++) basis[k * size + k] = 1
  for (let k = size - 2; k >= 0; k--) {
    const beta = betas[k]!
    if (beta === 0) continue
    const v = k * size
    for (let i = k + 1; i < size; i++) {
      const row = i * size
      let sum = 0
      for (let j = k + 1; j < size; j++) sum += basis[row + j]! * work[v + j]!
      sum *= beta
      for (let j = k + 1; j < size; j++) basis[row + j]! -= sum * work[v + j]!
    }
  }
  return basis
}

/** Turns the tridiagonal into a diagonal, taking the rows of `vectors` along. */
function diagonalise(
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  size: number,
): void {
  const negligible = roundingOf(diagonal, beside)
  for (let low = 0; low < size; low++) {
    // Each eigenvalue needs two or three rounds; the bound only keeps a matrix with NaN in it from going round for ever.
    for (let round = 0; round < 100; round++) {
      const high = decoupled(diagonal, beside, low, negligible)
      if (high === low) break
      vacuum(diagonal, beside, vectors, {low, high, size})
    }
  }
}

/** The first place from `low` on that is not coupled to the next. */
function decoupled(diagonal: Float64Array, beside: Float64Array, low: number, negligible: number): number {
  const last = diagonal.length - 1
  for (let m = low; m < last; m++) {
    const scale = Math.abs(diagonal[m]!) + Math.abs(diagonal[m + 1]!)
    if (Math.abs(beside[m]!) <= Math.max(negligible, Number.EPSILON * scale)) return m
  }
  return last
}

interface Span {
  readonly low: number
  readonly high: number
  readonly size: number
}

/** One QL step on `low…high`: a chain of rotations from the bottom up that pushes the bulge out at the top. */
function vacuum(diagonal: Float64Array, beside: Float64Array, vectors: Float64Array, span: Span): void {
  const {low, high, size} = span
  const slope = (diagonal[low + 1]! - diagonal[low]!) / (2 * beside[low]!)
  const root = Math.sqrt(slope * slope + 1)
  let g = diagonal[high]! - diagonal[low]! + beside[low]! / (slope + (slope < 0 ? -root : root))
  let sine = 1
  let cosine = 1
  let moved = 0
  for (let i = high - 1; i >= low; i--) {
    const f = sine * beside[i]!
    const b = cosine * beside[i]!
    const r = Math.sqrt(f * f + g * g)
    beside[i + 1] = r
    if (r === 0) {
      diagonal[i + 1]! -= moved
      beside[high] = 0
      return
    }
    sine = f / r
    cosine = g / r
    g = diagonal[i + 1]! - moved
    const t = (diagonal[i]! - g) * sine + 2 * cosine * b
    moved = sine * t
    diagonal[i + 1] = g + moved
    g = cosine * t - b
    rotate(vectors.subarray(i * size, (i + 2) * size), size, sine, cosine)
  }
  diagonal[low]! -= moved
  beside[low] = g
  beside[high] = 0
}

/** Rotates two neighbouring rows of `size` numbers in their plane. */
function rotate(rows: Float64Array, size: number, sine: number, cosine: number): void {
  for (let j = 0; j < size; j++) {
    const a = rows[j]!
    const b = rows[size + j]!
    rows[size + j] = sine * a + cosine * b
    rows[j] = cosine * a - sine * b
  }
}

function descending(diagonal: Float64Array, vectors: Float64Array, size: number): EigenPairs {
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]! || a - b)
  const values = new Float64Array(size)
  const sorted = new Float64Array(size * size)
  order.forEach((from, to) => {
    values[to] = diagonal[from]!
    sorted.set(vectors.subarray(from * size, (from + 1) * size), to * size)
  })
  return {values, vectors: sorted}
}
