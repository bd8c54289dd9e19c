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
 * The rows of a batch's documents as they were before it, found in one query: most batches bring what is not there, and asking for each
 * costs more than that it is not. What the batch itself has written of an id is seen by those that ask for it again.
 */
export class DocumentsBefore {
  readonly #on: Connection
  readonly #corpusId: number
  /** By id; of those that are not in it, it is not known whether they are there. */
  readonly #rows = new Map<string, DocumentRow | undefined>()

  constructor(on: Connection, corpusId: number, puts: readonly DocumentPut[]) {
    this.#on = on
    this.#corpusId = corpusId
    if (puts.length < 2) return
    const ids = puts.map(({docId}) => docId).filter((docId) => PLAIN.test(docId))
    for (const docId of ids) this.#rows.set(docId, undefined)
    for (const row of on.sql<DocumentRow>(FIND_ALL).all(JSON.stringify([...this.#rows.keys()]), corpusId))
      this.#rows.set(row.doc_id, row)
  }

  /** To be asked once for each put, just before it is written. */
  find(docId: string): DocumentRow | undefined {
    const row = this.#rows.get(docId)
    const isKnown = row !== undefined || this.#rows.has(docId)
    this.#rows.delete(docId)
    return isKnown ? row : findDocument(this.#on, this.#corpusId, docId)
  }
}
