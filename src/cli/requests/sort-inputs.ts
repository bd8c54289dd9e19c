import {statSync} from 'node:fs'
import {usage, type IngestRequest} from '../../lib/index.js'
import {nothingToIngest} from '../../lib/model/errors/command-line.js'

/** What was named on the command line of `rag ingest`. */
export interface NamedInputs {
  readonly named: readonly string[]
  readonly dirs: readonly string[]
  readonly jsonl?: string | undefined
  readonly docId?: string | undefined
}

/**
 * Sorts what was named into folders, files, JSONL and standard input; a folder among the files is taken as `--dir`.
 * @throws RagError USAGE when nothing was named, or standard input twice, or `-` without `--doc-id`
 */
export function sortInputs({named, dirs, jsonl, docId}: NamedInputs): Partial<IngestRequest> {
  const stdin = named.includes('-')
  const paths = named.filter((path) => path !== '-')
  const folders = [...dirs, ...paths.filter(isFolder)]
  const files = paths.filter((path) => !isFolder(path))
  checkStdin(stdin, {docId, jsonl})
  if (folders.length + files.length === 0 && jsonl === undefined && !stdin) throw nothingToIngest()
  return {
    ...(folders.length > 0 ? {dirs: folders} : {}),
    ...(files.length > 0 ? {files} : {}),
    ...(jsonl === undefined ? {} : {jsonl}),
    ...(docId === undefined ? {} : {stdin: {docId}}),
  }
}

function checkStdin(stdin: boolean, {docId, jsonl}: Pick<NamedInputs, 'docId' | 'jsonl'>): void {
  if (stdin && docId === undefined) {
    throw usage('A document on standard input has no name.', 'Give it one: rag ingest - --doc-id ID')
  }
  if (!stdin && docId !== undefined) {
    throw usage(
      '--doc-id names the document on standard input, and there is none.',
      'Read it with: rag ingest - --doc-id ID',
    )
  }
  if (stdin && jsonl === '-') throw usage('Standard input can be read only once: either - or --jsonl -.')
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
}
