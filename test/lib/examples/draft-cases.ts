import {createAnalyser} from '../../../src/lib/text/analysis/create-analyser.js'
import type {Draft, ExampleDocument} from '../../../src/lib/examples/draft.js'
import {DraftFinder} from '../../../src/lib/examples/find-drafts.js'

const analyser = createAnalyser()

/** What is found in a document of the given chunks. */
export async function draftsOf(
  chunks: string | readonly string[],
  document: Partial<ExampleDocument> & {readonly headings?: readonly (readonly string[])[]} = {},
): Promise<Draft[]> {
  const {headings, ...about} = document
  const language = about.language ?? 'en'
  await analyser.prepare([language])
  const finder = new DraftFinder(analyser, {docId: 'd', ...about, language})
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
export const told = (drafts: readonly Draft[]): string[] =>
  drafts.map(({kind, question, answer}) => `${kind} ${question} → ${answer}`)
