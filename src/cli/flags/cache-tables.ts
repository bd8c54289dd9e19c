import {CACHE_TABLES, type CacheTable} from '../../lib/index.js'
import {notACacheTable} from '../../lib/model/errors/request/cache.js'

/** Tables as people name them: `all`, or some, separated by commas. @throws RagError USAGE */
export function cacheTables(raw: string): readonly CacheTable[] {
  const names = raw.split(',').map((name) => name.trim())
  if (names.length === 1 && names[0] === 'all') return CACHE_TABLES
  const unknown = names.filter((name) => !CACHE_TABLES.some((table) => table === name))
  if (unknown.length === 0) return names as CacheTable[]
  throw notACacheTable(unknown, CACHE_TABLES)
}
