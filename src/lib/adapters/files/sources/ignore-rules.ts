import {readFileSync, statSync} from 'node:fs'
import ignore, {type Ignore} from 'ignore'
import type {RagError} from '../../../model/errors/rag-error.js'
import {
  ignoreFileTooLarge,
  ignoreFileUnreadable,
  ignoreRulesTooComplex,
} from '../../../model/errors/files/folder.js'
import {isGone, reasonFor} from '../system-errors.js'

const RULE_FILES = ['.gitignore', '.ragignore'] as const
const MAX_RULE_FILE_BYTES = 1024 * 1024
/** Each star multiplies the work that a hostile rule can cause on a long name. */
const MAX_STARS = 6

interface Level {
  /** Relative to the root, with a `/` at its end; empty for the root. */
  readonly base: string
  readonly rules: Ignore | undefined
  readonly parent: Level | undefined
}

/**
 * The rules of `.gitignore` and `.ragignore` files of a tree, as git applies them: a file of a deeper folder overrides those above it,
 * later lines earlier ones (`.ragignore` stands after `.gitignore`), `!` takes back. An ignored folder must not be entered by the caller.
 */
export class IgnoreRules {
  readonly #root: string
  readonly #levels = new Map<string, Level>()
  readonly #report: (path: string, error: RagError) => void

  constructor(root: string, report: (path: string, error: RagError) => void) {
    this.#root = root
    this.#report = report
  }

  /** Reads the rules of a folder (relative to the root, `''` for it) that names which rule files it has. */
  enter(folder: string, names: ReadonlySet<string>): void {
    const base = folder === '' ? '' : `${folder}/`
    const slash = folder.lastIndexOf('/')
    const parent = folder === '' ? undefined : this.#levels.get(slash < 0 ? '' : folder.slice(0, slash))
    const lines = RULE_FILES.filter((name) => names.has(name)).flatMap((name) => this.#read(`${base}${name}`))
    if (lines.length === 0 && parent !== undefined) this.#levels.set(folder, parent)
    else {
      const rules =
        lines.length === 0 ? undefined : ignore({ignorecase: false, allowRelativePaths: true}).add(lines)
      this.#levels.set(folder, {base, rules, parent})
    }
  }

  /** True when the rules leave out an entry of a folder that was entered. */
  ignores(folder: string, name: string, isFolder: boolean): boolean {
    const path = folder === '' ? name : `${folder}/${name}`
    for (let level = this.#levels.get(folder); level !== undefined; level = level.parent) {
      if (level.rules === undefined) continue
      const result = level.rules.test(path.slice(level.base.length) + (isFolder ? '/' : ''))
      if (result.ignored) return true
      if (result.unignored) return false
    }
    return false
  }

  #read(path: string): readonly string[] {
    const file = `${this.#root}/${path}`
    try {
      const {size} = statSync(file)
      if (size > MAX_RULE_FILE_BYTES) {
        this.#report(path, ignoreFileTooLarge(path, MAX_RULE_FILE_BYTES))
        return []
      }
      const lines = readFileSync(file, 'utf8')
        .replace(/^\uFEFF/, '')
        .split(/\r?\n/)
      const simple = lines.filter((line) => (line.match(/\*+/g)?.length ?? 0) <= MAX_STARS)
      if (simple.length < lines.length) this.#report(path, ignoreRulesTooComplex(path, MAX_STARS))
      return simple
    } catch (error) {
      if (!isGone(error)) this.#report(path, ignoreFileUnreadable(path, reasonFor(error)))
      return []
    }
  }
}
