import {splitSentences} from './split-sentences.js'

/** Scripts that mark the end of a sentence, if at all, by a space. */
const UNSTOPPED = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
/** A clause ends at the first space from this length on. */
const LEAST_CLAUSE = 60
/** Thai words after which a clause goes on. */
const JOINING = /(?:และ|หรือ|ที่|ของ|ใน|ว่า|กับ|โดย|แต่|เพื่อ|จาก|เป็น|ซึ่ง|คือ|ให้|มี|ได้)$/

/** As `splitSentences`; a sentence in a script without full stops is cut at spaces, into clauses. */
export function splitClauses(text: string): readonly (readonly [start: number, end: number])[] {
  return splitSentences(text).flatMap(([start, end]) => clausesOf(text.slice(start, end), start))
}

function clausesOf(sentence: string, offset: number): readonly (readonly [number, number])[] {
  if (!UNSTOPPED.test(sentence)) return [[offset, offset + sentence.length]]
  const clauses: [number, number][] = []
  let from = 0
  for (const {index} of sentence.matchAll(/\s+(?=\S)/g)) {
    if (index - from < LEAST_CLAUSE || sentence.length - index < LEAST_CLAUSE / 2) continue
    // A number belongs to what stands around it.
    if (/\d/.test(sentence.charAt(index - 1)) || /^\s+[\d(]/.test(sentence.slice(index, index + 9))) continue
    if (JOINING.test(sentence.slice(Math.max(0, index - 9), index))) continue
    clauses.push([offset + from, offset + index])
    from = index + 1
  }
  clauses.push([offset + from, offset + sentence.length])
  return clauses
}
