import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {seededNumbers} from '../../test/support/seeded-text.js'

const SYLLABLES = 'ka lo mi ren tas vor pel sun dra ti on er al qui sta mon ber lin fo ga'.split(' ')
const COMMON =
  'the of and to in is that for it as was with be by on not he his but at are this have from or had an'.split(
    ' ',
  )

/** Words as a language has them: few very common, most rare, of 30,000 in all. The same seed, the same words. */
export class SeededWords {
  readonly #next: () => number
  readonly #words: readonly string[]

  constructor(seed: number) {
    this.#next = seededNumbers(seed)
    this.#words = Array.from({length: 30_000}, () =>
      Array.from({length: 2 + this.below(3)}, () => SYLLABLES[this.below(SYLLABLES.length)]!).join(''),
    )
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit)
  }

  word(): string {
    if (this.#next() < 0.4) return COMMON[this.below(COMMON.length)]!
    return this.#words[Math.floor(this.#next() ** 3 * this.#words.length)]!
  }

  /** Half of its words are of the topic, so that texts of one topic are near each other, as true texts are. */
  sentenceAbout(topic: number): string {
    const ofTopic = (): string => this.#words[(topic * 97 + this.below(40)) % this.#words.length]!
    return `${Array.from({length: 8 + this.below(10)}, () => (this.#next() < 0.5 ? ofTopic() : this.word())).join(' ')}.`
  }

  sentence(): string {
    return `${Array.from({length: 8 + this.below(10)}, () => this.word()).join(' ')}.`
  }

  /** True one time in four. */
  breaks(): boolean {
    return this.#next() < 0.25
  }
}

/** Writes Markdown files of about 1.2 kB into 20 folders. Returns what to search for: the beginnings of 50 of them. */
export function writeFiles(folder: string, count: number): string[] {
  const words = new SeededWords(42)
  const queries: string[] = []
  for (let i = 0; i < count; i++) {
    const dir = path.join(folder, `d${i % 20}`)
    if (i < 20) mkdirSync(dir, {recursive: true})
    let text = `# ${words.word()} ${words.word()} ${words.word()}\n\n`
    while (text.length < 1200) {
      if (text.length > 500 && text.length < 560) text += `## ${words.word()} ${words.word()}\n\n`
      text += `${words.sentence()} `
      if (words.breaks()) text += '\n\n'
    }
    writeFileSync(path.join(dir, `f${i}.md`), text)
    if (i % Math.ceil(count / 50) === 0) queries.push(text.split('\n')[2]!.split(' ').slice(0, 6).join(' '))
  }
  return queries
}
