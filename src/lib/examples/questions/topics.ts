import type {Analyser} from '../../ports/analyser.js'
import {plain} from '../reading/text-measures.js'

const QUOTED = /[“„«「]([^”“»」]{3,40})[”“»」]/gu
const WORD = String.raw`\p{Lu}[\p{L}\p{M}\p{N}-]+(?:['’]\p{Lu}[\p{L}\p{M}]+)?`
const JOINED = String.raw`(?:\s(?:(?:of|the|de|del|van|von|di|da|du|la|le)\s){0,2}${WORD})`
const NAMED = new RegExp(String.raw`(?<=[\p{L}\p{N},;:)’'"”-]\s)${WORD}${JOINED}{1,3}`, 'gu')
const LEADING = new RegExp(String.raw`^${WORD}(?:\s${WORD}){1,2}(?=\s\p{Ll}|\s\()`, 'u')
const FOREIGN = /(?<=\s|\()\p{Lu}[\p{sc=Latin}\p{N}-]+(?:\s\p{Lu}[\p{sc=Latin}\p{N}-]+){1,3}/gu
const CASED = /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}]/gu
const NOT_LATIN = /[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}]/u
const ARTICLE =
  /^(?:The|Da|Seine?|Ihre?|Diese[rs]?|Als|Nach|Vor|Mit|Bei|Für|Aus|Vom|Zum|Zur|Am|Beim|Während|Wenn|Weil|Viele|Einige|Andere|Manche|Mehrere|Solche|Nur|Nach|Alle|Beide|Jede[rs]?|Eine?[rsnm]?|Keine?|Trotz|Durch|Auf|Bis|Seit|Unter|Über|Zwischen|Gegen|Ohne|Um|Laut|Neben|Întrucât|Conform|Potrivit|Datorită|După|În|Pe|Cu|Din|Când|Dacă|Deși|Pentru|Prin|На|По|Для|При|После|До|Из|От|Об|За|Во|Со|Как|Когда|Если|Після|Від|Під|Το|Οι|Τα|Των|Του|Της|Στο|Στη|Στην|Στον|Από|Με|Για|Η|Ο|An?|In|On|At|By|For|From|To|And|But|If|When|Der|Die|Das|Den|Dem|Im|El|Los|Las|La|Le|Les|Il|Lo|Gli|O|Os|De|Het|Un|Una|Une)\s/

/**
 * Languages that give names endings, and German, whose nouns have capitals: a name is taken where it leads its sentence, most likely as
 * its subject, or stands in foreign letters.
 */
const INFLECTING = new Set('de ru uk be sr pl cs sk hr sl lt el hu fi tr hy ro'.split(' '))

/** First words whose endings tell that what leads the sentence is not its subject. */
const OBLIQUE = /^\p{L}+(?:ая[сщ]\p{L}*|яя|[аи]ми|ого|его|ому|ему|ой|ых|ым|ей|уя)\s/u

/** Words in a row that a text without capitals comes back to must stand in it so often. */
const LEAST_REPEATS = 2

/** Words of languages without capitals that join others and are no part of a name. */
const JOINING = new Set(
  'में पर से को का की के ने और है हैं था थे थी भी तक एक यह वह इस उस जो कि या लिए साथ बाद द्वारा रूप कर किया गया होने میں پر سے کو کا کی کے نے اور ہے ہیں تھا تھے ایک یہ وہ جو'.split(
    ' ',
  ),
)

/** Names that a chunk comes back to: how often each stands in it. For scripts without capitals. */
export type Repeated = ReadonlyMap<string, number>

/** Counts what may be names in a chunk. Empty for scripts with capitals, whose names tell by these, and for Thai and the like. */
export function repeatedNames(analyser: Analyser, text: string, language: string): Repeated {
  const sample = text.slice(0, 4000)
  if (2 * (sample.match(CASED)?.length ?? 0) > sample.replaceAll(/\s/g, '').length) return new Map()
  if (/[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u.test(sample)) return new Map()
  const counts = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(sample)
    ? runCounts(sample)
    : pairCounts(analyser, sample, language)
  return new Map([...counts].filter(([, count]) => count >= LEAST_REPEATS))
}

/** Two words with a meaning of their own, with one space between them. */
function pairCounts(analyser: Analyser, text: string, language: string): Map<string, number> {
  const counts = new Map<string, number>()
  let before: {readonly start: number; readonly end: number} | undefined
  for (const {start, end, terms} of analyser.words(text, language)) {
    const word = text.slice(start, end)
    const isWord = terms.length > 0 && word.length >= 3 && /^[\p{L}\p{M}]+$/u.test(word) && !JOINING.has(word)
    if (isWord && before && text.slice(before.end, start) === ' ') {
      const pair = text.slice(before.start, end)
      counts.set(pair, (counts.get(pair) ?? 0) + 1)
    }
    before = isWord ? {start, end} : undefined
  }
  return counts
}

const BETWEEN =
  /[^\p{L}\p{M}\p{N}·・]+|[的了在是和与及或为以被把从到由于对将也就都而且其之等个这那有]|[はがをにでともやへの]/u

/** Of a text without spaces: what stands between marks and small words. */
function runCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const run of text.split(BETWEEN)) if (isName(run)) counts.set(run, (counts.get(run) ?? 0) + 1)
  return counts
}

const isName = (run: string): boolean =>
  /^(?![一二三四五六七八九十两几多每约第不没只号年月日个位名届世第])[\p{sc=Han}\p{sc=Katakana}ー·・]{3,10}$/u.test(
    run,
  )

/**
 * What a sentence is about, by its looks: a name of several words, what stands in quotation marks, or a name that the chunk comes back to.
 * Undefined when nothing stands out.
 */
export function topicOf(sentence: string, language: string, repeated: Repeated): string | undefined {
  const text = plain(sentence)
  const quoted = [...text.matchAll(QUOTED)].map(([, found]) => found!.trim()).filter(isQuotedName)
  return longest(namesIn(text, language)) ?? longest(quoted) ?? mostRepeated(text, repeated)
}

/** A name or term, not something that somebody said: few words, no stop, and a capital where there are such. */
function isQuotedName(text: string): boolean {
  if (/[.!?,;:。！？，；：]/.test(text) || text.split(/\s/).length > 5) return false
  const isShort = text.length <= 12
  return /\p{Lo}/u.test(text) ? isShort : /^\p{Lu}/u.test(text)
}

function namesIn(text: string, language: string): readonly string[] {
  if (INFLECTING.has(language)) {
    const leading = [LEADING.exec(text)?.[0]].filter((name) => name !== undefined && !OBLIQUE.test(name))
    const foreign = NOT_LATIN.test(text) ? [...text.matchAll(FOREIGN)].map(([found]) => found) : []
    return [...leading, ...foreign].filter((name) => name !== undefined && !ARTICLE.test(name)) as string[]
  }
  const first = /^\S+\s/.exec(text)?.[0].length ?? 0
  return [...text.matchAll(NAMED)]
    .filter(({index}) => index > first)
    .map(([found]) => found.replace(ARTICLE, ''))
    .filter((name) => name.includes(' '))
}

function mostRepeated(text: string, repeated: Repeated): string | undefined {
  let best: string | undefined
  for (const [name, count] of repeated)
    if (
      text.includes(name) &&
      (best === undefined || count * name.length > repeated.get(best)! * best.length)
    )
      best = name
  return best
}

function longest(texts: readonly string[]): string | undefined {
  return texts.reduce<string | undefined>(
    (best, it) => (best === undefined || it.length > best.length ? it : best),
    undefined,
  )
}
