import type {KnownSource} from '../model/document.js'
import {RagError} from '../model/errors.js'
import type {SourceTree} from '../ports/files/source-tree.js'
import type {Collected} from './collect-inputs.js'

/**
 * Ids of stored documents of the listed roots whose file is gone from the disk. Files that are merely left out now (other
 * types, ignored) stay.
 * @throws RagError PRUNE_REFUSED when a root holds no file at all: an unmounted folder looks just like that
 */
export async function findGone(
  tree: SourceTree,
  collected: Collected,
  known: ReadonlyMap<string, KnownSource>,
): Promise<readonly string[]> {
  const present = new Set(collected.candidates.map((candidate) => candidate.docId))
  const gone: string[] = []
  for (const {docId, source} of known.values()) {
    if (source.root === undefined || !collected.roots.has(source.root) || present.has(docId)) continue
    if (collected.roots.get(source.root) === 0) throw refused(source.root)
    if (!(await tree.exists(source.source))) gone.push(docId)
  }
  return gone
}

const refused = (root: string): RagError =>
  new RagError('PRUNE_REFUSED', `${root} holds no file at all; is it mounted? Nothing was deleted.`, {
    hint: 'If the documents are to go: rag docs delete ID…, or rag corpus delete NAME.',
  })
