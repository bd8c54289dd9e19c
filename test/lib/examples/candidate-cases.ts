import {createAnalyser} from '../../../src/lib/text/analysis/create-analyser.js'
import type {Candidate, ExampleDocument} from '../../../src/lib/examples/candidate.js'
import {CandidateFinder} from '../../../src/lib/examples/find-candidates.js'

const analyser = createAnalyser()

/** What is found in a document of the given chunks. */
export async function candidatesOf(
  chunks: string | readonly string[],
  document: Partial<ExampleDocument> & {readonly headings?: readonly (readonly string[])[]} = {},
): Promise<Candidate[]> {
  const {headings, ...about} = document
  const language = about.language ?? 'en'
  await analyser.prepare([language])
  const finder = new CandidateFinder(analyser, {docId: 'd', ...about, language})
  const texts = typeof chunks === 'string' ? [chunks] : chunks
  return texts.flatMap((text, i) =>
    finder.next({
      ordinal: i + 1,
      text,
      overlap: 0,
      heading: headings?.[i] ?? [],
      isLast: i === texts.length - 1,
    }),
  )
}

/** `kind question → answer` of each. */
export const asTexts = (candidates: readonly Candidate[]): string[] =>
  candidates.map(({kind, question, answer}) => `${kind} ${question} → ${answer}`)
