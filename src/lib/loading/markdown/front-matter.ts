import type {Metadata} from '../../model/metadata.js'
import {reasonOf, shorten} from '../../model/errors.js'
import {metadataValue} from '../metadata-value.js'
import {readToml} from './read-toml.js'
import {readYaml} from './read-yaml.js'

const MAX_CHARACTERS = 65_536
const MAX_BRACKETS = 50
const MAX_INDENT = 100
const MAX_MARKS = 20

export interface FrontMatter {
  readonly metadata: Metadata
  /** Where the body begins. */
  readonly bodyOffset: number
  /** The line on which the body begins, counted from 1. */
  readonly bodyLine: number
  /** Where headings may begin: after the front matter even when that stays part of the text. */
  readonly proseOffset: number
}

/**
 * Takes the front matter (YAML between `---`, TOML between `+++`) off the beginning of a Markdown text. One that can't be read whole
 * stays part of the text, and metadata says so in `front_matter_error`, beside what could be read: no document is lost by it.
 * Safe on hostile input: at most 64 kB, few aliases, `__proto__` dropped.
 */
export function takeFrontMatter(text: string): FrontMatter {
  const none: FrontMatter = {metadata: {}, bodyOffset: 0, bodyLine: 1, proseOffset: 0}
  const head = text.slice(0, MAX_CHARACTERS)
  const fence = /^(---|\+\+\+)[ \t]*\n/.exec(head)
  if (fence === null) return none
  const closing = fence[1] === '---' ? /^(?:---|\.\.\.)[ \t]*$/gm : /^\+\+\+[ \t]*$/gm
  closing.lastIndex = fence[0].length
  const close = closing.exec(head)
  if (close === null) return none
  const source = head.slice(fence[0].length, close.index)
  const proseOffset = Math.min(close.index + close[0].length + 1, text.length)
  try {
    const {metadata, problems = []} = fence[1] === '---' ? yamlMetadata(source) : tomlMetadata(source)
    // A rule at the top and another further down, with prose between, is no front matter.
    if (metadata === undefined) return none
    if (problems.length > 0)
      return {...none, proseOffset, metadata: {...metadata, ...inError(problems.join('; '))}}
    return {metadata, bodyOffset: proseOffset, bodyLine: 2 + countLines(source), proseOffset}
  } catch (error) {
    return {...none, proseOffset, metadata: inError(reasonOf(error).split('\n', 1)[0] ?? '')}
  }
}

const inError = (reason: string): Metadata => ({front_matter_error: shorten(reason, 200)})

interface ReadFields {
  /** Undefined for what is no front matter. */
  readonly metadata: Metadata | undefined
  /** What was passed over, and why. */
  readonly problems?: readonly string[]
}

function yamlMetadata(source: string): ReadFields {
  refuseDepth(source)
  const {value, problems} = readYaml(source)
  if (value === null || value === undefined) return {metadata: {}}
  return {metadata: value instanceof Map ? (metadataValue(value) as Metadata) : undefined, problems}
}

/**
 * The YAML parser is recursive, and the end of the stack can end the whole process. Three things nest: brackets, indentation, and marks
 * in a row (`- - - x`); each is bounded before the parser sees the text.
 */
function refuseDepth(source: string): void {
  let open = 0
  for (const bracket of source.match(/[[\]{}]/g) ?? []) {
    open += bracket === '[' || bracket === '{' ? 1 : -1
    if (open > MAX_BRACKETS) throw new RangeError(`brackets are nested over ${MAX_BRACKETS} deep`)
  }
  for (const line of source.split('\n')) {
    if (line.length - line.trimStart().length > MAX_INDENT)
      throw new RangeError(`a line is indented over ${MAX_INDENT}`)
    const marks = line.match(/(?:^|\s)[-?:](?=\s)/g)?.length ?? 0
    if (marks > MAX_MARKS) throw new RangeError(`a line has over ${MAX_MARKS} list marks`)
  }
}

function tomlMetadata(source: string): ReadFields {
  const {values, problems} = readToml(source)
  return {metadata: metadataValue(values) as Metadata, problems}
}

/** Line ends in a front matter's source, and its closing line. */
function countLines(source: string): number {
  let lines = 1
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lines++
  return lines
}
