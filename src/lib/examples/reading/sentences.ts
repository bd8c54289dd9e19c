import type {TextRuler} from '../../ports/text-ruler.js'
import type {Span} from '../draft.js'

/** Longer ones are no sentences; bounds the patterns that are tried on them. */
const LONGEST = 700
const UNSTOPPED = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
/** A clause of a script without full stops ends at the first space from here on. */
const LEAST_CLAUSE = 60

/** Thai words after which a clause goes on. */
const JOINING = /(?:และ|หรือ|ที่|ของ|ใน|ว่า|กับ|โดย|แต่|เพื่อ|จาก|เป็น|ซึ่ง|คือ|ให้|มี|ได้)$/

/** The sentences of a paragraph, by their place in the chunk's text. Scripts without full stops are cut at spaces, into clauses. */
export function sentencesOf(
  {ruler, chunk}: {readonly ruler: TextRuler; readonly chunk: {readonly text: string}},
  {start, end}: Span,
): readonly Span[] {
  const text = chunk.text.slice(start, end)
  return ruler
    .sentences(text)
    .flatMap(([from, to]) => clausesOf(text, {start: from, end: to}))
    .map((it) => ({start: start + it.start, end: start + it.end}))
}

function clausesOf(text: string, {start, end}: Span): readonly Span[] {
  const sentence = text.slice(start, end)
  if (!UNSTOPPED.test(sentence)) return sentence.length > LONGEST ? [] : [{start, end}]
  const clauses: Span[] = []
  let from = 0
  for (const {index} of sentence.matchAll(/\s+(?=\S)/g)) {
    if (index - from < LEAST_CLAUSE || sentence.length - index < LEAST_CLAUSE / 2) continue
    // A number belongs to what stands around it.
    if (/\d/.test(sentence.charAt(index - 1)) || /^\s+[\d(]/.test(sentence.slice(index, index + 9))) continue
    if (JOINING.test(sentence.slice(Math.max(0, index - 9), index))) continue
    clauses.push({start: start + from, end: start + index})
    from = index + 1
  }
  clauses.push({start: start + from, end})
  return clauses.filter((it) => it.end - it.start <= LONGEST)
}
