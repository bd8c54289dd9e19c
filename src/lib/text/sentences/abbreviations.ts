import {TokenClass, tokenClassAt} from '../characters/character-class.js'

const {DIGIT, LATIN, LETTER} = TokenClass

/** Words after whose full stop a sentence goes on although a capital or digit may follow: English, German, French, Spanish, Italian, Portuguese, Russian. */
const KNOWN = new Set(
  (
    'dr mr mrs ms prof st jr sr vs no nos fig figs eq eqs sec ch chap vol pp ed eds al ca approx dept univ gen col sgt capt lt ' +
    'cpt rev hon gov sen rep jan feb mar apr jun jul aug sep sept oct nov dec cf viz resp incl est tel ext mt ft ' +
    'bzw vgl nr abb abs art str hr fr evtl ggf inkl zzgl bspw geb gest hrsg jh kap mio mrd sog bd tab usf zb dh ' +
    'mme mlle mgr env éd sra srta ud uds núm pág dña dn sig dott ing avv exmo sta ' +
    'им ул стр рис см др проф тыс млн млрд руб гл табл акад'
  ).split(' '),
)
/** Longer than any abbreviation; bounds the look back. */
const LONGEST = 12

/** Whether the full stop at `at` marks an abbreviation (`Dr.`), an initial (`J.`, `z. B.`, `U.S.`) or an ordinal (`3. Oktober`). */
export function isAbbreviation(text: string, at: number): boolean {
  let start = at
  const lowest = Math.max(0, at - LONGEST)
  while (start > lowest && isWordLike(text, start - 1)) start--
  const word = text.slice(start, at)
  if (word.length === 0) return false
  if (tokenClassAt(text, start) === DIGIT) return word.length <= 2 && Number(word) <= 31
  if (word.length === 1 && word !== 'I') return true
  if (word.includes('.') && word.length <= 6) return true
  return KNOWN.has(word.toLowerCase())
}

function isWordLike(text: string, at: number): boolean {
  const kind = tokenClassAt(text, at)
  return kind === LATIN || kind === LETTER || kind === DIGIT || text.charAt(at) === '.'
}
