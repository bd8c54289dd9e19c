import {statSync} from 'node:fs'
import type {IngestRequest} from '../../lib/index.js'
import {
  docIdWithoutStdin,
  nothingToIngest,
  stdinTwice,
  stdinUnnamed,
} from '../../lib/model/errors/request/ingest.js'

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
  if (stdin && docId === undefined) throw stdinUnnamed()
  if (!stdin && docId !== undefined) throw docIdWithoutStdin()
  if (stdin && jsonl === '-') throw stdinTwice()
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
}
