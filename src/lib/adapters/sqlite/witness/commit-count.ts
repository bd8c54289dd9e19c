import type {Statement} from 'better-sqlite3'
import type {LostCommits} from '../../../model/lost-commits.js'
import type {CommitRecord, CorpusRecord} from './witness-records.js'

/** Of a connection, what prepares statements. */
export interface Statements {
  sql<Row>(text: string): Statement<unknown[], Row>
}

/** Counts of commits in the database: one of the whole store, under this id, and one a corpus. */
const WHOLE = 0

/** Counts a commit, of a corpus if it wrote one. Inside its transaction. */
export function countCommit(
  on: Statements,
  corpus: {readonly id: number; readonly name: string} | undefined,
): {readonly latest: CommitRecord; readonly ofCorpus?: CorpusRecord | undefined} {
  const latest = on
    .sql<CommitRecord>('UPDATE commits SET number = number + 1 WHERE corpus_id = ? RETURNING store, number')
    .get(WHOLE)!
  if (!corpus) return {latest}
  const {number} = on
    .sql<{number: number}>(
      `INSERT INTO commits (corpus_id, number) VALUES (?, 1)
       ON CONFLICT (corpus_id) DO UPDATE SET number = number + 1 RETURNING number`,
    )
    .get(corpus.id)!
  return {latest, ofCorpus: {store: latest.store, number, corpusId: corpus.id, corpus: corpus.name}}
}

/** What was witnessed, as far as it is known. */
export interface Witnessed {
  readonly latest: CommitRecord
  /** Read when some of it is gone. */
  readonly corpora: () => readonly CorpusRecord[]
  /** The log was lost while it was being copied to the database. */
  readonly isTorn: boolean
}

/**
 * What is gone of the commits that were witnessed before the database was read. A witness of another store says nothing, unless
 * nothing was ever committed here: then this store was made because the other's database was gone.
 */
export function findLoss(on: Statements, {latest, corpora, isTorn}: Witnessed): LostCommits | undefined {
  const here = on.sql<CommitRecord>('SELECT store, number FROM commits WHERE corpus_id = ?').get(WHOLE)
  if (!here) return undefined
  const isSame = here.store === latest.store
  if (isSame ? here.number >= latest.number : here.number > 0)
    return isSame && isTorn ? {commits: 0, corpora: []} : undefined
  const kept = on.sql<number>('SELECT number FROM commits WHERE corpus_id = ?').pluck()
  const keptOf = (id: number): number => (isSame ? ((kept.get(id) as number | undefined) ?? 0) : 0)
  return {
    commits: latest.number - keptOf(WHOLE),
    corpora: corpora()
      .filter(({store}) => store === latest.store)
      .map(({corpusId, corpus, number}) => ({corpus, commits: number - keptOf(corpusId)}))
      .filter(({commits}) => commits > 0),
  }
}

/** Goes on from the database as it is: its counts pass those that were witnessed. Inside a transaction that is counted. */
export function passWitnessed(on: Statements, {latest, corpora}: Witnessed): void {
  const pass = on.sql(
    `INSERT INTO commits (corpus_id, number) VALUES (?, ?)
     ON CONFLICT (corpus_id) DO UPDATE SET number = max(number, excluded.number)`,
  )
  pass.run(WHOLE, latest.number)
  for (const {corpusId, number} of corpora()) pass.run(corpusId, number)
}
