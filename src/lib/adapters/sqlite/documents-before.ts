import type {DocumentPut} from '../../model/batch.js'
import type {Connection} from './connection.js'
import type {DocumentRow} from './document-columns.js'

const FIND = 'SELECT * FROM documents WHERE corpus_id = ? AND doc_id = ?'
const FIND_ALL = `SELECT d.* FROM json_each(?) w CROSS JOIN documents d ON d.corpus_id = ? AND d.doc_id = w.value`

/** JSON and a bound text may not make the same bytes of other characters: of lone surrogates, of NUL. */
const PLAIN = /^[\x20-\x7e]*$/

/** A row by its id, a softly deleted one too. */
export function findDocument(on: Connection, corpusId: number, docId: string): DocumentRow | undefined {
  return on.sql<DocumentRow>(FIND).get(corpusId, docId)
}

/**
 * Finds the rows of a batch's documents as they were before it, in one query: most batches bring what is not there, and asking for each
 * costs more than that it is not. To be asked once for each put, just before it is written: where an id comes twice, the second put sees
 * what the first has written.
 */
export function documentsBefore(
  on: Connection,
  corpusId: number,
  puts: readonly DocumentPut[],
): (docId: string) => DocumentRow | undefined {
  const ids = new Set(puts.map(({docId}) => docId))
  if (ids.size < 2 || ids.size < puts.length || !puts.every(({docId}) => PLAIN.test(docId)))
    return (docId) => findDocument(on, corpusId, docId)
  const rows = new Map<string, DocumentRow>()
  for (const row of on.sql<DocumentRow>(FIND_ALL).all(JSON.stringify([...ids]), corpusId))
    rows.set(row.doc_id, row)
  return (docId) => rows.get(docId)
}
