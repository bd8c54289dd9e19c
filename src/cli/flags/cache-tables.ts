import {CACHE_TABLES, usage, type CacheTable} from '../../lib/index.js'

/** Tables as people name them: `all`, or some, separated by commas. @throws RagError USAGE */
export function cacheTables(raw: string): readonly CacheTable[] {
  const names = raw.split(',').map((name) => name.trim())
  if (names.length === 1 && names[0] === 'all') return CACHE_TABLES
  const unknown = names.filter((name) => !CACHE_TABLES.some((table) => table === name))
  if (unknown.length === 0) return names as CacheTable[]
  throw usage(
    `"${unknown.join('", "')}" is no table of the cache.`,
    `They are: ${CACHE_TABLES.join(', ')}; or all.`,
  )
}
