import type {PurgeLog, StoredText} from '../../../ports/store/purge-log.js'
import type {Connection} from '../connection.js'
import {redactAnswers} from '../sessions/session-rows.js'
import {keywordTable} from '../keywords/keyword-table.js'
import {bytesToVector} from '../vectors/vector-bytes.js'

/** How long a reader of an older state is waited for at once: nothing else is done meanwhile. */
const LOG_WAIT_MS = 500
/** Rows read at once. */
const PAGE = 500

type ContentVerbs = Pick<
  PurgeLog,
  'readStoredTexts' | 'readIndexedTerms' | 'readStoredVectors' | 'redactAnswers' | 'eraseFreed'
>

/** What rows still hold, and the room of those that are gone. */
export function storedContent(on: Connection): ContentVerbs {
  return {
    readStoredTexts: (which) => readStoredTexts(on, which),
    readIndexedTerms: () => readIndexedTerms(on),
    readStoredVectors: () => readStoredVectors(on),
    redactAnswers: (ids) => on.write(() => redactAnswers(on, ids)),
    eraseFreed: (which) =>
      on.bare(() => {
        if (which === 'all') on.db.exec('VACUUM')
        return emptyLog(on)
      }),
  }
}

/** Takes the write-ahead log over into the database; false when somebody still reads what is in it. */
export function emptyLog(on: Connection): boolean {
  const usual = on.db.pragma('busy_timeout', {simple: true}) as number
  on.db.pragma(`busy_timeout = ${LOG_WAIT_MS}`)
  try {
    on.copyLog()
    const [result] = on.db.pragma('wal_checkpoint(TRUNCATE)') as {busy: number}[]
    return result?.busy === 0
  } finally {
    on.db.pragma(`busy_timeout = ${usual}`)
  }
}

/** What SQLite and FTS5 write into every file, and every index. */
const FILE_WORDS =
  'SQLite format 3 automerge crisismerge deletemerge hashsize pgsz rank usermerge version sqlite_sequence'

const WHERE: Readonly<Record<string, string>> = {
  chunks: 'document_id IN (SELECT id FROM documents)',
  messages: "role = 'user'",
}

async function* readStoredTexts(
  on: Connection,
  which: 'rows' | 'answers',
): AsyncGenerator<readonly StoredText[]> {
  if (which === 'answers')
    return yield* pagesOf(on, {table: 'messages', columns: ['text'], where: "role = 'assistant'"})
  const schema = await on.read(() =>
    on
      .sql<{type: string; name: string; sql: string}>(
        'SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL',
      )
      .all(),
  )
  // Words of the file itself; of pending purges there are words of rag alone.
  yield [{id: 0, texts: [FILE_WORDS, ...schema.map(({sql}) => sql)]}]
  const tables = schema.filter(({type, name}) => type === 'table' && !/^(?:sqlite_|keywords_)/.test(name))
  for (const {name} of tables) {
    const columns = await on.read(() => textColumns(on, name))
    if (columns.length > 0) yield* pagesOf(on, {table: name, columns, where: WHERE[name] ?? '1'})
  }
}

function textColumns(on: Connection, table: string): string[] {
  return on
    .sql<{name: string; type: string}>(`SELECT name, type FROM pragma_table_info('${table}')`)
    .all()
    .filter(({type}) => type === 'TEXT')
    .map(({name}) => name)
}

async function* pagesOf(
  on: Connection,
  {
    table,
    columns,
    where,
  }: {readonly table: string; readonly columns: readonly string[]; readonly where: string},
): AsyncGenerator<readonly StoredText[]> {
  const text = `SELECT rowid, ${columns.join(', ')} FROM ${table} WHERE rowid > ? AND ${where} ORDER BY rowid LIMIT ${PAGE}`
  for (let after = -1; ;) {
    const before = after
    const rows = await on.read(() => on.sql<[number, ...unknown[]]>(text).raw().all(before))
    if (rows.length === 0) return
    after = (rows.at(-1) as [number])[0]
    yield rows.map((row) => {
      const [id, ...values] = row as [number, ...unknown[]]
      return {id, texts: values.filter((value) => typeof value === 'string')}
    })
  }
}

async function* readIndexedTerms(
  on: Connection,
): AsyncGenerator<{readonly corpusId: number; readonly terms: readonly string[]}> {
  const corpora = await on.read(() => on.sql<number>('SELECT id FROM corpora').pluck().all() as number[])
  for (const corpusId of corpora) {
    const table = keywordTable(corpusId)
    await on.bare(() =>
      on.db.exec(
        `CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms_of_${table} USING fts5vocab(main, ${table}, row)`,
      ),
    )
    for (let after = ''; ;) {
      const before = after
      const terms = await on.read(
        () =>
          on
            .sql<string>(`SELECT term FROM temp.terms_of_${table} WHERE term > ? LIMIT ${PAGE}`)
            .pluck()
            .all(before) as string[],
      )
      if (terms.length === 0) break
      after = terms.at(-1)!
      yield {corpusId, terms}
    }
    on.dropStatements(`terms_of_${table}`)
    await on.bare(() => on.db.exec(`DROP TABLE temp.terms_of_${table}`))
  }
}

async function* readStoredVectors(on: Connection): AsyncGenerator<readonly Float32Array[]> {
  for (let after = 0; ;) {
    const before = after
    const rows = await on.read(() =>
      on
        .sql<{seq: number; vector: Buffer}>(
          `SELECT v.seq, v.vector FROM vectors v JOIN chunks c ON c.id = v.chunk_id
           WHERE v.seq > ? AND v.kind = 'dense' ORDER BY v.seq LIMIT ${PAGE}`,
        )
        .all(before),
    )
    if (rows.length === 0) return
    after = rows.at(-1)!.seq
    yield rows.map(({vector}) => bytesToVector(vector))
  }
}
