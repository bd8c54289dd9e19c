/** Words that begin a question which goes on from the one before: `and for 500?`, `what about Windows?`. */
const OPENERS =
  /^(?:and then|and|but|or|so|what about|how about|what if|also|then|und was ist mit|und wie ist es mit|und|aber|oder|was ist mit|wie ist es mit|et pour|et si|et|mais|qu'en est-il de|y si|y|pero|e se|e|ma|mas|а|и|но|那么|那|では|じゃあ)(?=[\s,]|$)[\s,]*/iu

/** Words that stand for something said before. */
const POINTERS =
  /(?:^|\s)(?:it|its|it's|they|them|their|theirs|that|this|those|these|he|she|him|her|there|one|ones|same|er|sie|ihn|ihm|ihr|es|das|dies|diese|dieser|dort|dafür|damit|il|elle|ils|elles|cela|ça|eso|esto|ello|ella|он|она|оно|они|это|его|её|их)(?=[\s?.!,;:']|$)/iu

const MOST_FOLLOW_UP_WORDS = 7
const NUMBER = /\d+(?:[.,]\d+)*/gu
const PREPOSITION = /^(on|for|in|with|at|from|under|without|auf|für|unter|bei|mit|ohne|von|sur|pour|avec|sans|dans|en|con|para|sin|per|su|на|для|в|с)\s+(\S.*)$/iu
/** Capitalised, or with a digit or capital inside: a name. */
const NAME = /^[\p{Lu}][\p{L}\p{N}._+#-]*$/u

/**
 * The question as it would be asked without the conversation. Deterministic: a number takes the place of the number before, a name that of the
 * name before (after the same preposition, if there is one); otherwise both questions stand together, the new one first. A question
 * that needs nothing is left as it is. `previous` is itself a standalone question.
 */
export function standaloneQuestion(question: string, previous: string | undefined): string {
  const asked = question.trim().replaceAll(/\s+/g, ' ')
  if (previous === undefined || previous === '' || !isFollowUp(asked)) return asked
  const rest = asked.replace(OPENERS, '').replace(/[?？!.\s]+$/u, '').trim()
  if (rest === '') return previous
  return withNumber(rest, previous) ?? withName(rest, previous) ?? `${capital(rest)}: ${previous}`
}

function isFollowUp(question: string): boolean {
  const words = question.split(' ').length
  if (words > 2 * MOST_FOLLOW_UP_WORDS) return false
  if (OPENERS.test(question) && words <= MOST_FOLLOW_UP_WORDS) return true
  return POINTERS.test(question) || (words <= 2 && /[?？]$/u.test(question))
}

function withNumber(rest: string, previous: string): string | undefined {
  const [number, ...more] = rest.match(NUMBER) ?? []
  const before = previous.match(NUMBER) ?? []
  const besides = rest.replace(NUMBER, '').trim().split(/\s+/).filter(Boolean)
  if (number === undefined || more.length > 0 || before.length !== 1 || besides.length > 2) return undefined
  return previous.replace(NUMBER, () => number)
}

function withName(rest: string, previous: string): string | undefined {
  const [, preposition, object] = PREPOSITION.exec(rest) ?? []
  const thing = object ?? rest
  if (thing.split(' ').length > 3) return undefined
  const words = previous.replace(/[?？!.\s]+$/u, '').split(' ')
  const end = /[?？!.]+$/u.exec(previous)?.[0] ?? ''
  if (preposition !== undefined) {
    const at = words.map((word) => word.toLowerCase()).lastIndexOf(preposition.toLowerCase())
    if (at >= 0 && words.length - at - 1 >= 1 && words.length - at - 1 <= 3)
      return `${[...words.slice(0, at + 1), thing].join(' ')}${end}`
  }
  if (!NAME.test(thing.split(' ')[0]!)) return undefined
  const at = words.findLastIndex((word, i) => i > 0 && NAME.test(word) && word !== 'I')
  if (at < 0) return undefined
  return `${[...words.slice(0, at), thing, ...words.slice(at + 1)].join(' ')}${end}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
