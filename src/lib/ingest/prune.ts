import type {KnownSource} from '../model/document.js'
import {pruneRefused} from '../model/errors/files/source.js'
import type {SourceTree} from '../ports/files/source-tree.js'
import type {Collected} from './collect-inputs.js'

/** What is known of the stored documents of the listed roots that the listing does not name. */
export interface PruneFacts {
  /** Listed roots, with how many files of any kind were seen in each. */
  readonly roots: ReadonlyMap<string, number>
  readonly unlisted: readonly UnlistedDocument[]
}

export interface UnlistedDocument {
  readonly docId: string
  readonly root: string
  /** False for a file that is merely left out now (another type, ignored). */
  readonly isGone: boolean
}

export interface PrunePlan {
  /** Ids of documents to delete, in the order of the facts. */
  readonly remove: readonly string[]
}

/** Gathers what `planPrune` goes by. Reads only; of roots without any file nothing is looked for. */
export async function inspectUnlisted(
  tree: Pick<SourceTree, 'exists'>,
  {candidates, roots}: Pick<Collected, 'candidates' | 'roots'>,
  known: ReadonlyMap<string, KnownSource>,
): Promise<PruneFacts> {
  const listed = new Set(candidates.map((candidate) => candidate.docId))
  const unlisted: UnlistedDocument[] = []
  for (const {docId, source} of known.values()) {
    const {root} = source
    if (root === undefined || !roots.has(root) || listed.has(docId)) continue
    const isGone = roots.get(root) === 0 || !(await tree.exists(source.source))
    unlisted.push({docId, root, isGone})
  }
  return {roots, unlisted}
}

/**
 * Which documents to delete because their file is gone. Pure.
 * @throws RagError PRUNE_REFUSED when a root holds no file at all: an unmounted folder looks just like that
 */
export function planPrune({roots, unlisted}: PruneFacts): PrunePlan {
  const empty = unlisted.find(({root}) => roots.get(root) === 0)
  if (empty) throw pruneRefused(empty.root)
  return {remove: unlisted.flatMap(({docId, isGone}) => (isGone ? [docId] : []))}
}
