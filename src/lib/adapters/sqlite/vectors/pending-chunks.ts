import type {EmbedInput, PendingChunk} from '../../../model/embedding.js'
import type {VectorStore} from '../../../ports/store/store.js'
import type {Connection} from '../connection.js'
import {knownCounts} from '../documents/corpus-counts.js'
import {liveVersion} from './vector-table.js'

interface InputRow {
  id: number
  input_hash: string
  doc_id: string
  title: string
  heading: string
  language: string
  text: string
}

const INPUT_COLUMNS =
  'c.id, lower(hex(c.input_hash)) AS input_hash, d.doc_id, d.title, c.heading, d.language, c.text'

function toPending(row: InputRow): PendingChunk {
  return {
    chunkId: row.id,
    inputHash: row.input_hash,
    input: {...toInput(row), docId: row.doc_id},
  }
}

function toInput({text, title, heading, language}: InputRow): EmbedInput {
  return {text, title, heading: JSON.parse(heading) as string[], language}
}

/** True for a chunk `l` that has its vector in the version, which is a parameter. */
const hasVector = (dummies: boolean | undefined): string =>
  `EXISTS (SELECT 1 FROM vectors v WHERE v.chunk_id = l.id AND v.version_id = ?${dummies ? " AND v.kind <> 'dummy'" : ''})`

type PendingVerbs = Pick<VectorStore, 'pendingChunks' | 'countPending' | 'sampleInputs'>

/** What is still to be embedded, and what a model is to be learned from. */
export function pendingStore(on: Connection): PendingVerbs {
  return {
    pendingChunks: (corpusId, versionId, {afterId, limit, dummies}) =>
      on.read(() => {
        const before = afterId > 0 ? afterId : beforePending(on, corpusId, versionId, dummies)
        return on
          .sql<InputRow>(
            `SELECT ${INPUT_COLUMNS} FROM chunks c JOIN documents d ON d.id = c.document_id
             WHERE c.id IN (
               SELECT l.id FROM chunks l WHERE l.corpus_id = ? AND l.deleted_at_ms IS NULL AND l.id > ?
               AND NOT ${hasVector(dummies)}
               ORDER BY l.id LIMIT ?)
             ORDER BY c.id`,
          )
          .all(corpusId, before, versionId ?? -1, limit)
          .map(toPending)
      }),
    countPending: (corpusId, versionId, scope) =>
      on.read(
        () =>
          knownPending(on, corpusId, versionId, scope?.dummies) ??
          (on
            .sql<number>(
              `SELECT count(*) FROM chunks l WHERE l.corpus_id = ? AND l.deleted_at_ms IS NULL
               AND NOT ${hasVector(scope?.dummies)}`,
            )
            .pluck()
            .get(corpusId, versionId) as number),
      ),
    sampleInputs: (corpusId, limit) => sampleInputs(on, corpusId, limit),
  }
}

/** How many chunks are pending, when that is known without looking at each. */
function knownPending(
  on: Connection,
  corpusId: number,
  versionId: number | undefined,
  dummies: boolean | undefined,
): number | undefined {
  if (versionId === undefined || liveVersion(on, corpusId)?.id !== versionId) return undefined
  const counts = knownCounts(on, corpusId)
  return counts && counts.pending + (dummies ? counts.dummy : 0)
}

/**
 * A chunk id before which none is pending. What is pending is nearly always what came last, so it is looked for from the end, until
 * all of it is found: one new document among many costs no more than among few.
 */
function beforePending(
  on: Connection,
  corpusId: number,
  versionId: number | undefined,
  dummies: boolean | undefined,
): number {
  const pending = knownPending(on, corpusId, versionId, dummies)
  if (pending === undefined) return 0
  const first = on
    .sql<number | null>(
      `SELECT min(id) FROM (SELECT l.id FROM chunks l WHERE l.corpus_id = ? AND l.deleted_at_ms IS NULL
       AND NOT ${hasVector(dummies)} ORDER BY l.id DESC LIMIT ?)`,
    )
    .pluck()
    .get(corpusId, versionId, pending) as number | null
  return first === null ? 0 : first - 1
}

const SAMPLE_PAGE = 500

/** By input hash: as good as random, and the same for the same content in whatever order it came. */
async function* sampleInputs(
  on: Connection,
  corpusId: number,
  limit: number,
): AsyncIterable<PendingChunk['input'][]> {
  const ids = await on.read(
    () =>
      on
        .sql<number>(
          `SELECT c.id FROM chunks c WHERE c.corpus_id = ? AND c.deleted_at_ms IS NULL
           ORDER BY substr(c.input_hash, 1, 8), c.input_hash, c.id LIMIT ?`,
        )
        .pluck()
        .all(corpusId, limit) as number[],
  )
  const page = on.sql<InputRow>(
    `SELECT ${INPUT_COLUMNS} FROM json_each(?) j CROSS JOIN chunks c ON c.id = j.value CROSS JOIN documents d ON d.id = c.document_id
     ORDER BY j.key`,
  )
  for (let i = 0; i < ids.length; i += SAMPLE_PAGE) {
    const rows = await on.read(() => page.all(JSON.stringify(ids.slice(i, i + SAMPLE_PAGE))))
    yield rows.map(toInput)
  }
}
