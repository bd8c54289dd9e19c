import type {KeyValueCache} from '../../src/lib/ports/store/key-value-cache.js'

/** Keeps answers in memory, and lets a test see them. */
export function fakeCache(): KeyValueCache & {readonly entries: Map<string, Uint8Array>} {
  const entries = new Map<string, Uint8Array>()
  const none = {removed: {embeddings: 0, retrieval: 0, answers: 0}, bytesFreed: 0}
  return {
    entries,
    getMany: async (table, keys) => keys.map((key) => entries.get(`${table} ${key}`)),
    putMany: async (table, list) => list.forEach(({key, value}) => entries.set(`${table} ${key}`, value)),
    remove: async (table, keys) => keys.filter((key) => entries.delete(`${table} ${key}`)).length,
    claim: () => Promise.resolve(),
    removeMadeOf: () => Promise.resolve(0),
    check: () => Promise.resolve(undefined),
    purge: () => Promise.resolve(none),
    prune: () => Promise.resolve(none),
    stats: () => Promise.reject(new Error('not asked for here')),
    close: () => Promise.resolve(),
  }
}
