import type {Analyser} from '../ports/analyser.js'
import {plain} from './text-measures.js'

const QUOTED = /[“„«「]([^”“»」]{3,40})[”“»」]/gu
const NAMED =
  /(?<=[\p{L}\p{N},;:)’'"”-]\s)\p{Lu}[\p{L}\p{M}\p{N}'’-]+(?:\s(?:(?:of|the|de|del|der|des|von|di|da|la|le|du|van)\s){0,2}\p{Lu}[\p{L}\p{M}\p{N}'’-]+){1,4}/gu
const CASED = /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}]/gu
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Words that a text without capitals comes back to must stand in it so often. */
const LEAST_REPEATS = 2

/** The words that a chunk comes back to: how often each stands in it. For scripts without capitals. */
export type Repeated = ReadonlyMap<string, number>

/**
 * Counts words of a chunk that may be what it is about. Empty for scripts with capitals, whose names tell, and for those without spaces,
 * whose words can't be told.
 */
export function repeatedWords(analyser: Analyser, text: string, language: string): Repeated {
  const sample = text.slice(0, 4000)
  if (2 * (sample.match(CASED)?.length ?? 0) > sample.replaceAll(/\s/g, '').length) return new Map()
  const counts = UNSPACED.test(sample) ? repeatedRuns(sample) : wordCounts(analyser, sample, language)
  return new Map([...counts].filter(([, count]) => count >= LEAST_REPEATS))
}

function wordCounts(analyser: Analyser, text: string, language: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const {start, end, terms} of analyser.words(text, language)) {
    const word = text.slice(start, end)
    if (terms.length === 0 || word.length < 4 || !/^[\p{L}\p{M}]+$/u.test(word)) continue
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

/** Of a text without spaces: what stands between marks, small words and spaces, and comes back. */
function repeatedRuns(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  const runs = text.split(
    /[^\p{L}\p{M}\p{N}·・]+|[的了在是和与及或为以被把从到由于对将也就都而且其之等个这那有]|[はがをにでともやへの]/u,
  )
  for (const run of runs) if (isName(run)) counts.set(run, (counts.get(run) ?? 0) + 1)
  return counts
}

const isName = (run: string): boolean =>
  /^[\p{L}\p{M}·・]+$/u.test(run) && run.length >= 3 && run.length <= (/\p{sc=Han}/u.test(run) ? 8 : 20)

/**
 * What a sentence is about, by its looks: a name of several words that does not begin it, what stands in quotation marks, or a word that
 * the chunk comes back to. Undefined when nothing stands out.
 */
export function topicOf(sentence: string, repeated: Repeated): string | undefined {
  const text = plain(sentence)
  const name = longest([...text.matchAll(NAMED)].map(([found]) => found))
  if (name !== undefined) return name
  const quoted = longest([...text.matchAll(QUOTED)].map(([, found]) => found!))
  if (quoted !== undefined) return quoted
  let best: string | undefined
  for (const [word, count] of repeated)
    if (
      text.includes(word) &&
      (best === undefined || count * word.length > repeated.get(best)! * best.length)
    )
      best = word
  return best
}

function longest(texts: readonly string[]): string | undefined {
  return texts.reduce<string | undefined>(
    (best, it) => (best === undefined || it.length > best.length ? it : best),
    undefined,
  )
}
