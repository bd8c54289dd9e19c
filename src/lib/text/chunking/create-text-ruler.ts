import type {TextRuler} from '../../ports/text-ruler.js'
import {skipSpace} from './char-class.js'
import {countTokens} from './count-tokens.js'
import {sentenceEnd} from './sentence-end.js'

/** Sentences and tokens as the chunker sees them. */
export function createTextRuler(): TextRuler {
  return {countTokens, sentences}
}

function sentences(text: string): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  for (let at = skipSpace(text, 0, text.length); at < text.length;) {
    const next = sentenceEnd(text, at, text.length)
    const end = at + text.slice(at, next).trimEnd().length
    if (end > at) found.push([at, end])
    at = skipSpace(text, next, text.length)
  }
  return found
}
