import type {CacheRemoval, CacheStats} from '../../lib/index.js'
import {plural, showBytes, showCount, showTime} from '../output/human.js'
import type {Screen} from '../output/screen.js'
import {table} from './table.js'

const COLUMNS = [
  {title: 'TABLE'},
  ...['ENTRIES', 'SIZE', 'LIMIT', 'HITS', 'MISSES', 'RATE', 'EVICTED'].map((title) => ({title, right: true})),
  {title: 'OLDEST'},
  {title: 'NEWEST'},
]

/** A line a table, and where it is. */
export function renderCacheStats({place, fileBytes, tables}: CacheStats, screen: Screen): string {
  const rows = Object.entries(tables).map(([name, one]) => [
    name,
    showCount(one.count),
    showBytes(one.totalBytes),
    showBytes(one.limitBytes),
    showCount(one.hits),
    showCount(one.misses),
    one.hits + one.misses > 0 ? `${((100 * one.hits) / (one.hits + one.misses)).toFixed(1)} %` : '–',
    showCount(one.evictions),
    one.oldestMs === undefined ? '–' : showTime(one.oldestMs),
    one.newestMs === undefined ? '–' : showTime(one.newestMs),
  ])
  return `${table(COLUMNS, rows, screen)}\n${place}: ${showBytes(fileBytes)}\n`
}

/** What was removed. */
export function renderCacheRemoval({removed, bytesFreed}: CacheRemoval): string {
  const parts = Object.entries(removed).map(
    ([name, count]) => `${plural(count, 'entry', 'entries')} of ${name}`,
  )
  return `Removed ${parts.join(', ')}; ${showBytes(bytesFreed)} given back.\n`
}
