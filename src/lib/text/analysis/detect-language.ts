import {WordClass, wordClassOf} from '../characters/character-class.js'
import type {LanguageProfile} from './language-profiles.js'
import {ARABIC_PROFILES, CYRILLIC_PROFILES, DEVANAGARI_PROFILES, LATIN_PROFILES} from './language-profiles.js'
import {mainScript} from './sample-scripts.js'

/** No more of a text is looked at. */
const SAMPLE_LENGTH = 2_000
/** A text in Latin letters is prose when a word scores at least this much on average (`the` counts 2, names nothing). */
const LEAST_SCORE_PER_WORD = 0.2
/** Fewer points than this tell nothing of a text in Latin letters: one frequent word and a bit. */
const LEAST_SCORE = 3

/** `die casting` is not German: one shared word is no sign, even in a query. */
const LEAST_QUERY_SCORE = 2
/** A text of more than a few words must hold this many different telling words of its language. */
const LEAST_DISTINCT = 2
/** Frequent words come back: from here on, points grow slower than words. */
const MOST_WORDS_EXPECTED = 100
const FEW_WORDS = 12
/** A word counts no more often than this, so that a keyword of a programming language does not pass for prose. */
const MOST_COUNTED = 4

/** Points of a telling word; a shared one and a letter have one. */
const TELLING = 2

interface ScriptModel {
  readonly profiles: readonly LanguageProfile[]
  /** Points each language gets for a word. */
  readonly words: ReadonlyMap<string, readonly Vote[]>
  readonly letters: ReadonlyMap<number, readonly Vote[]>
}
interface Vote {
  /** Index of a profile. */
  readonly profile: number
  readonly points: number
}

const models = new Map<string, ScriptModel>()

/** The language of a text by its script, its frequent words and its telling letters; `fallback` when it can't be told. */
export function detectLanguage(text: string, fallback: string): string {
  const sample = sampleOf(text)
  const script = mainScript(sample)
  const profiles = profilesOf(script)
  if (profiles === undefined) return script === '' ? fallback : script
  const found = score(sample, modelOf(script, profiles))
  const best = bestOf(found.points)
  if (script !== 'latin') return (profiles[best] ?? (profiles[0] as LanguageProfile)).language
  return isProse(found, best) ? (profiles[best] as LanguageProfile).language : fallback
}

function isProse({points, distinct, words}: Score, best: number): boolean {
  const most = points[best] ?? 0
  const counted = Math.min(words, MOST_WORDS_EXPECTED)
  if (most < LEAST_SCORE || most < counted * LEAST_SCORE_PER_WORD) return false
  return words <= FEW_WORDS || (distinct[best] as number) >= LEAST_DISTINCT
}

/**
 * The language of a query among candidates: one telling word is enough, since a query has few. `undefined` when no
 * candidate stands out.
 */
export function detectAmong(query: string, candidates: readonly string[]): string | undefined {
  const sample = sampleOf(query)
  const script = mainScript(sample)
  const profiles = profilesOf(script)
  if (profiles === undefined) return candidates.includes(script) ? script : undefined
  const {points} = score(sample, modelOf(script, profiles))
  const least = script === 'latin' ? LEAST_QUERY_SCORE : 1
  const isCandidate = profiles.map(({language}) => candidates.includes(language))
  const best =
    profiles[bestOf(points.map((value, at) => (isCandidate[at] === true && value >= least ? value : 0)))]
  if (best !== undefined) return best.language
  const possible = profiles.filter(({language}) => candidates.includes(language))
  return possible.length === 1 ? possible[0]?.language : undefined
}

/** Spelled in one way; a surrogate pair cut at the end does no harm here. */
function sampleOf(text: string): string {
  return text.slice(0, SAMPLE_LENGTH).normalize('NFC').toLowerCase()
}

function profilesOf(script: string): readonly LanguageProfile[] | undefined {
  switch (script) {
    case 'latin':
      return LATIN_PROFILES
    case 'cyrillic':
      return CYRILLIC_PROFILES
    case 'arabic':
      return ARABIC_PROFILES
    case 'devanagari':
      return DEVANAGARI_PROFILES
    default:
      return undefined
  }
}

/** Place of the one with most points, if it has any and no other has as many; else -1. */
function bestOf(points: readonly number[]): number {
  const most = Math.max(...points)
  const first = points.indexOf(most)
  return most > 0 && points.lastIndexOf(most) === first ? first : -1
}

function modelOf(script: string, profiles: readonly LanguageProfile[]): ScriptModel {
  const known = models.get(script)
  if (known !== undefined) return known
  const words = new Map<string, Vote[]>()
  const letters = new Map<number, Vote[]>()
  profiles.forEach(({telling, shared, letters: own}, profile) => {
    for (const word of new Set(telling.split(' '))) vote(words, word, {profile, points: TELLING})
    for (const word of new Set(shared.split(' '))) vote(words, word, {profile, points: 1})
    for (const letter of new Set(own)) vote(letters, letter.charCodeAt(0), {profile, points: 1})
  })
  const model = {profiles, words, letters}
  models.set(script, model)
  return model
}

function vote<Key>(votes: Map<Key, Vote[]>, key: Key, added: Vote): void {
  const list = votes.get(key)
  if (list === undefined) votes.set(key, [added])
  else list.push(added)
}

interface Score {
  readonly points: readonly number[]
  /** Different telling words of each language that were found. */
  readonly distinct: readonly number[]
  /** All words of the sample. */
  readonly words: number
}

function score(sample: string, model: ScriptModel): Score {
  const points = model.profiles.map(() => 0)
  const distinct = model.profiles.map(() => 0)
  const {words, hits} = countWords(sample, model.words)
  for (let at = 0; at < sample.length; at++) {
    const code = sample.charCodeAt(at)
    if (code >= 128) addVotes(points, model.letters.get(code), 1)
  }
  for (const [word, times] of hits) {
    const votes = model.words.get(word) ?? []
    addVotes(points, votes, Math.min(times, MOST_COUNTED))
    for (const vote of votes) {
      if (vote.points === TELLING) distinct[vote.profile] = (distinct[vote.profile] as number) + 1
    }
  }
  return {points, distinct, words}
}

/** How many words a sample has, and how often it holds each of the known ones. */
function countWords(
  sample: string,
  known: ReadonlyMap<string, unknown>,
): {words: number; hits: Map<string, number>} {
  const hits = new Map<string, number>()
  let words = 0
  let start = -1
  for (let at = 0; at <= sample.length; at++) {
    if (at < sample.length && isLetter(sample.charCodeAt(at))) {
      if (start < 0) start = at
    } else if (start >= 0) {
      const word = sample.slice(start, at)
      words++
      start = -1
      if (known.has(word)) hits.set(word, (hits.get(word) ?? 0) + 1)
    }
  }
  return {words, hits}
}

function addVotes(points: number[], votes: readonly Vote[] | undefined, times: number): void {
  if (votes === undefined) return
  for (const vote of votes) points[vote.profile] = (points[vote.profile] as number) + vote.points * times
}

/** Near enough for words of the scripts with profiles: no spaces, quotes, dashes or dots. */
function isLetter(code: number): boolean {
  if (code < 128) return wordClassOf(code) === WordClass.LETTER
  return code >= 0xc0 && (code < 0x2000 || code > 0x206f || code === 0x200c) && code < 0x2e80
}
