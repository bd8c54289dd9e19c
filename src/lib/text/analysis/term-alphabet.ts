/**
 * ASCII characters besides letters and digits that a term may hold: `_` (`snake_case`), `.` (`1.2.3`) and `#` (`c#`).
 * An FTS5 table fed with terms declares them: `tokenize="ascii tokenchars '_.#'"`. All characters beyond ASCII are
 * token characters of that tokenizer anyway.
 */
export const TERM_PUNCTUATION = '_.#'

/** Longest term, in UTF-16 code units; what is longer is cut. */
export const MAX_TERM_LENGTH = 64

/** ASCII that no term holds, and white space. */
const UNFIT = /[\0-"$-\-/:-@[-^`{-\x7f\s]+/g

/** A term of the alphabet: what does not belong is left out, the rest cut. */
export function fitTerm(term: string): string {
  return cutTerm(term.replace(UNFIT, ''))
}

/** At most `MAX_TERM_LENGTH` code units of a text, never half of a surrogate pair. */
export function cutTerm(term: string): string {
  if (term.length <= MAX_TERM_LENGTH) return term
  const last = term.charCodeAt(MAX_TERM_LENGTH - 1)
  const splitsPair = last >= 0xd800 && last <= 0xdbff
  return term.slice(0, splitsPair ? MAX_TERM_LENGTH - 1 : MAX_TERM_LENGTH)
}
