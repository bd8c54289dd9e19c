import {nothingToIngest} from '../model/errors/request/ingest.js'
import {inputMissing} from '../model/errors/files/source.js'
import type {Services} from '../ports/services.js'
import type {IngestRequest} from '../model/operations/ingest.js'
import type {SourceTree} from '../ports/files/source-tree.js'

/** Fails before anything is made when an input is not there. @throws RagError USAGE | INPUT_MISSING */
export async function requireInputs(
  {files: disk}: Pick<Services, 'files'>,
  request: IngestRequest,
): Promise<void> {
  const {dirs = [], files = [], jsonl, stdin} = request
  if (dirs.length + files.length === 0 && jsonl === undefined && !stdin) throw nothingToIngest()
  const tree = await disk.sourceTree()
  for (const dir of dirs) if (!(await tree.exists(dir))) throw inputMissing(dir, 'folder')
  if (jsonl !== undefined && jsonl !== '-' && !(await tree.exists(jsonl))) throw inputMissing(jsonl, 'file')
  if (dirs.length === 0) await requireOne(tree, files)
}

/** One missing file among several is a failure of that file; none at all is a mistake in the command. */
async function requireOne(tree: SourceTree, files: readonly string[]): Promise<void> {
  const present = await Promise.all(files.map((file) => tree.exists(file)))
  if (files.length > 0 && !present.includes(true)) throw inputMissing(files.join(', '), 'file')
}
