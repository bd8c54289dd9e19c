import {RagError, type SearchReport} from '../../lib/index.js'
import type {BadQuery, FileQuery} from './read-queries.js'
import type {SearchWriter} from '../reporters/search-writer.js'

/**
 * Runs the queries in order, one at a time, and writes each as soon as it is answered. A query that can't be asked is named and
 * skipped; any other failure ends the run.
 * @returns how many were skipped
 */
export async function runQueries(
  queries: readonly (FileQuery | BadQuery)[],
  search: (text: string) => Promise<SearchReport>,
  writer: SearchWriter,
): Promise<number> {
  let skipped = 0
  for (const query of queries) {
    const why = query.kind === 'bad' ? query.why : await ask(query, search, writer)
    if (why === undefined) continue
    skipped++
    const id = query.kind === 'bad' ? String(query.line) : query.id
    writer.skipped({id, label: query.kind === 'bad' ? `line ${query.line}` : `query "${query.id}"`, why})
  }
  await writer.end()
  return skipped
}

/** Why the query was not asked, or undefined when it was answered. */
async function ask(
  query: FileQuery,
  search: (text: string) => Promise<SearchReport>,
  writer: SearchWriter,
): Promise<string | undefined> {
  let report: SearchReport
  try {
    report = await search(query.text)
  } catch (error) {
    if (error instanceof RagError && isAboutQuery(error)) return error.message
    throw error
  }
  await writer.next(query.id, report)
  return undefined
}

function isAboutQuery({code}: RagError): boolean {
  return code === 'USAGE' || code === 'BAD_INPUT' || code === 'TOO_LARGE' || code === 'NOT_TEXT'
}
