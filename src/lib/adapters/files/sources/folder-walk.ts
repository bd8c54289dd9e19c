import {lstatSync, realpathSync, statSync, type Dirent} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {mapInOrder} from '../../../kernel/in-order.js'
import {readingInterrupted} from '../../../model/errors/program/interruption.js'
import type {RagError} from '../../../model/errors/rag-error.js'
import {
  folderUnreadable,
  nameNotUtf8,
  linkLeadsOut,
  linkLeadsNowhere,
  linkNotFollowed,
} from '../../../model/errors/files/folder.js'
import type {ListingProblem} from '../../../ports/files/source-tree.js'
import {IgnoreRules} from './ignore-rules.js'
import {isInside} from '../inside.js'
import {inputError, isGone, reasonFor} from '../system-errors.js'

export interface Walked {
  /** Paths relative to the root of regular files, and of links to such inside the root; in no order. */
  readonly paths: string[]
  /** Those of `paths` that are links. */
  readonly links: ReadonlySet<string>
  readonly problems: ListingProblem[]
  /** Everything met that is no folder, let through or not. */
  readonly seen: number
}

export interface WalkOptions {
  readonly useIgnoreFiles: boolean
  /** Absolute paths, without links, of folders that are not entered. */
  readonly leaveOut: ReadonlySet<string>
  readonly signal: AbortSignal | undefined
}

const NEVER_ENTERED = new Set(['.git', '.rag'])
/** Folders read at a time. */
const AT_ONCE = 16

/**
 * Walks a folder, level by level. What is let through is decided entry by entry, with all names of its folder known: ignore files among them
 * hold for their neighbours. An ignored folder is not entered, and no link to one is followed. (Libraries that walk show a filter one entry
 * at a time, before the ignore files beside it.)
 * @param root an absolute path with no link in it
 * @throws RagError INPUT_MISSING | INPUT_UNREADABLE (the root itself) | INTERRUPTED
 */
export async function walkFolder(root: string, options: WalkOptions): Promise<Walked> {
  const walk = new FolderWalk(root, options)
  let level: readonly string[] = ['']
  while (level.length > 0) level = await walk.readLevel(level)
  return walk
}

type ReadFolder = {readonly folder: string} & (
  {readonly entries: readonly Dirent[]} | {readonly error: unknown}
)

class FolderWalk implements Walked {
  readonly paths: string[] = []
  readonly links = new Set<string>()
  readonly problems: ListingProblem[] = []
  seen = 0
  readonly #root: string
  readonly #useIgnoreFiles: boolean
  readonly #leaveOut: ReadonlySet<string>
  readonly #signal: AbortSignal | undefined
  readonly #rules: IgnoreRules

  constructor(root: string, {useIgnoreFiles, leaveOut, signal}: WalkOptions) {
    this.#leaveOut = leaveOut
    this.#root = root
    this.#useIgnoreFiles = useIgnoreFiles
    this.#signal = signal
    this.#rules = new IgnoreRules(root, (path, error) => this.#report(path, error, 'rules'))
  }

  /** Reads folders; answers with those in them that are to be entered. One that can't be read is reported and taken for empty. */
  async readLevel(folders: readonly string[]): Promise<readonly string[]> {
    const below: string[] = []
    for await (const read of mapInOrder(folders, AT_ONCE, (folder) => this.#read(folder))) {
      if (this.#signal?.aborted === true) throw readingInterrupted(this.#root)
      if ('error' in read) this.#fail(read.folder, read.error)
      else below.push(...this.#take(read.folder, read.entries))
    }
    return below
  }

  async #read(folder: string): Promise<ReadFolder> {
    try {
      return {folder, entries: await readdir(this.#pathOf(folder), {withFileTypes: true})}
    } catch (error) {
      return {folder, error}
    }
  }

  #pathOf(path: string): string {
    if (path === '') return this.#root
    return `${this.#root === '/' ? '' : this.#root}/${path}`
  }

  #fail(folder: string, error: unknown): void {
    if (folder === '') throw inputError(this.#root, error)
    if (!isGone(error)) this.#report(folder, folderUnreadable(folder, reasonFor(error)), 'entries')
  }

  /** Gathers the files of a folder; answers with its folders that are to be entered. */
  #take(folder: string, entries: readonly Dirent[]): readonly string[] {
    if (this.#useIgnoreFiles) this.#rules.enter(folder, new Set(entries.map((entry) => entry.name)))
    const base = folder === '' ? '' : `${folder}/`
    const folders: string[] = []
    const doubtful = new Set<string>()
    for (const entry of entries) {
      const isFolder = entry.isDirectory()
      if (!isFolder) this.seen++
      if (this.#isSkipped(folder, entry.name, isFolder)) continue
      if (entry.name.includes('\uFFFD') && !this.#hasTrueName(base, entry.name, doubtful)) continue
      if (isFolder) folders.push(base + entry.name)
      else if (entry.isFile()) this.paths.push(base + entry.name)
      else if (entry.isSymbolicLink()) this.#takeLink(base + entry.name)
    }
    return folders
  }

  #isSkipped(folder: string, name: string, isFolder: boolean): boolean {
    if (NEVER_ENTERED.has(name)) return true
    if (isFolder && this.#leaveOut.has(this.#pathOf(folder === '' ? name : `${folder}/${name}`))) return true
    if (!this.#useIgnoreFiles) return false
    return name.startsWith('.') || name === 'node_modules' || this.#rules.ignores(folder, name, isFolder)
  }

  /** A name whose bytes are no UTF-8 comes with replacement characters: nothing has that name, or (`known`) another entry has it. */
  #hasTrueName(base: string, name: string, known: Set<string>): boolean {
    const isThere = lstatSync(`${this.#root}/${base}${name}`, {throwIfNoEntry: false}) !== undefined
    if (isThere && !known.has(name)) {
      known.add(name)
      return true
    }
    this.#report(base + name, nameNotUtf8(base + name))
    return false
  }

  /** Links to regular files inside the root are listed under their own name; those to folders are not entered; the rest is reported. */
  #takeLink(path: string): void {
    try {
      const target = realpathSync.native(`${this.#root}/${path}`)
      if (!isInside(this.#root, target)) return this.#report(path, linkLeadsOut(path, target))
      const inside = target.slice(this.#root.length).split('/')
      if ([...this.#leaveOut].some((folder) => isInside(folder, target))) return
      if (inside.some((part) => NEVER_ENTERED.has(part)) || !statSync(target).isFile()) return
      this.paths.push(path)
      this.links.add(path)
    } catch (error) {
      if (isGone(error)) this.#report(path, linkLeadsNowhere(path))
      else this.#report(path, linkNotFollowed(path, reasonFor(error)), 'entries')
    }
  }

  #report(path: string, error: RagError, unknown?: ListingProblem['unknown']): void {
    this.problems.push({path, error, unknown})
  }
}
