import type {BackupCorpus, BackupReport, LeftOutFile, RestoreReport} from '../../lib/index.js'
import {plural, showBytes, showCount, showDuration, showTime} from '../output/human.js'
import {pairs} from './table.js'

/** What a backup holds, and what was copied for it. */
export function renderBackup(report: BackupReport): string {
  const {files, bytes, copiedFiles, copiedBytes, seconds} = report
  const kept = files - copiedFiles
  return `Backup ${showCount(report.number)} in ${report.dir}\n${pairs([
    ['Holds', holds(report.corpora)],
    ['Copied', `${plural(copiedFiles, 'file')}, ${showBytes(copiedBytes)}`],
    ['Kept', `${plural(kept, 'file')} from before, ${showBytes(Math.max(0, bytes - copiedBytes))}`],
    ['Time', showDuration(seconds)],
  ])}`
}

/** What was restored, or would be. */
export function renderRestore(report: RestoreReport): string {
  const {dryRun, replaced, keptOld} = report
  const title = dryRun ? 'Would be restored' : 'Restored'
  return `${title}: backup ${showCount(report.number)} of ${showTime(report.createdAtMs)}\n${pairs([
    ['Holds', holds(report.corpora)],
    ['Size', `${plural(report.files, 'file')}, ${showBytes(report.bytes)}, all whole`],
    ['Into', report.dataDir],
    ['Replaced', replaced.length === 0 ? 'nothing' : replaced.join(', ')],
    ...(keptOld === undefined ? [] : [['Old store', keptOld] as const]),
    ['Time', showDuration(report.seconds)],
  ])}`
}

/** For stderr: a file that is damaged in the store. */
export function leftOutLine({kind, file, reason}: LeftOutFile): string {
  const what = kind === 'index' ? 'Index file' : 'Model file'
  return `${what} ${file} was left out: ${reason}. The next ingest makes it anew.`
}

/** For stderr: texts that are damaged in the store. */
export function damagedTextsLine(damaged: readonly string[]): string {
  const more = damaged.length > 3 ? ` and ${showCount(damaged.length - 3)} more` : ''
  return `Texts in the backup are not what was stored: ${damaged.slice(0, 3).join(', ')}${more}. Ingest these documents anew.`
}

function holds(corpora: readonly BackupCorpus[]): string {
  const sum = (of: (corpus: BackupCorpus) => number): number =>
    corpora.reduce((all, corpus) => all + of(corpus), 0)
  return `${plural(corpora.length, 'corpus', 'corpora')}, ${plural(
    sum(({documents}) => documents),
    'document',
  )}, ${plural(
    sum(({chunks}) => chunks),
    'chunk',
  )}`
}
