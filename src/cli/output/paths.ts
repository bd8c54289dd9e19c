import {isAbsolute, relative} from 'node:path'

/** A path may hold a line end: `\0` can't be in one. */
export type PathEnd = '\n' | '\0'

/** Where a document came from: a file by its path, shortened when it is below this folder; anything else by its id. */
export function pathLine(source: string, docId: string, end: PathEnd): string {
  return `${isAbsolute(source) ? shortest(source) : docId}${end}`
}

/** No path begins with `-`: a command would take it for a flag. */
function shortest(path: string): string {
  const near = relative('', path)
  if (near === '' || near.startsWith('..') || isAbsolute(near)) return path
  return near.startsWith('-') ? `./${near}` : near
}
