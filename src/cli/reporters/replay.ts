import type {ReplayReport} from '../../lib/index.js'
import {counted, plural, showCount, showDuration} from '../output/human.js'
import {bold, type Screen} from '../output/screen.js'
import {visibleName} from '../output/visible.js'
import {pairs, table} from './table.js'

/** More files are counted, not listed. */
const MAX_LISTED = 50

const COLUMNS = [
  {title: 'FILE', cut: true},
  ...['RECORDS', 'INSERTED', 'SKIPPED', 'DUPLICATES', 'FAILED'].map((title) => ({title, right: true})),
  {title: ''},
]

/** The summary at the end of a replay: a line a file, then all together. */
export function renderReplay(report: ReplayReport, screen: Screen): string {
  const {files, chunks} = report
  const shown = files
    .filter((file) => file.error !== undefined || files.length <= MAX_LISTED)
    .slice(0, MAX_LISTED)
  const rows = shown.map((file) => [
    visibleName(file.file),
    ...[file.records, file.inserted, file.skipped, file.duplicates, file.failed].map(showCount),
    file.whole ? (file.archivedAs === undefined ? 'whole' : 'archived') : 'not whole',
  ])
  const listed = rows.length === 0 ? '' : `${table(COLUMNS, rows, screen)}\n`
  const missing = report.missing.length > 0 ? `, ${showCount(report.missing.length)} missing` : ''
  const entries: (readonly [string, string])[] = [
    [
      'Files',
      `${showCount(files.length)} (${showCount(files.filter((file) => file.whole).length)} whole)${missing}`,
    ],
    [
      'Records',
      [
        `${showCount(report.inserted)} inserted`,
        `${showCount(report.skipped)} skipped`,
        `${plural(report.duplicates, 'duplicate')}`,
        `${showCount(report.failed)} failed`,
      ].join(', '),
    ],
    [
      'Chunks',
      `${showCount(chunks.total)} in all, ${showCount(chunks.pending)} without a vector, ${showCount(chunks.dummy)} with a placeholder`,
    ],
    [
      'Model',
      report.dimension > 0
        ? `${report.model}, ${counted(report.dimension, 'dimensions')}`
        : `${report.model || '–'}, no vectors yet`,
    ],
    [
      'Time',
      `${showDuration(report.seconds)}; ${showCount(Math.round(report.recordsPerSecond))} records a second`,
    ],
  ]
  return `${listed}${bold(headline(report), screen)}\n${pairs(entries)}${tail(report)}`
}

function headline({corpus, dryRun, interrupted}: ReplayReport): string {
  if (dryRun) return `Would load into corpus ${corpus}`
  return interrupted ? `Interrupted: corpus ${corpus} is not yet complete` : `Corpus ${corpus}`
}

function tail({dryRun, interrupted}: ReplayReport): string {
  if (dryRun) return 'Nothing was changed.\n'
  return interrupted
    ? 'What was committed is safe. Run the same command again to go on where it stopped.\n'
    : ''
}
