import type {Metadata} from '../../../model/metadata.js'
import type {
  PendingPurge,
  PurgeLog,
  PurgeWork,
  RemainingChunk,
  Remains,
} from '../../../ports/store/purge-log.js'
import {insertInto, RowNumbers, withChecksum} from '../checksums/checked-writes.js'
import {requireWhole} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import {storedContent} from './stored-content.js'
import {bytesToVector} from '../vectors/vector-bytes.js'

/** Chunks read at once. */
const PAGE = 256

interface PurgeRow {
  id: number
  corpus_id: number
  begun_at_ms: number
  work: string
  needles: Buffer
}

type Written = Omit<PendingPurge, 'id' | 'corpusId' | 'begunAtMs' | 'needles'>

export function purgeLog(on: Connection): PurgeLog {
  return {
    ...storedContent(on),
    readRemains: (corpusId, docIds) => readRemains(on, corpusId, docIds),
    pendingPurges: (corpusId) =>
      on.read(() =>
        requireWhole(
          on,
          'purges',
          on
            .sql<PurgeRow>('SELECT * FROM purges WHERE corpus_id = coalesce(?, corpus_id) ORDER BY id')
            .all(corpusId ?? null),
        ).map(toPurge),
      ),
    finishPurge: ({id, corpusId}, lease) =>
      on.writeCorpus(corpusId, lease, () => {
        on.sql('DELETE FROM purges WHERE id = ? AND corpus_id = ?').run(id, corpusId)
      }),
    countVectorRows: (versionId, {from, to}) =>
      on.read(
        () =>
          on
            .sql<number>(
              "SELECT count(*) FROM vectors WHERE version_id = ? AND seq BETWEEN ? AND ? AND kind = 'dense'",
            )
            .pluck()
            .get(versionId, from, to) as number,
      ),
  }
}

const toPurge = ({id, corpus_id, begun_at_ms, work, needles}: PurgeRow): PendingPurge => ({
  id,
  corpusId: corpus_id,
  begunAtMs: begun_at_ms,
  needles,
  ...(JSON.parse(work) as Written),
})

/** Writes down what a purge leaves to be done. Inside its transaction. */
export function writePurge(
  on: Connection,
  corpusId: number,
  {needles, documents, cacheKeys}: PurgeWork,
  done: Pick<PendingPurge, 'seqs' | 'learned' | 'removed'>,
): void {
  const work: Written = {documents, cacheKeys, ...done}
  const id = new RowNumbers(on, 'purges').next
  const values = [id, corpusId, on.clock.now(), JSON.stringify(work), needles]
  on.sql(insertInto('purges')).run(withChecksum('purges', values))
}

interface DocumentRow {
  id: number
  doc_id: string
  title: string
  language: string
  metadata: string
}

interface ChunkRow {
  id: number
  text: string
  heading: string
  metadata: string | null
}

async function* readRemains(
  on: Connection,
  corpusId: number,
  docIds: readonly string[],
): AsyncGenerator<Remains> {
  const documents = await on.read(() =>
    on
      .sql<DocumentRow>(
        `SELECT id, doc_id, title, language, metadata FROM documents
         WHERE corpus_id = ? AND doc_id IN (SELECT value FROM json_each(?)) ORDER BY doc_id`,
      )
      .all(corpusId, JSON.stringify(docIds)),
  )
  for (const {id, doc_id: docId, title, language, metadata} of documents) {
    const document = {docId, title, language, metadata: JSON.parse(metadata) as Metadata}
    for (let afterId = 0, isFirst = true; ; isFirst = false) {
      const after = afterId
      const rows = await on.read(() => readPage(on, id, after))
      if (rows.length > 0 || isFirst) yield {...document, chunks: rows.map(({chunk}) => chunk)}
      if (rows.length < PAGE) break
      afterId = rows.at(-1)!.id
    }
  }
}

function readPage(
  on: Connection,
  documentId: number,
  afterId: number,
): {readonly id: number; readonly chunk: RemainingChunk}[] {
  const rows = on
    .sql<ChunkRow>(
      `SELECT id, text, heading, metadata FROM chunks WHERE document_id = ? AND id > ? ORDER BY id LIMIT ${PAGE}`,
    )
    .all(documentId, afterId)
  const vectors = on.sql<Buffer>("SELECT vector FROM vectors WHERE chunk_id = ? AND kind = 'dense'").pluck()
  return rows.map(({id, text, heading, metadata}) => ({
    id,
    chunk: {
      text,
      heading: JSON.parse(heading) as string[],
      metadata: metadata === null ? {} : (JSON.parse(metadata) as Metadata),
      vectors: (vectors.all(id) as Buffer[]).map(bytesToVector),
    },
  }))
}
