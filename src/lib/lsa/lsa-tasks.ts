import type {EmbedInput} from '../model/embedding.js'
import type {Analyser} from '../ports/analyser.js'
import {
  countBatch,
  logFrequency,
  passageCounts,
  queryCounts,
  withLanguages,
  type CountedBatch,
} from './count-terms.js'
import {Folding, rowStride} from './fold-in.js'
import type {DenseMatrix, SparseMatrix} from './matrices.js'
import {gramOfRows, multiplyRows, transformRows, type RowRange} from './matrix-steps.js'

/** A whole model in memory. `rows` is on shared memory and laid out as `rowStride` says. */
export interface ModelTables {
  readonly dimension: number
  readonly terms: readonly string[]
  readonly rows: Float32Array
}

/** A piece of work for a worker; all of it can be sent between threads. Matrices are on shared memory. */
export type Task =
  | {readonly type: 'count'; readonly inputs: readonly EmbedInput[]}
  | {readonly type: 'embed'; readonly inputs: readonly EmbedInput[]; readonly kind: 'query' | 'passage'}
  | {readonly type: 'load'; readonly tables: ModelTables}
  | MatrixTask

export type MatrixTask = RowRange &
  (
    | {
        readonly type: 'multiply'
        readonly sparse: SparseMatrix
        readonly dense: DenseMatrix
        readonly out: DenseMatrix
      }
    | {readonly type: 'gram'; readonly dense: DenseMatrix; readonly out: Float64Array}
    | {
        readonly type: 'transform'
        readonly dense: DenseMatrix
        readonly map: Float64Array
        readonly out: DenseMatrix
      }
  )

export type Reply<T extends Task> = T extends {type: 'count'}
  ? CountedBatch
  : T extends {type: 'embed'}
    ? readonly (Float32Array | undefined)[]
    : undefined

/** Does tasks one after the other. The same code runs in workers and, for little work, on the calling thread. */
export class TaskRunner {
  readonly #analyser: Analyser
  #model: {readonly rowOf: ReadonlyMap<string, number>; readonly tables: ModelTables} | undefined

  constructor(analyser: Analyser) {
    this.#analyser = analyser
  }

  get fingerprint(): string {
    return this.#analyser.fingerprint
  }

  run<T extends Task>(task: T): Promise<Reply<T>>
  async run(task: Task): Promise<Reply<Task>> {
    switch (task.type) {
      case 'count':
        return countBatch(this.#analyser, await withLanguages(this.#analyser, task.inputs))
      case 'load':
        this.#model = {rowOf: new Map(task.tables.terms.map((term, i) => [term, i])), tables: task.tables}
        return undefined
      case 'embed':
        return this.#embed(await withLanguages(this.#analyser, task.inputs), task.kind)
      case 'multiply':
        multiplyRows(task.sparse, task.dense, task.out, task)
        return undefined
      case 'gram':
        gramOfRows(task.dense, task.out, task)
        return undefined
      case 'transform':
        transformRows(task.dense, task.map, task.out, task)
        return undefined
    }
  }

  #embed(inputs: readonly EmbedInput[], kind: 'query' | 'passage'): readonly (Float32Array | undefined)[] {
    if (this.#model === undefined) throw new Error('no model was loaded before the first text')
    const {rowOf, tables} = this.#model
    const stride = rowStride(tables.dimension)
    const folding = new Folding(tables.dimension)
    const countsOf = kind === 'query' ? queryCounts : passageCounts
    return inputs.map((input) => {
      for (const [term, count] of countsOf(this.#analyser, input)) {
        const row = rowOf.get(term)
        if (row !== undefined) folding.add(logFrequency(count), tables.rows, row * stride)
      }
      return folding.finish()
    })
  }
}
