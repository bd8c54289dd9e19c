import type {WatchEvent, WatchReport} from '../../lib/index.js'
import {plural, showCount, showDuration} from '../output/human.js'
import {printable, visibleName} from '../output/visible.js'

/** One line for something that happened. Empty for what is not worth a line. */
export function renderWatchEvent(event: WatchEvent): string {
  switch (event.kind) {
    case 'processed': {
      const {file, inserted, skipped, duplicates} = event.file
      return `${visibleName(file)}: ${showCount(inserted)} inserted, ${showCount(skipped)} skipped, ${plural(duplicates, 'duplicate')}`
    }
    case 'failed':
      return `${visibleName(event.file)}: failed (attempt ${event.attempt}): ${printable(event.message)} ${event.retryInMs > 0 ? `Tried again in ${showDuration(event.retryInMs / 1000)}.` : 'The next run tries it again.'}`
    case 'set-aside':
      return `${visibleName(event.file)}: set aside as ${visibleName(event.as)}: ${printable(event.message)}`
    case 'ingested': {
      const {added, updated, deleted, failed} = event.report.documents
      const renamed = event.renamed
        .map(({from, to}) => `; ${visibleName(from)} is now ${visibleName(to)}`)
        .join('')
      return `${showCount(added)} added, ${showCount(updated)} updated, ${showCount(deleted)} deleted, ${showCount(failed)} failed${renamed}`
    }
    case 'waiting':
      return `waiting: ${printable(event.message)}${event.retryInMs > 0 ? ` Trying again in ${showDuration(event.retryInMs / 1000)}.` : ''}`
    case 'note':
      return printable(event.message)
    case 'status': {
      const lag = event.waiting > 0 ? `, the oldest for ${showDuration(event.lagMs / 1000)}` : ''
      return `${showCount(event.waiting)} waiting${lag}; ${showCount(event.failed)} failed, ${showCount(event.setAside)} set aside${missingOf(event)}, ${plural(event.files, 'file')} so far`
    }
  }
}

/** What a watch did in all, when it ends. */
export function renderWatch(report: WatchReport): string {
  const lag = report.waiting > 0 ? `, the oldest for ${showDuration(report.lagMs / 1000)}` : ''
  return (
    `${plural(report.files, 'file')}: ${showCount(report.inserted)} inserted, ${showCount(report.skipped)} skipped, ` +
    `${plural(report.duplicates, 'duplicate')}, ${showCount(report.failed)} failed; ${showCount(report.waiting)} waiting${lag}` +
    `${report.setAside > 0 ? `, ${showCount(report.setAside)} set aside` : ''}${missingOf(report)}\n`
  )
}

const missingOf = ({missing}: Pick<WatchReport, 'missing'>): string =>
  missing > 0 ? `, ${showCount(missing)} missing` : ''
