import type {KnownSource} from '../model/document.js'
import type {IngestRequest} from '../model/operations/ingest.js'
import {pruneRefused} from '../model/errors/files/source.js'
import type {ListingProblem, SourceTree} from '../ports/files/source-tree.js'
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
  /**
   * `gone`: no file of that path is there, or something else. `left-out`: it is there, and the rules or the choice of types and paths leave it
   * out now. `unknown`: its folder, or the rules for it, can't be read.
   */
  readonly state: 'gone' | 'left-out' | 'unknown'
}

export interface PrunePlan {
  /** Ids of documents to delete, in the order of the facts. */
  readonly remove: readonly string[]
  /** Ids of documents whose file is left out now; those of `remove` among them when they are to be deleted. */
  readonly leftOut: readonly string[]
}

/** Gathers what `planPrune` goes by. Reads only; of roots without any file nothing is looked for. */
export async function inspectUnlisted(
  tree: Pick<SourceTree, 'hasFile'>,
  {candidates, roots, problems}: Pick<Collected, 'candidates' | 'roots' | 'problems'>,
  known: ReadonlyMap<string, KnownSource>,
): Promise<PruneFacts> {
  const listed = new Set(candidates.map(({docId}) => docId))
  // A file that is listed under another id is not left out.
  const paths = new Set(candidates.map(({file}) => file.absolutePath))
  const doubts = new Map(
    [...problems].map(([root, some]) => [root, some.filter(({unknown}) => unknown !== undefined)]),
  )
  const unlisted: UnlistedDocument[] = []
  for (const {docId, source} of known.values()) {
    const {root} = source
    if (root === undefined || !roots.has(root) || listed.has(docId) || paths.has(source.source)) continue
    const place = {root, path: source.source, problems: doubts.get(root) ?? []}
    unlisted.push({docId, root, state: await stateOf(tree, place, roots.get(root) === 0)})
  }
  return {roots, unlisted}
}

/** What a request says of documents whose file is not listed. */
export type PruneChoice = Pick<IngestRequest, 'prune' | 'keepLeftOut'>

/**
 * Which documents to delete because their file is gone, or left out now unless these stay; none without `prune`. Pure.
 * @throws RagError PRUNE_REFUSED when a root holds no file at all: an unmounted folder looks just like that
 */
export function planPrune({roots, unlisted}: PruneFacts, {prune, keepLeftOut}: PruneChoice): PrunePlan {
  const leftOut = unlisted.flatMap(({docId, state}) => (state === 'left-out' ? [docId] : []))
  if (!prune) return {remove: [], leftOut}
  const empty = unlisted.find(({root, state}) => roots.get(root) === 0 && state !== 'unknown')
  if (empty) throw pruneRefused(empty.root)
  const removed = keepLeftOut === true ? ['gone'] : ['gone', 'left-out']
  return {remove: unlisted.flatMap(({docId, state}) => (removed.includes(state) ? [docId] : [])), leftOut}
}

async function stateOf(
  tree: Pick<SourceTree, 'hasFile'>,
  {root, path, problems}: {root: string; path: string; problems: readonly ListingProblem[]},
  isEmpty: boolean,
): Promise<UnlistedDocument['state']> {
  const relative = path.slice(root === '/' ? 1 : root.length + 1)
  if (problems.some((problem) => problem.unknown === 'entries' && isAtOrBelow(relative, problem.path)))
    return 'unknown'
  if (isEmpty) return 'gone'
  try {
    if (!(await tree.hasFile(path, root))) return 'gone'
  } catch {
    return 'unknown'
  }
  const isRuled = problems.some(
    (problem) => problem.unknown === 'rules' && isAtOrBelow(relative, folderOf(problem.path)),
  )
  return isRuled ? 'unknown' : 'left-out'
}

/** The folder of a path relative to the root; the root for one that is absolute: the file lies above it. */
function folderOf(path: string): string {
  return path.startsWith('/') ? '' : path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}
