import type {StoreUpkeep} from '../../../src/lib/ports/store/store.js'
import type {MemoryState} from './memory-state.js'

/** Upkeep of a store held in memory. */
export function memoryUpkeep(state: MemoryState): StoreUpkeep {
  return {
    takeDamage() {
      return []
    },
    async ping() {
      return true
    },
    async sizeBytes() {
      return 0
    },
    async removeDeleted(corpusId, limits, lease) {
      state.writable(corpusId, lease)
      const chunks = [...state.chunks.values()].filter((it) => it.corpusId === corpusId)
      const documents = [...state.documents.values()].filter((it) => it.corpusId === corpusId)
      const deadChunks = chunks.filter((it) => it.deleted)
      const deadDocuments = documents.filter((it) => it.deleted)
      const dead = deadChunks.length + deadDocuments.length
      const live = chunks.length + documents.length - dead
      if (dead <= limits.minRows || dead <= limits.ratio * live) return 0
      state.eraseChunks(new Set(deadChunks.map((it) => it.id)))
      for (const document of deadDocuments) state.documents.delete(document.id)
      if (deadDocuments.length > 0) state.forgotten.set(corpusId, state.corpora.get(corpusId)!.version)
      return dead
    },
    async close() {
      // Nothing is held open.
    },
  }
}
