import {
  chunkName,
  placeOf,
  type DeleteReport,
  type DocumentList,
  type DocumentReport,
  type UpsertReport,
} from '../../lib/index.js'
import {showPlace} from '../output/places.js'
import {plural, showBytes, showCount, showTime} from '../output/human.js'
import {bold, dim, type Screen} from '../output/screen.js'
import {csvLine, type CsvStyle} from '../output/csv.js'
import {printable, printableLines, visibleName} from '../output/visible.js'
import {pairs, table} from './table.js'

/** The documents of a corpus, one a line. */
export function renderDocuments({documents}: DocumentList, screen: Screen): string {
  const columns = [
    {title: 'DOCUMENT', cut: true},
    {title: 'TITLE', cut: true},
    {title: 'CHUNKS', right: true},
    {title: 'UPDATED'},
  ]
  const rows = documents.map((d) => [
    visibleName(d.docId),
    printable(d.title),
    showCount(d.chunks),
    showTime(d.updatedAtMs),
  ])
  return table(columns, rows, screen)
}

/** The same as CSV. */
export function documentsCsv({documents}: DocumentList, style: CsvStyle): string {
  const head = csvLine(['doc_id', 'title', 'source', 'chunks', 'doc_hash', 'updated_at'], {raw: true})
  const rows = documents.map((d) =>
    csvLine([d.docId, d.title, d.source.source, String(d.chunks), d.docHash, showTime(d.updatedAtMs)], style),
  )
  return head + rows.join('')
}

/** One document; with its chunks when asked for. */
export function renderDocument(
  {document: d, chunks, embedded}: DocumentReport,
  screen: Screen,
  withChunks: boolean,
): string {
  const {source} = d
  const size = source.sizeBytes === undefined ? '' : ` (${showBytes(source.sizeBytes)})`
  const metadata = Object.entries(d.metadata).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  const facts = pairs([
    ['Title', printable(d.title)],
    ['Source', visibleName(source.source) + size],
    ['Language', d.language],
    ['Chunks', `${showCount(chunks.length)}, ${showCount(embedded)} with a vector`],
    ['Hash', d.docHash],
    ['Added', showTime(d.createdAtMs)],
    ['Updated', showTime(d.updatedAtMs)],
    ['Metadata', metadata.length === 0 ? 'none' : printable(metadata.join(' '))],
  ])
  const list = chunks.map((chunk) => {
    const path = chunk.heading.map(printable).join(' › ')
    const where = [showPlace(placeOf(chunk)), plural(chunk.tokens, 'token')].filter(Boolean).join(', ')
    const head = `${bold(visibleName(chunkName(chunk.docId, chunk.ordinal)), screen)}  ${path}  ${dim(`(${where})`, screen)}`
    return `\n${head}\n${printableLines(chunk.text)}\n`
  })
  return `${bold(visibleName(d.docId), screen)}\n${facts}${withChunks ? list.join('') : ''}`
}

/** What an upsert did. */
export function renderUpsert(report: UpsertReport): string {
  const id = visibleName(report.docId)
  return report.skippedDocs > 0
    ? `${id} is unchanged.\n`
    : `${id} is stored: ${plural(report.chunksCreated, 'new chunk')}.\n`
}

/** What a delete did, and for hard deletes what was checked. */
export function renderDelete({deleted, chunksDeleted, hard}: DeleteReport): string {
  const head = `Deleted ${plural(deleted.length, 'document')}, ${plural(chunksDeleted, 'chunk')}.\n`
  if (hard === undefined) return head
  const removed = [
    plural(hard.rowsRemoved, 'row'),
    plural(hard.vectorsRemoved, 'vector'),
    plural(hard.cacheEntriesRemoved, 'cache entry', 'cache entries'),
  ]
  const proof = hard.proof.map(({place, absent}) => `  ${absent ? 'absent from' : 'STILL IN   '}  ${place}\n`)
  const found =
    hard.bytes?.found.map(({file, what}) => `  STILL IN     ${printable(file)}: ${printable(what)}\n`) ?? []
  const read =
    hard.bytes === undefined
      ? ''
      : `Read every byte of ${plural(hard.bytes.files, 'file')} (${showBytes(hard.bytes.bytes)}) for them.\n`
  const segments = `${plural(hard.segmentsRewritten, 'index segment')} rewritten`
  const kept =
    hard.keptVersionDropped === undefined
      ? ''
      : `Embedding version ${hard.keptVersionDropped}, kept for rag rebuild --rollback, is gone too: its model may hold words of them.\n`
  const resumed = hard.resumed ? 'This goes on with a hard delete that was cut off before.\n' : ''
  return `${resumed}${head}Removed ${removed.join(', ')}; ${segments}.\n${kept}${read}${proof.join('')}${found.join('')}`
}
