/** Numbers from a seed: mulberry32. */
export function seededNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const SYLLABLES = ['ba', 'do', 'fi', 'ga', 'ku', 'lo', 'mi', 'na', 'po', 'ra', 'se', 'ti', 'vu', 'wo', 'ze']

/** Made-up English-looking prose about some topics: the same seed, the same words. */
export class SeededText {
  readonly #random: () => number
  readonly #words: readonly string[]

  constructor(seed: number, words: number) {
    this.#random = seededNumbers(seed)
    const made = new Set<string>()
    while (made.size < words) made.add(this.#word())
    this.#words = [...made]
  }

  get words(): readonly string[] {
    return this.#words
  }

  /** `paragraphs` paragraphs of `length` words each, half of them of the topic. */
  document(topic: number, paragraphs: number, length: number): string {
    const ofTopic = 12
    const first = (topic * ofTopic) % this.#words.length
    const text = Array.from({length: paragraphs}, () =>
      Array.from({length}, () =>
        this.#random() < 0.5
          ? this.#words[(first + this.#below(ofTopic)) % this.#words.length]!
          : this.#words[this.#below(this.#words.length)]!,
      ).join(' '),
    )
    return text.map((line) => `The ${line} and it was.\n`).join('\n')
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #word(): string {
    return Array.from({length: 2 + this.#below(2)}, () => SYLLABLES[this.#below(SYLLABLES.length)]!).join('')
  }
}
