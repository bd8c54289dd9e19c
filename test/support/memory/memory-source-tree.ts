import {inputMissing} from '../../../src/lib/model/errors/files/source.js'
import {readingInterrupted} from '../../../src/lib/model/errors/program/interruption.js'
import {RagError} from '../../../src/lib/model/errors/rag-error.js'
import type {
  Listing,
  ListOptions,
  SourceFile,
  SourceLine,
  SourceTree,
} from '../../../src/lib/ports/files/source-tree.js'

export interface MemoryFile {
  readonly bytes: Uint8Array
  /** Milliseconds since 1970; 0 when left out. */
  readonly mtimeMs?: number
}

/** A source tree held in memory: a map of absolute, `/`-separated paths that the caller may change at any time. */
export interface MemorySourceTree extends SourceTree {
  readonly files: Map<string, MemoryFile>
}

/**
 * A source tree for tests and for documents that never were files. Include and exclude take plain names, `*.ext` and paths; ignore files are not
 * read, but hidden entries and `node_modules` are skipped.
 */
export function createMemorySourceTree(
  files: Map<string, MemoryFile>,
  stdin: Uint8Array = new Uint8Array(0),
): MemorySourceTree {
  const at = (path: string): MemoryFile => {
    const file = files.get(path)
    if (file === undefined) throw inputMissing(path)
    return file
  }
  const bounded = (bytes: Uint8Array, maxBytes: number, name: string): Uint8Array => {
    if (bytes.length > maxBytes)
      throw new RagError('TOO_LARGE', `${name} holds more than the ${maxBytes} bytes allowed.`)
    return bytes
  }
  return {
    files,
    list: async (root, options, signal) => listMemory(files, root, options, signal),
    stat: async (path) => describe(path, path, at(path)),
    exists: async (path) => files.has(path) || [...files.keys()].some((key) => key.startsWith(`${path}/`)),
    hasFile: async (path, root) => path.startsWith(`${root}/`) && files.has(path),
    read: async (file, maxBytes) => bounded(at(file.absolutePath).bytes, maxBytes, file.absolutePath),
    readStdin: async (maxBytes) => bounded(stdin, maxBytes, 'Standard input'),
    lines: (path, maxLineBytes, signal) =>
      linesOf(() => (path === '-' ? stdin : at(path).bytes), maxLineBytes, signal),
  }
}

function describe(path: string, absolutePath: string, file: MemoryFile): SourceFile {
  return {path, absolutePath, sizeBytes: file.bytes.length, mtimeMs: file.mtimeMs ?? 0}
}

function listMemory(
  all: ReadonlyMap<string, MemoryFile>,
  root: string,
  options: ListOptions,
  signal: AbortSignal | undefined,
): Listing {
  if (signal?.aborted === true) throw readingInterrupted(root)
  const base = root.endsWith('/') ? root : `${root}/`
  const isLeftOut = (path: string): boolean =>
    options.leaveOut?.some((folder) => path.startsWith(`${folder}/`)) === true
  const under = [...all].filter(([path]) => path.startsWith(base) && !isLeftOut(path))
  if (under.length === 0) throw inputMissing(root, 'folder')
  const files: SourceFile[] = []
  const otherTypes = new Map<string, number>()
  for (const [absolutePath, file] of under) {
    const path = absolutePath.slice(base.length)
    if (!isChosen(path, options)) continue
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (options.wanted(name)) files.push(describe(path, absolutePath, file))
    else {
      const dot = name.lastIndexOf('.')
      const type = dot > 0 ? name.slice(dot + 1).toLowerCase() : ''
      otherTypes.set(type, (otherTypes.get(type) ?? 0) + 1)
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return {root: base === '/' ? base : base.slice(0, -1), files, otherTypes, problems: [], seen: under.length}
}

function isChosen(path: string, options: ListOptions): boolean {
  const parts = path.split('/')
  const skipsHidden = options.ignoreFiles ?? true
  if (parts.some((part) => part === '.git' || part === '.rag')) return false
  if (skipsHidden && parts.some((part) => part.startsWith('.') || part === 'node_modules')) return false
  const {include, exclude} = options
  if (include !== undefined && include.length > 0 && !include.some((glob) => matches(glob, path)))
    return false
  return exclude === undefined || !exclude.some((glob) => matches(glob, path))
}

/** `*` is any run of characters but `/`, `**` any run; a pattern without `/` matches each part of the path. */
function matches(glob: string, path: string): boolean {
  const pattern = glob
    .split(/(\*\*\/?|\*)/)
    .map((part) =>
      part.startsWith('**') ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('')
  return new RegExp(glob.includes('/') ? `^${pattern}(?:/|$)` : `(?:^|/)${pattern}(?:/|$)`).test(path)
}

async function* linesOf(
  open: () => Uint8Array,
  maxLineBytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceLine, void, undefined> {
  const bytes = open()
  let number = 1
  for (let offset = 0; offset < bytes.length; number++) {
    if (signal?.aborted === true) throw readingInterrupted('lines')
    const feed = bytes.indexOf(0x0a, offset)
    const end = feed < 0 ? bytes.length : feed
    const content = bytes.subarray(offset, feed > offset && bytes[feed - 1] === 0x0d ? feed - 1 : end)
    const tooLong = content.length > maxLineBytes
    yield {number, offset, bytes: tooLong ? new Uint8Array(0) : content, tooLong}
    offset = end + 1
  }
}
