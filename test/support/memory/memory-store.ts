import type {ProcessTable} from '../../../src/lib/ports/store/lease.js'
import type {Store} from '../../../src/lib/ports/store/store.js'
import type {Clock} from '../../../src/lib/ports/surroundings.js'
import {memoryCorpora} from './memory-corpora.js'
import {memoryDocuments} from './memory-documents.js'
import {memoryEmbeddingVersions} from './memory-embedding-versions.js'
import {memoryKeywords} from './memory-keywords.js'
import {memoryLeases} from './memory-leases.js'
import {memoryPurgeLog} from './memory-purge-log.js'
import {memorySegments} from './memory-segments.js'
import {memorySnapshots} from './memory-snapshots.js'
import {memorySessions} from './memory-sessions.js'
import {MemoryState} from './memory-state.js'
import {memoryUpkeep} from './memory-upkeep.js'
import {memoryVerifier} from './memory-verifier.js'
import {memoryVectors} from './memory-vectors.js'

/**
 * A store that keeps its promises in memory, for tests and for embedding in a program: strict and plain rather than quick
 * (most verbs look at every row). Takes copies of what it is given and gives copies of what it has. Nothing outlives it.
 */
export function createMemoryStore(surroundings: {
  readonly clock: Clock
  readonly processes: ProcessTable
}): Store {
  return storeOver(new MemoryState(surroundings))
}

/** The verbs of a store over what it holds, for a test that also reads that itself. */
export function storeOver(state: MemoryState): Store {
  return {
    ...memoryCorpora(state),
    ...memorySnapshots(state),
    ...memoryDocuments(state),
    ...memoryEmbeddingVersions(state),
    ...memoryVectors(state),
    ...memorySegments(state),
    ...memoryKeywords(state),
    ...memoryLeases(state),
    ...memoryPurgeLog(state),
    ...memorySessions(state),
    ...memoryUpkeep(state),
    ...memoryVerifier(state),
    // What is in memory is gone altogether or not at all.
    lostCommits: () => Promise.resolve(undefined),
    acceptLoss: () => Promise.resolve(undefined),
  }
}
