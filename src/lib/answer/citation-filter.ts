/** A citation, or its beginning at the end of what has come so far. Brackets after a word or bracket are an index: `v[0]`. */
const CITATION = /^\[\s*\d{1,4}(?:\s*[,;]\s*\d{1,4})*\s*\]/
const BEGUN = /^\[[\s\d,;]*$/
/** Longer brackets are no citations. */
const LONGEST = 40

/**
 * Lets text through as it comes, but for citations of excerpts that were not given: those are taken out. Citations in code are no
 * citations. Holds back no more than a bracket that is still open.
 */
export class CitationFilter {
  readonly #known: ReadonlySet<number>
  readonly #cited: number[] = []
  readonly #unknown = new Set<number>()
  #held = ''
  #last = ''
  #inCode = false

  constructor(known: Iterable<number>) {
    this.#known = new Set(known)
  }

  /** Numbers cited, in the order in which they first came. */
  get cited(): readonly number[] {
    return this.#cited
  }

  /** Numbers that were taken out, ascending. */
  get unknown(): readonly number[] {
    return [...this.#unknown].sort((a, b) => a - b)
  }

  /** What can be shown by now. */
  push(piece: string): string {
    return this.#filter(piece, false)
  }

  /** The rest. */
  end(): string {
    return this.#filter('', true)
  }

  #filter(piece: string, isLast: boolean): string {
    const text = this.#held + piece
    this.#held = ''
    let out = ''
    let at = 0
    while (at < text.length) {
      const char = text.charAt(at)
      if (char === '[' && this.#mayCite()) {
        const rest = text.slice(at, at + LONGEST)
        const whole = CITATION.exec(rest)?.[0]
        if (whole !== undefined) {
          const kept = this.#keep(whole)
          out = (kept === '' ? out.replace(/ $/, '') : out) + kept
          this.#last = ']'
          at += whole.length
          continue
        }
        if (!isLast && rest.length < LONGEST && BEGUN.test(rest)) break
      }
      if (char === '`') this.#inCode = !this.#inCode
      out += char
      this.#last = char
      at++
    }
    return this.#release(out, text.slice(at), isLast)
  }

  #mayCite(): boolean {
    return !this.#inCode && !/[\p{L}\p{N}_)]/u.test(this.#last)
  }

  /** A space at the end is held back as well: it goes with a citation that is taken out. */
  #release(out: string, open: string, isLast: boolean): string {
    const spaced = !isLast && out.endsWith(' ')
    this.#held = (spaced ? ' ' : '') + open
    return spaced ? out.slice(0, -1) : out
  }

  #keep(citation: string): string {
    const numbers = (citation.match(/\d+/g) ?? []).map(Number)
    const good = numbers.filter((n) => this.#known.has(n))
    for (const n of numbers) if (!this.#known.has(n)) this.#unknown.add(n)
    for (const n of good) if (!this.#cited.includes(n)) this.#cited.push(n)
    return good.map((n) => `[${n}]`).join('')
  }
}
