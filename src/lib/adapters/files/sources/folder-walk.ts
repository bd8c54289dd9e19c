import {readingInterrupted} from '../../../model/errors/thread.js'
import {lstatSync, readdir, realpathSync, statSync, type Dirent} from 'node:fs'
import glob from 'fast-glob'
import type {Listing} from '../../../ports/files/source-tree.js'
import {IgnoreRules} from './ignore-rules.js'
import {isInside} from '../inside.js'
import {inputError, isGone, reasonFor} from '../system-errors.js'

type Problem = Listing['problems'][number]
type ReaddirCallback = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void

export interface Walked {
  /** Paths relative to the root of regular files, and of links to such inside the root; in no order. */
  readonly paths: string[]
  /** Those of `paths` that are links. */
  readonly links: ReadonlySet<string>
  readonly problems: Problem[]
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

/**
 * Walks a folder. fast-glob descends; what it may see is decided here, entry by entry: ignored and hidden entries, devices and links to
 * folders are taken out before, so an ignored folder costs nothing and no link is followed. Files are gathered here too, as
 * fast-glob's patterns lose names that hold a backslash or a line end.
 * @param root an absolute path with no link in it
 * @throws RagError INPUT_MISSING | INPUT_UNREADABLE (the root itself) | INTERRUPTED
 */
export async function walkFolder(root: string, options: WalkOptions): Promise<Walked> {
  const walk = new FolderWalk(root, options)
  const read = (path: string, _options: unknown, done: ReaddirCallback): void => walk.readFolder(path, done)
  await glob('**', {
    cwd: root,
    dot: true,
    onlyDirectories: true,
    unique: false,
    followSymbolicLinks: false,
    fs: {readdir: read as typeof readdir},
  })
  if (walk.failure !== undefined) throw walk.failure
  return walk
}

class FolderWalk implements Walked {
  readonly paths: string[] = []
  readonly links = new Set<string>()
  readonly problems: Problem[] = []
  seen = 0
  failure: Error | undefined
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
    this.#rules = new IgnoreRules(root, (path, message) => this.#report(path, message))
  }

  /** Reads one folder; hands on the folders to descend into. A folder that can't be read is reported and taken for empty. */
  readFolder(path: string, done: ReaddirCallback): void {
    readdir(path, {withFileTypes: true}, (error, entries) => {
      if (this.#signal?.aborted === true) {
        this.failure = readingInterrupted(this.#root)
        return done(null, [])
      }
      const folder =
        path.length <= this.#root.length ? '' : path.slice(this.#root === '/' ? 1 : this.#root.length + 1)
      if (error !== null) {
        this.#fail(folder, error)
        return done(null, [])
      }
      done(null, this.#take(folder, entries))
    })
  }

  #fail(folder: string, error: unknown): void {
    if (folder === '') this.failure = inputError(this.#root, error)
    else if (!isGone(error)) this.#report(folder, `the folder can't be read: ${reasonFor(error)}`)
  }

  #take(folder: string, entries: readonly Dirent[]): Dirent[] {
    if (this.#useIgnoreFiles) this.#rules.enter(folder, new Set(entries.map((entry) => entry.name)))
    const base = folder === '' ? '' : `${folder}/`
    const folders: Dirent[] = []
    const doubtful = new Set<string>()
    for (const entry of entries) {
      const isFolder = entry.isDirectory()
      if (!isFolder) this.seen++
      if (this.#isSkipped(folder, entry.name, isFolder)) continue
      if (entry.name.includes('\uFFFD') && !this.#hasTrueName(base, entry.name, doubtful)) continue
      if (isFolder) folders.push(entry)
      else if (entry.isFile()) this.paths.push(base + entry.name)
      else if (entry.isSymbolicLink()) this.#takeLink(base + entry.name)
    }
    return folders
  }

  #isSkipped(folder: string, name: string, isFolder: boolean): boolean {
    if (NEVER_ENTERED.has(name)) return true
    if (
      isFolder &&
      this.#leaveOut.has(
        `${this.#root === '/' ? '' : this.#root}/${folder}${folder === '' ? '' : '/'}${name}`,
      )
    )
      return true
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
    this.#report(base + name, 'its name is not valid UTF-8, so it can have no document id; rename it')
    return false
  }

  /** Links to regular files inside the root are listed under their own name; those to folders are not entered; the rest is reported. */
  #takeLink(path: string): void {
    try {
      const target = realpathSync.native(`${this.#root}/${path}`)
      if (!isInside(this.#root, target))
        return this.#report(path, `the link leads out of the folder, to ${target}`)
      const inside = target.slice(this.#root.length).split('/')
      if ([...this.#leaveOut].some((folder) => isInside(folder, target))) return
      if (inside.some((part) => NEVER_ENTERED.has(part)) || !statSync(target).isFile()) return
      this.paths.push(path)
      this.links.add(path)
    } catch (error) {
      this.#report(
        path,
        isGone(error) ? 'the link leads nowhere' : `the link can't be followed: ${reasonFor(error)}`,
      )
    }
  }

  #report(path: string, message: string): void {
    this.problems.push({path, code: 'INPUT_UNREADABLE', message: `${path}: ${message}.`})
  }
}
