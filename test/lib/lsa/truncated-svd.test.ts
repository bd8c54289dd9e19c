import {expect} from 'chai'
import {callingThread} from '../../../src/lib/lsa/lanes.js'
import {TaskRunner} from '../../../src/lib/lsa/lsa-tasks.js'
import {
  sharedFloat32,
  sharedUint32,
  type DenseMatrix,
  type SparseMatrix,
} from '../../../src/lib/lsa/matrices.js'
import {seededNormal} from '../../../src/lib/lsa/seeded-random.js'
import {symmetricEigen} from '../../../src/lib/lsa/symmetric-eigen.js'
import {truncatedSvd} from '../../../src/lib/lsa/truncated-svd.js'
import {fakeAnalyser} from './fake-analyser.js'

type Rows = number[][]

function toSparse(rows: Rows): SparseMatrix {
  const entries = rows.flatMap((row) =>
    row.flatMap((value, column) => (value === 0 ? [] : [{value, column}])),
  )
  const matrix = {
    rows: rows.length,
    columns: rows[0]!.length,
    starts: sharedUint32(rows.length + 1),
    indices: sharedUint32(entries.length),
    values: sharedFloat32(entries.length),
  }
  let count = 0
  rows.forEach((row, r) => {
    count += row.filter((value) => value !== 0).length
    matrix.starts[r + 1] = count
  })
  entries.forEach(({value, column}, e) => {
    matrix.values[e] = value
    matrix.indices[e] = column
  })
  return matrix
}

/** AᵀA, densely. */
function gram(rows: Rows): Rows {
  const columns = rows[0]!.length
  return Array.from({length: columns}, (_, i) =>
    Array.from({length: columns}, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  )
}

/** Eigenpairs by cyclic Jacobi rotations: slow and plain, and nothing in common with what is tested. */
function jacobi(matrix: Rows): {value: number; vector: number[]}[] {
  const size = matrix.length
  const a = matrix.map((row) => [...row])
  const v: Rows = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)))
  for (let round = 0; round < 60; round++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (Math.abs(a[p]![q]!) < 1e-15) continue
        const angle = 0.5 * Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!)
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        for (let k = 0; k < size; k++) {
          const [x, y] = [a[k]![p]!, a[k]![q]!]
          a[k]![p] = c * x - s * y
          a[k]![q] = s * x + c * y
        }
        for (let k = 0; k < size; k++) {
          const [x, y] = [a[p]![k]!, a[q]![k]!]
          a[p]![k] = c * x - s * y
          a[q]![k] = s * x + c * y
          const [f, g] = [v[k]![p]!, v[k]![q]!]
          v[k]![p] = c * f - s * g
          v[k]![q] = s * f + c * g
        }
      }
    }
  }
  return a
    .map((row, i) => ({value: row[i]!, vector: v.map((line) => line[i]!)}))
    .sort((x, y) => y.value - x.value)
}

/** Rows with a falling spectrum: a few strong directions over weak noise; about half the entries are zero. */
function matters(rows: number, columns: number, strong: number, noise: number): Rows {
  const normal = seededNormal(rows * 7 + columns)
  const basis = Array.from({length: strong}, () => Array.from({length: columns}, () => normal()))
  return Array.from({length: rows}, () => {
    const factors = basis.map((_, k) => (normal() * 4) / (k + 1))
    return Array.from({length: columns}, (_, c) => {
      const value = factors.reduce((sum, factor, k) => sum + factor * basis[k]![c]!, noise * normal())
      return Math.fround(value)
    })
  })
}

const svd = (rows: Rows, dimension: number): Promise<DenseMatrix> =>
  truncatedSvd(toSparse(rows), callingThread(new TaskRunner(fakeAnalyser())), {dimension})

const columnOf = (matrix: DenseMatrix, k: number): number[] =>
  Array.from({length: matrix.rows}, (_, r) => matrix.values[r * matrix.columns + k]!)

const inner = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0)

function expectOrthonormal(v: DenseMatrix): void {
  for (let i = 0; i < v.columns; i++)
    for (let j = 0; j <= i; j++)
      expect(inner(columnOf(v, i), columnOf(v, j))).to.be.closeTo(i === j ? 1 : 0, 2e-5)
}

