import type {Digest} from '../ports/surroundings.js'
import {countTokens} from '../text/chunking/count-tokens.js'
import type {ExampleChunk} from './candidate.js'
import type {PromptChunk} from './example-prompt.js'
import {countWords, plain, shareOfLetters} from './reading/text-measures.js'

const MOST_CHUNKS = 8
const MOST_TOKENS = 3000
const LEAST_LETTERS = 0.6
const LEAST_WORDS = 12

/** Chooses chunks of a document that a chat model is shown: such as hold prose, drawn by the seed. Holds a bounded number of them. */
export class ChunkChoice {
  readonly #digest: Digest
  readonly #seed: number
  #drawn: (PromptChunk & {readonly lot: string})[] = []

  constructor(digest: Digest, seed: number) {
    this.#digest = digest
    this.#seed = seed
  }

  add({ordinal, text}: ExampleChunk): void {
    const said = plain(text.replaceAll(/^\s*(?:```|~~~)[^]*?^\s*(?:```|~~~)\s*$/gm, ' '))
    if (countWords(said) < LEAST_WORDS || shareOfLetters(said) < LEAST_LETTERS) return
    this.#drawn.push({ordinal, text, lot: this.#digest.sha256(`${this.#seed}\0${ordinal}\0${text}`)})
    this.#drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1))
    this.#drawn.length = Math.min(this.#drawn.length, MOST_CHUNKS)
  }

  /** In the order of the document. One that alone is too long is left out. */
  chosen(): readonly PromptChunk[] {
    let tokens = 0
    const fitting = this.#drawn.filter(({text}) => {
      const own = countTokens(text)
      if (tokens + own > MOST_TOKENS) return false
      tokens += own
      return true
    })
    return fitting.sort((a, b) => a.ordinal - b.ordinal).map(({ordinal, text}) => ({ordinal, text}))
  }
}
