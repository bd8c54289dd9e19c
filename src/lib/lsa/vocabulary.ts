import type {CountedBatch} from './count-terms.js'

/** Most terms a model knows. */
export const MAX_TERMS = 50_000

/**
 * From this many inputs on, a term must occur in two of them to be learned: one that occurs once ties nothing together.
 * Below it every term counts, since a handful of chunks may share none; the space then has full rank, and the cosine of
 * two vectors is that of their tf-idf weights.
 */
export const FEW_INPUTS = 200

/** The terms of a model, ascending by UTF-16 code units, and the rarity of each. */
export interface Vocabulary {
  readonly terms: readonly string[]
  readonly idf: Float32Array
  readonly inputs: number
}

/** `ln((1 + inputs) / df)`: never zero, so that the only chunk of a corpus has a vector too. */
export const inverseFrequency = (inputs: number, df: number): number => Math.log((1 + inputs) / df)

/** Gathers counted batches under numbers that hold for all of them. */
export class TermGathering {
  readonly #ids = new Map<string, number>()
  readonly #frequency: number[] = []
  readonly batches: (CountedBatch | undefined)[] = []
  #inputs = 0

  get inputs(): number {
    return this.#inputs
  }

  /** Keeps batch number `index`; batches may come in any order. Rewrites its `ids`. */
  add(index: number, batch: CountedBatch): void {
    const here = Uint32Array.from(batch.terms, (term) => {
      const known = this.#ids.get(term)
      if (known !== undefined) return known
      this.#ids.set(term, this.#frequency.length)
      return this.#frequency.push(0) - 1
    })
    for (let e = 0; e < batch.ids.length; e++) {
      const id = here[batch.ids[e]!]!
      batch.ids[e] = id
      this.#frequency[id]!++
    }
    this.batches[index] = {...batch, terms: []}
    this.#inputs += batch.starts.length - 1
  }

  /** Lets go of all that was gathered. */
  release(): void {
    this.#ids.clear()
    this.batches.length = 0
  }

  /** Chooses the terms to learn: the `MAX_TERMS` that carry most information (idf · df), ties by the term itself. */
  choose(): {vocabulary: Vocabulary; columnOf: Int32Array} {
    const inputs = this.#inputs
    const least = inputs < FEW_INPUTS ? 1 : 2
    const candidates: {term: string; id: number; worth: number}[] = []
    for (const [term, id] of this.#ids) {
      const df = this.#frequency[id]!
      if (df >= least) candidates.push({term, id, worth: df * inverseFrequency(inputs, df)})
    }
    candidates.sort((a, b) => b.worth - a.worth || byCodeUnits(a.term, b.term))
    const chosen = candidates.slice(0, MAX_TERMS).sort((a, b) => byCodeUnits(a.term, b.term))
    const columnOf = new Int32Array(this.#frequency.length).fill(-1)
    chosen.forEach(({id}, column) => (columnOf[id] = column))
    const idf = Float32Array.from(chosen, ({id}) => inverseFrequency(inputs, this.#frequency[id]!))
    return {vocabulary: {terms: chosen.map(({term}) => term), idf, inputs}, columnOf}
  }
}

/** The order of the dictionary. */
export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
