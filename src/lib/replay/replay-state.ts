import {fileOfOtherKind} from '../model/errors/files/output-file.js'
import {parseJson} from '../model/input/parse-json.js'
import type {TextFiles} from '../ports/files/backup-folder.js'

/** A file that is done, as it was when it was loaded. */
export interface DoneFile {
  readonly name: string
  readonly size: number
  readonly mtimeMs: number
}

/** An entry of other programs may be a name alone. */
type Entry = string | DoneFile

export interface StateFile {
  readonly texts: TextFiles
  readonly path: string
  /** Makes names comparable: the same file may be named in several ways. */
  readonly absolute: (name: string) => string
}

/**
 * The names of files that are done, kept in a JSON array between calls: `["a.msgpack", {"name", "size", "mtimeMs"}, …]`. Old or new
 * content at any instant. A JSON array that is there but can't be understood is set aside as `NAME.corrupt-N`, and said: its files are looked at again.
 */
export class ReplayState {
  readonly notes: string[] = []
  readonly #texts: TextFiles
  readonly #path: string
  readonly #absolute: (name: string) => string
  readonly #entries = new Map<string, Entry>()

  private constructor({texts, path, absolute}: StateFile) {
    this.#texts = texts
    this.#path = path
    this.#absolute = absolute
  }

  /**
   * `readOnly`: a damaged one is left as it is, and nothing is known.
   * @throws RagError USAGE when it is a file of another kind | STORE_UNUSABLE when it can't be read, or a damaged one can't be set aside
   */
  static async open(
    file: StateFile,
    {readOnly = false}: {readonly readOnly?: boolean} = {},
  ): Promise<ReplayState> {
    const state = new ReplayState(file)
    const text = await file.texts.read(file.path)
    if (text === undefined || text.trim() === '') return state
    const entries = parse(text)
    if (!entries && !/^\uFEFF?\s*\[/.test(text))
      throw fileOfOtherKind('--state-file', file.path, 'JSON array of the files that are done')
    if (entries) for (const entry of entries) state.#set(entry)
    else if (!readOnly) await state.#setAside(text)
    return state
  }

  get size(): number {
    return this.#entries.size
  }

  /** Whether the file is done and has not been written since. An entry without size and time is taken at its word. */
  has({name, size, mtimeMs}: DoneFile): boolean {
    const entry = this.#entries.get(this.#absolute(name))
    if (entry === undefined || typeof entry === 'string') return entry !== undefined
    return entry.size === size && entry.mtimeMs === mtimeMs
  }

  /** Whether a file of that name and size was done, though it may be gone since. */
  hadDone({name, size}: Pick<DoneFile, 'name' | 'size'>): boolean {
    const entry = this.#entries.get(this.#absolute(name))
    return entry !== undefined && (typeof entry === 'string' || entry.size === size)
  }

  /** Adds files, durable when it returns. What others have added since it was opened stays. */
  async add(files: readonly DoneFile[]): Promise<void> {
    if (files.length === 0) return
    const now = await this.#texts.read(this.#path)
    for (const entry of now === undefined ? [] : (parse(now) ?? [])) this.#set(entry)
    for (const file of files) this.#set(file)
    await this.#texts.replace(this.#path, `${JSON.stringify([...this.#entries.values()], null, 1)}\n`)
  }

  #set(entry: Entry): void {
    this.#entries.set(this.#absolute(typeof entry === 'string' ? entry : entry.name), entry)
  }

  /** The first name that is free, or holds the very same text already. */
  async #asideFor(text: string): Promise<string> {
    for (let n = 1; ; n++) {
      const path = `${this.#path}.corrupt-${n}`
      const there = await this.#texts.read(path)
      if (there === undefined || there === text) return path
    }
  }

  async #setAside(text: string): Promise<void> {
    const aside = await this.#asideFor(text)
    await this.#texts.replace(aside, text)
    this.notes.push(
      `The state file ${this.#path} could not be understood and was set aside as ${aside}; files are looked at again, and nothing is stored twice.`,
    )
  }
}

function parse(text: string): readonly Entry[] | undefined {
  try {
    const raw: unknown = parseJson(text.replace(/^\uFEFF/, ''))
    return Array.isArray(raw) && raw.every(isEntry) ? raw : undefined
  } catch {
    return undefined
  }
}

function isEntry(raw: unknown): raw is Entry {
  if (typeof raw === 'string') return true
  if (typeof raw !== 'object' || raw === null || !('name' in raw) || typeof raw.name !== 'string')
    return false
  const {size, mtimeMs} = raw as {size?: unknown | undefined; mtimeMs?: unknown | undefined}
  return (
    (size === undefined || typeof size === 'number') && (mtimeMs === undefined || typeof mtimeMs === 'number')
  )
}
