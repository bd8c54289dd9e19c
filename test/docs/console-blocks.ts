import type {ProgressEvent} from '../../src/lib/index.js'

/** A command of a fenced `console` block and the output shown below it. */
export interface ShownCommand {
  readonly command: string
  readonly output: string
  /** Line of the command in the document, from 1. */
  readonly line: number
}

/** The commands of all `console` blocks of a Markdown text, in order. A command is a line that begins with `$ `. */
export function readConsoleBlocks(markdown: string): readonly ShownCommand[] {
  const commands: {command: string; output: string; line: number}[] = []
  let inside = false
  for (const [index, line] of markdown.split('\n').entries()) {
    if (line.startsWith('```')) inside = line === '```console'
    else if (inside && line.startsWith('$ '))
      commands.push({command: line.slice(2), output: '', line: index + 1})
    else if (inside) commands.at(-1)!.output += `${line}\n`
  }
  return commands
}

/** The document with the output of its commands replaced, in order. */
export function writeConsoleBlocks(markdown: string, outputs: readonly string[]): string {
  const lines: string[] = []
  let inside = false
  let next = 0
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) inside = line === '```console'
    if (!inside || line.startsWith('```')) lines.push(line)
    else if (line.startsWith('$ '))
      lines.push(
        line,
        ...outputs[next++]!.replace(/\n$/, '')
          .split('\n')
          .filter((text, i, all) => text !== '' || all.length > 1),
      )
  }
  return lines.join('\n')
}

/** What differs from run to run and machine to machine, and nothing else. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\b\d+(\.\d+)? (s|ms)\b/g, 'TIME'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'INSTANT'],
  [/\b\d+(\.\d+)? (B|KB|MB)\b/g, 'SIZE'],
  [/\b\d+(\.\d+)? (documents|chunks) a second/g, 'RATE'],
  [/\bNode \d+\.\d+\.\d+/g, 'NODE'],
]

/** Lines with a masked value are compared without regard to the width of their columns. */
export function mask(output: string): string {
  return output
    .split('\n')
    .map((line) => {
      const masked = MASKS.reduce((text, [pattern, word]) => text.replace(pattern, word), line)
      return masked === line ? line : masked.replace(/ {2,}/g, ' ')
    })
    .join('\n')
}

const PHASES: Readonly<Record<ProgressEvent['phase'], string>> = {
  scan: 'scanning',
  read: 'reading',
  fetch: 'fetching the model',
  fit: 'fitting the model',
  embed: 'embedding',
  index: 'indexing',
  delete: 'deleting',
  compact: 'compacting',
  verify: 'verifying',
  check: 'checking',
  copy: 'copying',
}
const PROGRESS = new RegExp(`^rag: (?:${Object.values(PHASES).join('|')}): \\d.*\\n`, 'gm')

/** The phases that `withoutProgress` knows: all there are. */
export const phases = Object.keys(PHASES) as readonly ProgressEvent['phase'][]

/** Standard error without the lines of progress, which only a call of two seconds or more writes there: how many depends on the machine. */
export function withoutProgress(output: string): string {
  return output.replace(PROGRESS, '')
}