/** Each direction of `expected` lies in the span of `v`. */
function expectSpan(v: DenseMatrix, expected: readonly number[][], tolerance: number): void {
  for (const direction of expected) {
    const held = Array.from({length: v.columns}, (_, k) => inner(columnOf(v, k), direction) ** 2)
    expect(held.reduce((a, b) => a + b, 0)).to.be.closeTo(1, tolerance)
  }
}

describe('truncatedSvd', () => {
  for (const [name, rows, columns, dimension] of [
    ['few rows', 12, 60, 8],
    ['few columns', 90, 14, 8],
    ['many of both: the randomised path', 120, 70, 8],
  ] as const) {
    it(`finds the leading directions of a matrix with ${name}`, async () => {
      const matrix = matters(rows, columns, 8, 0.02)
      const expected = jacobi(gram(matrix)).slice(0, dimension)
      const v = await svd(matrix, dimension)
      expect([v.rows, v.columns]).to.deep.equal([columns, dimension])
      expectOrthonormal(v)
      expectSpan(
        v,
        expected.map(({vector}) => vector),
        1e-6,
      )
      expected.forEach(({vector}, k) =>
        expect(Math.abs(inner(columnOf(v, k), vector))).to.be.closeTo(1, 1e-4),
      )
    })
  }

  it('keeps most of what the best approximation keeps when the spectrum hardly falls', async () => {
    const matrix = matters(150, 100, 1, 1)
    const best = jacobi(gram(matrix)).slice(0, 10)
    const v = await svd(matrix, 10)
    const g = gram(matrix)
    const kept = Array.from({length: 10}, (_, k) => {
      const column = columnOf(v, k)
      return inner(
        column,
        g.map((row) => inner(row, column)),
      )
    })
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0)
    expect(sum(kept) / sum(best.map(({value}) => value))).to.be.within(0.97, 1 + 1e-6)
  })

  for (const [name, rows, columns] of [
    ['few rows', 10, 40],
    ['few columns', 60, 15],
    ['many of both', 80, 60],
  ] as const) {
    it(`has no more directions than the rank: ${name}`, async () => {
      const v = await svd(matters(rows, columns, 3, 0), 8)
      expect(v.columns).to.equal(3)
      expectOrthonormal(v)
    })
  }

  it('is nothing for a matrix of zeros', async () => {
    const empty = {
      rows: 3,
      columns: 4,
      starts: sharedUint32(4),
      indices: sharedUint32(0),
      values: sharedFloat32(0),
    }
    const v = await truncatedSvd(empty, callingThread(new TaskRunner(fakeAnalyser())), {dimension: 8})
    expect(v.columns).to.equal(0)
  })
})

describe('symmetricEigen', () => {
  for (const size of [1, 2, 3, 17, 40]) {
    it(`agrees with Jacobi on a ${size} × ${size} matrix`, () => {
      const matrix = gram(matters(size + 3, size, Math.min(size, 4), 0.5))
      const {values, vectors} = symmetricEigen(Float64Array.from(matrix.flat()), size)
      jacobi(matrix).forEach(({value, vector}, k) => {
        const found = [...vectors.subarray(k * size, (k + 1) * size)]
        expect(values[k]).to.be.closeTo(value, 1e-9 * Math.max(1, Math.abs(values[0]!)))
        expect(Math.abs(inner(found, vector))).to.be.closeTo(1, 1e-7)
      })
    })
  }

  it('takes a diagonal matrix, one of zeros, and one with equal eigenvalues', () => {
    expect([...symmetricEigen(Float64Array.of(1, 0, 0, 3), 2).values]).to.deep.equal([3, 1])
    expect([...symmetricEigen(new Float64Array(9), 3).values]).to.deep.equal([0, 0, 0])
    const ones = symmetricEigen(new Float64Array(16).fill(1), 4)
    ;[4, 0, 0, 0].forEach((value, k) => expect(ones.values[k]).to.be.closeTo(value, 1e-12))
  })
})
