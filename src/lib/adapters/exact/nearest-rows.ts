/**
 * The best `capacity` of the rows offered, by score and, among equals, by smaller seq: a binary heap with the worst on top.
 */
export class NearestRows {
  readonly #scores: Float64Array
  readonly #seqs: Uint32Array
  #size = 0

  constructor(capacity: number) {
    this.#scores = new Float64Array(capacity)
    this.#seqs = new Uint32Array(capacity)
  }

  /** Whether `offer` would keep it. */
  wants(score: number, seq: number): boolean {
    return this.#size < this.#scores.length || isWorse(this.#scores[0]!, this.#seqs[0]!, score, seq)
  }

  /** Takes a row that `wants` has said yes to. */
  offer(score: number, seq: number): void {
    if (this.#size < this.#scores.length) this.#rise(this.#size++, score, seq)
    else this.#sink(score, seq)
  }

  /** Best first. */
  sorted(): {seq: number; score: number}[] {
    const rows = Array.from(this.#scores.subarray(0, this.#size), (score, i) => ({
      seq: this.#seqs[i]!,
      score,
    }))
    return rows.sort((a, b) => b.score - a.score || a.seq - b.seq)
  }

  #rise(from: number, score: number, seq: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isWorse(score, seq, this.#scores[parent]!, this.#seqs[parent]!)) break
      this.#put(at, this.#scores[parent]!, this.#seqs[parent]!)
      at = parent
    }
    this.#put(at, score, seq)
  }

  #sink(score: number, seq: number): void {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#isWorseAt(child + 1, child)) child++
      if (!isWorse(this.#scores[child]!, this.#seqs[child]!, score, seq)) break
      this.#put(at, this.#scores[child]!, this.#seqs[child]!)
      at = child
    }
    this.#put(at, score, seq)
  }

  #isWorseAt(a: number, b: number): boolean {
    return isWorse(this.#scores[a]!, this.#seqs[a]!, this.#scores[b]!, this.#seqs[b]!)
  }

  #put(at: number, score: number, seq: number): void {
    this.#scores[at] = score
    this.#seqs[at] = seq
  }
}

function isWorse(scoreA: number, seqA: number, scoreB: number, seqB: number): boolean {
  return scoreA < scoreB || (scoreA === scoreB && seqA > seqB)
}
