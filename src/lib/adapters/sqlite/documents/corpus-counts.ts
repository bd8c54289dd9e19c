import type {CorpusCounts} from '../../../model/corpus.js'
import type {VectorKind} from '../../../model/embedding.js'
import {CHUNK_LIVES} from './chunk-lives.js'
import {setting} from '../checksums/checked-writes.js'
import type {Connection} from '../connection.js'

/**
 * Counting reads a row or an index entry of every chunk. The result is kept with the corpus version it belongs to, by who
 * can write, so that each of many cold searches need not count again; writes carry it on by what they change.
 */
export async function countCorpus(on: Connection, corpusId: number): Promise<CorpusCounts> {
  const known = await on.read(() => knownCounts(on, corpusId))
  if (known) return known
  if (on.db.readonly) return on.read(() => countRows(on, corpusId))
  return on.writeAside(() => {
    const counts = countRows(on, corpusId)
    keepCounts(on, corpusId, counts)
    return counts
  })
}

/** The counts that are kept for the corpus as it is now; undefined when they are to be counted. Inside a transaction. */
export function knownCounts(on: Connection, corpusId: number): CorpusCounts | undefined {
  const kept = on
    .sql<string>('SELECT counts FROM corpora WHERE id = ? AND counted_version = version')
    .pluck()
    .get(corpusId) as string | undefined
  return kept === undefined ? undefined : (JSON.parse(kept) as CorpusCounts)
}

function keepCounts(on: Connection, corpusId: number, counts: CorpusCounts): void {
  on.sql(KEEP_COUNTS).run({counts: JSON.stringify(counts), corpusId})
}

const KEEP_COUNTS = `UPDATE corpora SET ${setting('corpora', {
  counts: '$counts',
  counted_version: 'version',
})} WHERE id = $corpusId`

/** Who asks next counts anew. Inside a transaction. */
export function dropCounts(on: Connection, corpusId: number): void {
  on.sql(DROP_COUNTS).run({corpusId})
}

const DROP_COUNTS = `UPDATE corpora SET ${setting('corpora', {counted_version: '-1'})} WHERE id = $corpusId`

/** Counts the rows, whatever was counted before. Inside a transaction. */
export function countRows(on: Connection, corpusId: number): CorpusCounts {
  const one = (text: string, ...params: unknown[]): number =>
    on
      .sql<number>(text)
      .pluck()
      .get(...params) as number
  const chunks = one('SELECT count(*) FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NULL', corpusId)
  const live = on
    .sql<number>("SELECT id FROM embedding_versions WHERE corpus_id = ? AND state = 'live'")
    .pluck()
    .get(corpusId) as number | undefined
  const kinds = live === undefined ? [] : on.sql<{kind: string; n: number}>(KINDS).all(live, corpusId)
  const ofKind = (kind: string): number => kinds.find((row) => row.kind === kind)?.n ?? 0
  const done = kinds.reduce((sum, row) => sum + row.n, 0)
  return {
    documents: one('SELECT count(*) FROM documents WHERE corpus_id = ? AND deleted_at_ms IS NULL', corpusId),
    chunks,
    vectors: ofKind('dense'),
    pending: chunks - done,
    dummy: ofKind('dummy'),
    deletedChunks: one(
      'SELECT count(*) FROM chunks WHERE corpus_id = ? AND deleted_at_ms IS NOT NULL',
      corpusId,
    ),
    languages: on
      .sql<{language: string; documents: number}>(
        `SELECT language, count(*) AS documents FROM documents WHERE corpus_id = ? AND deleted_at_ms IS NULL
         GROUP BY language ORDER BY documents DESC, language`,
      )
      .all(corpusId),
  }
}

const KINDS = `SELECT v.kind, count(*) AS n FROM vectors v
  WHERE v.version_id = ? AND ${CHUNK_LIVES}
  GROUP BY v.kind`

/** What a write changes of a corpus's counts. Vectors: those of the live embedding version. */
export class CountTally {
  #documents = 0
  #chunks = 0
  #deletedChunks = 0
  readonly #kinds: Record<VectorKind, number> = {dense: 0, dummy: 0, empty: 0}
  readonly #languages = new Map<string, number>()

  /** A document came (1) or went (-1). */
  document(language: string, change: 1 | -1): void {
    this.#documents += change
    this.#languages.set(language, (this.#languages.get(language) ?? 0) + change)
  }

  chunkAdded(): void {
    this.#chunks++
  }

  /** A chunk with a vector of some kind, or none, was deleted (-1) or came back to life (1). */
  chunkLives(kind: VectorKind | undefined, change: 1 | -1): void {
    this.#chunks += change
    this.#deletedChunks -= change
    if (kind !== undefined) this.#kinds[kind] += change
  }

  /** A live chunk got a vector (1) or lost it (-1). */
  vector(kind: VectorKind, change: 1 | -1): void {
    this.#kinds[kind] += change
  }

  /**
   * Carries kept counts on to the version that the corpus has just been raised to, in the same transaction. Without counts of the
   * version before there is nothing to carry on: who asks next counts.
   */
  keep(on: Connection, corpusId: number): void {
    const kept = on
      .sql<string>('SELECT counts FROM corpora WHERE id = ? AND counted_version = version - 1')
      .pluck()
      .get(corpusId) as string | undefined
    if (kept !== undefined) keepCounts(on, corpusId, this.#added(JSON.parse(kept) as CorpusCounts))
  }

  #added(counts: CorpusCounts): CorpusCounts {
    const {dense, dummy, empty} = this.#kinds
    return {
      documents: counts.documents + this.#documents,
      chunks: counts.chunks + this.#chunks,
      vectors: counts.vectors + dense,
      pending: counts.pending + this.#chunks - dense - dummy - empty,
      dummy: counts.dummy + dummy,
      deletedChunks: counts.deletedChunks + this.#deletedChunks,
      languages: this.#countedLanguages(counts),
    }
  }

  /** As `countRows` orders them: by bytes, not by any language's alphabet. */
  #countedLanguages({languages}: CorpusCounts): CorpusCounts['languages'] {
    const all = new Map(languages.map(({language, documents}) => [language, documents]))
    for (const [language, change] of this.#languages) all.set(language, (all.get(language) ?? 0) + change)
    return [...all]
      .filter(([, documents]) => documents > 0)
      .map(([language, documents]) => ({language, documents}))
      .sort((a, b) => b.documents - a.documents || (a.language < b.language ? -1 : 1))
  }
}
