import type {Intent} from '../model/operations/answer.js'
import {INTENT_PATTERNS} from './intent-patterns.js'

/** Looked at of a question; bounds the patterns. */
const LONGEST = 500

/**
 * What kind of answer a question asks for, by its words alone. The patterns of its own language are tried first, then those of the
 * others: a short question does not always tell its language.
 */
export function recogniseIntent(question: string, language: string): Intent {
  const text = question
    .slice(0, LONGEST)
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s¿¡"'“‘«(]+/g, '')
    .trim()
  const own = INTENT_PATTERNS[language]
  for (const patterns of [...(own ? [own] : []), ...Object.values(INTENT_PATTERNS)])
    for (const [intent, pattern] of patterns) if (pattern.test(text)) return intent
  return 'other'
}
