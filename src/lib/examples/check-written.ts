import type {Analyser} from '../ports/analyser.js'
import {LEAST_WORDS} from './fit-answers.js'
import type {WrittenByModel} from './parse-reply.js'
import {countWords, sameKey} from './reading/text-measures.js'

/** So much of an answer's terms must stand in its chunk, unless all of it stands there word for word. */
const LEAST_SUPPORT = 0.8
const MOST_CHARACTERS = 1500
const MOST_QUESTION = 400
/** Speaks of what the asker does not see, or cites, or holds what is no text. */
const ABOUT_CHUNK =
  /\b(?:passages?|(?:this|the|provided|given) (?:text|document|excerpt|context)|der (?:text|abschnitt)|le (?:texte|passage)|el (?:texto|pasaje))\b|\[\d{1,3}\]|<\/?\w|```/i

export type Verdict = 'good' | 'unsupported' | 'unfit'

/** Whether an example that a chat model wrote may be learned: fit to be asked, and borne out by the text of its chunk. */
export function checkWritten(
  analyser: Analyser,
  {question, answer}: WrittenByModel,
  chunk: {readonly text: string; readonly language: string},
): Verdict {
  if (!isFit(question, MOST_QUESTION) || !isFit(answer, MOST_CHARACTERS) || ABOUT_CHUNK.test(question))
    return 'unfit'
  if (/\[\d{1,3}\]|<\/?passage/i.test(answer)) return 'unfit'
  return isSupported(analyser, answer, chunk) ? 'good' : 'unsupported'
}

const isFit = (text: string, most: number): boolean =>
  text.length <= most && !/[\p{Cc}]/u.test(text.replaceAll(/[\n\t]/g, ' ')) && countWords(text) >= LEAST_WORDS

function isSupported(
  analyser: Analyser,
  answer: string,
  {text, language}: {readonly text: string; readonly language: string},
): boolean {
  if (` ${sameKey(text)} `.includes(` ${sameKey(answer)} `)) return true
  const there = new Set(numbersOf(text))
  if (numbersOf(answer).some((number) => !there.has(number))) return false
  const known = new Set(analyser.terms(text, language))
  const terms = [...new Set(analyser.terms(answer, language))]
  const borne = terms.filter((term) => known.has(term)).length
  return terms.length > 0 && borne / terms.length >= LEAST_SUPPORT
}

const numbersOf = (text: string): readonly string[] => text.normalize('NFKC').match(/\p{Nd}+/gu) ?? []
