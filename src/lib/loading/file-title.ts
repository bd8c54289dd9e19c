import {collapseSpace} from './collapse-space.js'

/** The title of a document that names none itself: its file name without the extension. A name that is only an extension stays. */
export function fileTitle(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}

/** One line of at most 300 characters, white space collapsed; `undefined` when nothing is left. */
export function titleLine(text: string): string | undefined {
  const line = collapseSpace(text.slice(0, 2000))
  if (line === '') return undefined
  return line.length <= 300 ? line : `${line.slice(0, 299).trimEnd()}…`
}
