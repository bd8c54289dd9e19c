import {LATIN_PHRASES} from './phrases-latin.js'
import {OTHER_PHRASES} from './phrases-other.js'
import {fill, type Phrases} from './phrases.js'

/** What is asked of a term or heading. */
export type Asked = 'means' | 'about' | 'list' | 'figures'

/** Languages that questions are put in. */
export const ASKING_LANGUAGES: readonly string[] = [...LATIN_PHRASES.keys(), ...OTHER_PHRASES.keys()]

function phrasesFor(language: string): Phrases | undefined {
  const known = language === 'nb' || language === 'nn' ? 'no' : language
  return LATIN_PHRASES.get(known) ?? OTHER_PHRASES.get(known)
}

/**
 * The question that asks this of `subject`, in the language; `within` is the title that it stands under. In a language without phrases the
 * question is the subject itself.
 */
export function askAbout(
  language: string,
  asked: Asked,
  {subject, within}: {readonly subject: string; readonly within?: string | undefined},
): string {
  const phrases = phrasesFor(language)
  if (!phrases) return subject
  if (asked === 'means') return fill(phrases, phrases.means, {x: subject})
  if (within === undefined || within === subject) return fill(phrases, phrases[asked], {x: subject})
  return fill(phrases, phrases[`${asked}In`], {x: subject, d: within})
}
