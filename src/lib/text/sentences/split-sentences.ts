import {skipSpace} from '../characters/character-class.js'
import {sentenceEnd} from './sentence-end.js'

/** `[start, end)` of each sentence of a text, in order, without white space around it. All that lies between is white space. */
export function splitSentences(text: string): readonly (readonly [start: number, end: number])[] {
  const found: [number, number][] = []
  for (let at = skipSpace(text, 0, text.length); at < text.length;) {
    const next = sentenceEnd(text, at, text.length)
    const end = at + text.slice(at, next).trimEnd().length
    if (end > at) found.push([at, end])
    at = skipSpace(text, next, text.length)
  }
  return found
}
