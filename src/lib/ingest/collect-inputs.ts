import {idTaken, noReader, unknownFileType} from '../model/errors/files/source.js'
import {RagError, reasonOf} from '../model/errors/rag-error.js'
import type {InputFailure, IngestRequest} from '../model/operations/ingest.js'
import type {DocumentLoaders} from '../ports/document-loader.js'
import type {ListingProblem, SourceFile, SourceTree} from '../ports/files/source-tree.js'
import type {StageCall} from '../documents/ingest-tools.js'

/** A file that may become a document. */
export interface Candidate {
  readonly docId: string
  readonly file: SourceFile
  readonly root?: string | undefined
}

export interface Collected {
  readonly candidates: readonly Candidate[]
  readonly failed: readonly InputFailure[]
  /** Files of types that are not read, by extension. */
  readonly ignored: Readonly<Record<string, number>>
  /** Absolute roots, with how many files of any kind were seen in each. */
  readonly roots: ReadonlyMap<string, number>
  /** What could not be looked at, by root. */
  readonly problems: ReadonlyMap<string, readonly ListingProblem[]>
}

/**
 * Finds the files of a request. A missing or unreadable folder fails the whole call before anything is changed; a missing
 * single file is one failure among the results.
 * @throws RagError USAGE | INPUT_MISSING | INPUT_UNREADABLE
 */
export async function collectInputs(
  tools: {readonly tree: SourceTree; readonly loaders: DocumentLoaders},
  request: IngestRequest,
  call: StageCall,
): Promise<Collected> {
  const wanted = typeFilter(tools.loaders, request.types)
  const byId = new Map<string, Candidate>()
  const failed: InputFailure[] = []
  const ignored = new Map<string, number>()
  const roots = new Map<string, number>()
  const problems = new Map<string, readonly ListingProblem[]>()
  const take = (candidate: Candidate): void => {
    const other = byId.get(candidate.docId)
    if (other && other.file.absolutePath !== candidate.file.absolutePath)
      failed.push(failureOf(candidate.file.absolutePath, idTaken(candidate.docId, other.file.absolutePath)))
    else byId.set(candidate.docId, candidate)
  }
  const prefix = request.idPrefix ?? ''
  for (const dir of request.dirs ?? []) {
    const listing = await tools.tree.list(dir, listOptions(request, wanted), call.signal)
    roots.set(listing.root, listing.seen)
    problems.set(listing.root, listing.problems)
    for (const file of listing.files) take({docId: prefix + file.path, file, root: listing.root})
    failed.push(...listing.problems.map(({path, error}) => failureOf(path, error)))
    for (const [type, count] of listing.otherTypes) ignored.set(type, (ignored.get(type) ?? 0) + count)
    call.onProgress?.({phase: 'scan', done: byId.size, unit: 'files'})
  }
  for (const path of request.files ?? []) {
    try {
      const file = await tools.tree.stat(path)
      if (!tools.loaders.find(file.absolutePath.split('/').at(-1)!))
        failed.push(failureOf(path, noReader(path)))
      else take({docId: prefix + documentIdOf(path), file})
    } catch (error) {
      failed.push(failureOf(path, error))
    }
  }
  return {candidates: [...byId.values()], failed, ignored: Object.fromEntries(ignored), roots, problems}
}

function listOptions(
  request: IngestRequest,
  wanted: (name: string) => boolean,
): Parameters<SourceTree['list']>[1] {
  return {
    wanted,
    include: request.include,
    exclude: request.exclude,
    ignoreFiles: request.ignoreFiles,
    // What an ingest writes is not to be ingested.
    leaveOut: request.msgpackOut === undefined ? [] : [request.msgpackOut],
  }
}

/** @throws RagError USAGE for a type that no loader knows */
function typeFilter(
  loaders: DocumentLoaders,
  types: readonly string[] | undefined,
): (name: string) => boolean {
  if (!types || types.length === 0) return (name) => loaders.find(name) !== undefined
  const asked = new Set(types.map((type) => type.toLowerCase().replace(/^\./, '')))
  for (const type of asked)
    if (!loaders.types.some((known) => known.type === type || known.extensions.includes(type)))
      throw unknownFileType(
        type,
        loaders.types.map((known) => known.type),
      )
  return (name) => {
    const loader = loaders.find(name)
    if (!loader) return false
    const extension = name.toLowerCase().split('.').at(-1)!
    return asked.has(loader.type) || asked.has(extension)
  }
}

/** The id of a file given by name: its path as given, without `./`. */
function documentIdOf(path: string): string {
  return path.replace(/^(\.\/+)+/, '')
}

/** A thrown thing as one line of the report. */
export function failureOf(source: string, error: unknown): InputFailure {
  if (error instanceof RagError) return {source, code: error.code, message: error.message}
  return {source, code: 'INTERNAL', message: reasonOf(error)}
}
