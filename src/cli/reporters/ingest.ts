import {
  modelOrigin,
  type InputFailure,
  type InputFault,
  type IngestPlan,
  type IngestReport,
  type LeftBatches,
} from '../../lib/index.js'
import {counted, plural, showBytes, showCount, showDuration} from '../output/human.js'
import {bold, type Screen} from '../output/screen.js'
import {printable, visibleName} from '../output/visible.js'
import {pairs} from './table.js'

/** The summary at the end of an ingest. `hasIndex`: there are index files in the index folder. */
export function renderIngest(report: IngestReport, screen: Screen, hasIndex: boolean): string {
  const {documents: d, chunks: c} = report
  const head = report.interrupted
    ? `Interrupted: corpus ${report.corpus} is not yet complete`
    : `Corpus ${report.corpus}`
  const entries: (readonly [string, string])[] = [
    [
      'Documents',
      counts({
        added: d.added,
        updated: d.updated,
        unchanged: d.unchanged,
        deleted: d.deleted,
        failed: d.failed,
      }),
    ],
    [
      'Chunks',
      counts({added: c.added, kept: c.kept, deleted: c.deleted, 'in all': c.total, pending: c.pending}),
    ],
    ['Model', modelOf(report)],
    ['Embedding', embeddingOf(report)],
    [
      'Time',
      `${showDuration(report.seconds)}; searchable by keyword after ${showDuration(report.textSeconds)}`,
    ],
  ]
  if (d.added + d.updated > 0) entries.push(['Speed', speedOf(report)])
  entries.push(['Checkpoints', showCount(report.checkpoints)])
  if (hasIndex) entries.push(['Index', visibleName(report.indexDir)])
  if (report.left) entries.push(['Left', leftOf(report.left)])
  const ignored = renderIgnored(report.ignored)
  if (ignored !== '') entries.push(['Not read', ignored])
  const goOn = report.interrupted
    ? 'What was committed is safe. Run the same command again to go on where it stopped.\n'
    : ''
  return `${bold(head, screen)}\n${pairs(entries)}${goOn}`
}

/** What an ingest would do. */
export function renderPlan(plan: IngestPlan, screen: Screen): string {
  const {add, update, remove, failed} = plan
  const lines = [
    ...add.map((id) => `add     ${visibleName(id)}`),
    ...update.map((id) => `update  ${visibleName(id)}`),
    ...remove.map((id) => `delete  ${visibleName(id)}`),
  ]
  const summary = counts({
    add: add.length,
    update: update.length,
    unchanged: plan.unchanged,
    delete: remove.length,
  })
  const ignored = renderIgnored(plan.ignored)
  const tail = [
    bold(
      `Would change corpus ${plan.corpus}: ${summary}${failed.length > 0 ? `, ${showCount(failed.length)} failed` : ''}`,
      screen,
    ),
    ...(ignored === '' ? [] : [`Not read: ${ignored}`]),
    'Nothing was changed.',
  ]
  return [...lines, ...tail].map((line) => `${line}\n`).join('')
}

/** One line for each input that was not taken in. */
export function renderFailures(failed: readonly InputFailure[]): string {
  return failed
    .map((f) => `rag: failed: ${visibleName(f.source)}: ${printable(f.message)} (${f.code})\n`)
    .join('')
}

/** One line for each part of an input that was read only as far as it goes. */
export function renderFaults(faults: readonly InputFault[]): string {
  return faults
    .map(({source, line, message}) => {
      const at = line === undefined ? '' : `:${line}`
      return `rag: warning: ${visibleName(source)}${at}: ${printable(message)}\n`
    })
    .join('')
}

function renderIgnored(ignored: Readonly<Record<string, number>>): string {
  const entries = Object.entries(ignored).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const shown = entries.slice(0, 8).map(([type, n]) => `${showCount(n)} ${printable(type)}`)
  if (entries.length === 0) return ''
  const rest = entries.length > 8 ? ` and ${plural(entries.length - 8, 'more type')}` : ''
  return `${shown.join(', ')}${rest} (types that are not read)`
}

function counts(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([word, n]) => `${showCount(n)} ${word}`)
    .join(', ')
}

function modelOf({model, dimension}: IngestReport): string {
  if (dimension > 0) return `${model}, ${counted(dimension, 'dimensions')}`
  return `${model}, ${modelOrigin({model}) === 'learned' ? 'not learned yet' : 'no vectors yet'}`
}

function embeddingOf({cache: {embedHits, embedMisses, hitRate}}: IngestReport): string {
  const share = embedHits + embedMisses > 0 ? ` (${percent(hitRate)} from cache)` : ''
  return counts({made: embedMisses, reused: embedHits}) + share
}

/** What left as batches, and what still waits for its vectors. */
function leftOf({dir, files, documents, records, deleted, bytes, waiting}: LeftBatches): string {
  const wait = waiting > 0 ? `; ${plural(waiting, 'document')} without all vectors, later` : ''
  if (files.length === 0) return `nothing new${wait}; ${visibleName(dir)}`
  const gone = deleted > 0 ? `, ${showCount(deleted)} deleted` : ''
  return `${plural(documents, 'document')}${gone} in ${plural(records, 'record')}: ${plural(files.length, 'file')}, ${showBytes(bytes)}${wait}; ${visibleName(dir)}`
}

function speedOf({documentsPerSecond, chunksPerSecond}: IngestReport): string {
  return `${rate(documentsPerSecond)} documents a second, ${rate(chunksPerSecond)} chunks a second`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function rate(value: number): string {
  return value >= 10 ? showCount(Math.round(value)) : value.toFixed(2)
}
