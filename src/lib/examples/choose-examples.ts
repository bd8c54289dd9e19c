import type {Digest} from '../ports/surroundings.js'
import type {Candidate} from './candidate.js'
import {sameKey} from './reading/text-measures.js'

/** What of a corpus's examples was there before. Holds a number a question and an answer, not their texts. */
export class SeenTexts {
  readonly #digest: Digest
  readonly #seen = new Set<number>()

  constructor(digest: Digest) {
    this.#digest = digest
  }

  /** Whether question and answer are both new; then they are known from now on. */
  take({question, answer}: Pick<Candidate, 'question' | 'answer'>): boolean {
    const keys = [this.#key('q', question), this.#key('a', answer)]
    if (keys.some((key) => this.#seen.has(key))) return false
    for (const key of keys) this.#seen.add(key)
    return true
  }

  #key(side: 'q' | 'a', text: string): number {
    const same = sameKey(text)
    return Number.parseInt(this.#digest.sha256(`${side}\0${same === '' ? text : same}`).slice(0, 13), 16)
  }
}

/** What is told of the candidates that were not chosen. */
export interface Chosen {
  /** In the order of the document. */
  readonly candidates: readonly Candidate[]
  readonly duplicates: number
  readonly beyondLimit: number
}

/** Another one of a kind, or of a chunk, is worth so much less: a document's examples are to be of several kinds and places. */
const SAME_KIND = 1
const SAME_CHUNK = 1

/** Candidates of a document that are kept at most while it is read, for each example that it may give. */
const KEPT = 40

/**
 * The examples of one document: the best of its candidates, of equal ones those that the seed favours. Depends on the candidates, the seed and what was seen before,
 * never on the order in which the candidates came. Holds a bounded number of candidates.
 */
export class DocumentChoice {
  readonly #digest: Digest
  readonly #seed: number
  readonly #limit: number
  #ranked: {readonly candidate: Candidate; readonly lot: string}[] = []
  #passedOver = 0

  constructor(digest: Digest, {seed, limit}: {readonly seed: number; readonly limit: number}) {
    this.#digest = digest
    this.#seed = seed
    this.#limit = limit
  }

  add(candidates: readonly Candidate[]): void {
    for (const candidate of candidates) {
      const {kind, question, answer, ordinals, span} = candidate
      const lot = this.#digest.sha256(JSON.stringify([this.#seed, kind, question, answer, ordinals, span]))
      this.#ranked.push({candidate, lot})
    }
    if (this.#ranked.length > 2 * KEPT * this.#limit) this.#shrink()
  }

  #shrink(): void {
    this.#ranked.sort((a, b) => b.candidate.quality - a.candidate.quality || (a.lot < b.lot ? -1 : 1))
    this.#passedOver += Math.max(0, this.#ranked.length - KEPT * this.#limit)
    this.#ranked.length = Math.min(this.#ranked.length, KEPT * this.#limit)
  }

  choose(seen: SeenTexts): Chosen {
    this.#shrink()
    const left = [...this.#ranked]
    const chosen: Candidate[] = []
    let duplicates = 0
    while (left.length > 0 && chosen.length < this.#limit) {
      const [best] = left.splice(bestOf(left, chosen), 1)
      if (chosen.some((other) => overlaps(other, best!.candidate)) || !seen.take(best!.candidate))
        duplicates++
      else chosen.push(best!.candidate)
    }
    const candidates = chosen.sort(inOrder)
    return {candidates, duplicates, beyondLimit: left.length + this.#passedOver}
  }
}

function bestOf(left: readonly {readonly candidate: Candidate}[], chosen: readonly Candidate[]): number {
  const worth = ({quality, kind, ordinals}: Candidate): number =>
    chosen.reduce(
      (sum, other) =>
        sum - (other.kind === kind ? SAME_KIND : 0) - (other.ordinals[0] === ordinals[0] ? SAME_CHUNK : 0),
      quality,
    )
  let best = 0
  let most = -Infinity
  left.forEach(({candidate}, i) => {
    const own = worth(candidate)
    if (own > most) [best, most] = [i, own]
  })
  return best
}

function overlaps(a: Candidate, b: Candidate): boolean {
  if (!a.span || !b.span || a.ordinals[0] !== b.ordinals[0]) return false
  return a.span.start < b.span.end && b.span.start < a.span.end
}

function inOrder(a: Candidate, b: Candidate): number {
  const at = (it: Candidate): number => it.span?.start ?? 0
  return a.ordinals[0]! - b.ordinals[0]! || at(a) - at(b) || (a.question < b.question ? -1 : 1)
}
