/**
 * Row of a term as the model file holds it and as `Folding` takes it: its idf, then `dimension` numbers, then the row's
 * checksum (bits of a CRC-32, of no meaning as a number).
 */
export const rowStride = (dimension: number): number => dimension + 2

/** Rows added at a time: the sums are loaded and stored once for four products. */
const GROUP = 4

/** Below this length a sum of weights of some size is rounding error, and its direction means nothing. */
const SILENT = 1e-5

/**
 * Sums weighted term rows to the vector of a text: `normalise(Σ (1 + ln tf) · idf · V_t)`. In double precision and in the
 * order the rows are added, four by four, so that equal texts have equal vectors wherever they are computed.
 */
export class Folding {
  readonly #sums: Float64Array
  readonly #weights = new Float64Array(GROUP)
  readonly #starts = new Int32Array(GROUP)
  readonly #rows: Float32Array[] = []

  constructor(dimension: number) {
    this.#sums = new Float64Array(dimension)
  }

  /** Adds a term: `row` begins at `offset` of `rows` and is laid out as `rowStride` says. */
  add(frequency: number, rows: Float32Array, offset: number): void {
    const place = this.#rows.length
    this.#weights[place] = frequency * rows[offset]!
    this.#starts[place] = offset + 1
    this.#rows.push(rows)
    if (place === GROUP - 1) this.#flush()
  }

  /** The vector, of length 1, and a clean slate; `undefined` when nothing was added, or nothing that the space holds. */
  finish(): Float32Array | undefined {
    this.#flush()
    const sums = this.#sums
    let square = 0
    for (let j = 0; j < sums.length; j++) square += sums[j]! * sums[j]!
    const norm = Math.sqrt(square)
    const vector = norm > SILENT ? new Float32Array(sums.length) : undefined
    if (vector !== undefined) for (let j = 0; j < sums.length; j++) vector[j] = sums[j]! / norm
    sums.fill(0)
    return vector
  }

  #flush(): void {
    const count = this.#rows.length
    if (count === GROUP) addFour(this.#sums, this.#weights, this.#rows, this.#starts)
    else
      for (let i = 0; i < count; i++) addOne(this.#sums, this.#weights[i]!, this.#rows[i]!, this.#starts[i]!)
    this.#rows.length = 0
  }
}

function addFour(
  sums: Float64Array,
  weights: Float64Array,
  rows: readonly Float32Array[],
  starts: Int32Array,
): void {
  const [w, x, y, z] = rows as readonly [Float32Array, Float32Array, Float32Array, Float32Array]
  const a = weights[0]!
  const b = weights[1]!
  const c = weights[2]!
  const d = weights[3]!
  const p = starts[0]!
  const q = starts[1]!
  const s = starts[2]!
  const t = starts[3]!
  const length = sums.length
  for (let j = 0; j < length; j++) sums[j]! += a * w[p + j]! + b * x[q + j]! + c * y[s + j]! + d * z[t + j]!
}

function addOne(sums: Float64Array, weight: number, row: Float32Array, start: number): void {
  for (let j = 0; j < sums.length; j++) sums[j]! += weight * row[start + j]!
}
