import type {TextRuler} from '../../ports/text-ruler.js'
import {splitSentences} from '../sentences/split-sentences.js'
import {countTokens} from './count-tokens.js'

/** Sentences and tokens as the chunker sees them. */
export function createTextRuler(): TextRuler {
  return {countTokens, sentences: splitSentences}
}
