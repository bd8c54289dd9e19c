import type {Span} from '../../model/block.js'
import {splitClauses} from '../../text/sentences/split-clauses.js'

/** Longer ones are no sentences; bounds the patterns that are tried on them. */
const LONGEST = 700

/** The sentences of a paragraph, by their place in the chunk's text. Scripts without full stops are cut at spaces, into clauses. */
export function sentencesOf({text}: {readonly text: string}, {start, end}: Span): readonly Span[] {
  return splitClauses(text.slice(start, end))
    .map(([from, to]) => ({start: start + from, end: start + to}))
    .filter((it) => it.end - it.start <= LONGEST)
}
