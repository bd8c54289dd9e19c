import {hash as hashOnce} from 'node:crypto'
import {
  FAULT_EXAMPLES,
  type Page,
  type PageReport,
  type RowFaultKind,
} from '../../../ports/store/store-verifier.js'
import {chunkName} from '../../../model/names.js'
import type {VectorKind} from '../../../model/embedding.js'
import {MAX_SEQ} from '../../../model/vector.js'
import type {Connection} from '../connection.js'
import {bytesToVector} from '../vectors/vector-bytes.js'

interface TextRow {
  id: number
  docId: string | null
  ordinal: number
  text: string
  hash: Buffer
}

/** The work of `StoreVerifier.checkTexts`. */
export function checkTexts(on: Connection, corpusId: number, {after, limit}: Page): PageReport {
  const page = new PageCheck('text')
  const rows = on
    .sql<TextRow>(
      `SELECT c.id, d.doc_id AS docId, c.ordinal, c.text, c.content_hash AS hash
       FROM (SELECT id FROM chunks INDEXED BY live_chunks
             WHERE corpus_id = ? AND id > ? AND deleted_at_ms IS NULL ORDER BY id LIMIT ?) l
       CROSS JOIN chunks c ON c.id = l.id LEFT JOIN documents d ON d.id = c.document_id ORDER BY c.id`,
    )
    .iterate(corpusId, after, limit)
  for (const {id, docId, ordinal, text, hash} of rows) {
    const whole = hashOnce('sha256', text, 'buffer').equals(hash)
    page.row(id, Buffer.byteLength(text), whole ? undefined : chunkName(docId ?? '?', ordinal))
  }
  return page.report(after)
}

interface VectorRow {
  seq: number
  kind: VectorKind
  vector: Buffer
}

/** The work of `StoreVerifier.checkVectors`. By seq, whatever the kind: another index would have to be sorted. */
export function checkVectors(on: Connection, versionId: number, {after, limit}: Page): PageReport {
  const page = new PageCheck('vector')
  const dimension = on
    .sql<number>('SELECT dimension FROM embedding_versions WHERE id = ?')
    .pluck()
    .get(versionId) as number | undefined
  if (dimension === undefined) return page.report(after)
  const rows = on
    .sql<VectorRow>(
      'SELECT seq, kind, vector FROM vectors NOT INDEXED WHERE version_id = ? AND seq > ? ORDER BY seq LIMIT ?',
    )
    .iterate(versionId, after, limit)
  for (const row of rows)
    page.row(row.seq, row.vector.length, isUsable(row, dimension) ? undefined : `vector ${row.seq}`)
  return page.report(after)
}

/** Of the version's width, and with a direction when it is a dense one. */
export function isUsable({seq, kind, vector}: VectorRow, dimension: number): boolean {
  if (seq > MAX_SEQ || vector.length !== (kind === 'empty' ? 0 : 4 * dimension)) return false
  return kind !== 'dense' || hasDirection(vector)
}

function hasDirection(bytes: Buffer): boolean {
  let squares = 0
  for (const value of bytesToVector(bytes)) squares += value * value
  return squares > 0 && Number.isFinite(squares)
}

class PageCheck {
  readonly #kind: RowFaultKind
  readonly #examples: string[] = []
  #checked = 0
  #bytes = 0
  #faulty = 0
  #last: number | undefined

  constructor(kind: RowFaultKind) {
    this.#kind = kind
  }

  row(id: number, bytes: number, faulty: string | undefined): void {
    this.#checked++
    this.#bytes += bytes
    this.#last = id
    if (faulty === undefined) return
    this.#faulty++
    if (this.#examples.length < FAULT_EXAMPLES) this.#examples.push(faulty)
  }

  report(after: number): PageReport {
    const faults =
      this.#faulty === 0 ? [] : [{kind: this.#kind, count: this.#faulty, examples: this.#examples}]
    return {checked: this.#checked, bytes: this.#bytes, last: this.#last ?? after, faults}
  }
}
