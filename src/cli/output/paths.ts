import {isAbsolute, relative} from 'node:path'

/** A path may hold a line end: `\0` can't be in one. */
export type PathEnd = '\n' | '\0'

/**
 * Where a document came from: a file by its path, shortened when it is below this folder; anything else by its id. A line of it follows
 * after `:`, as editors take it; not after paths that end with a zero byte, as no file is called so.
 */
export function pathLine(
  source: string,
  docId: string,
  {end, line}: {readonly end: PathEnd; readonly line?: number | undefined},
): string {
  const at = line === undefined || end === '\0' ? '' : `:${line}`
  return `${isAbsolute(source) ? shortest(source) : docId}${at}${end}`
}

/** No path begins with `-`: a command would take it for a flag. */
function shortest(path: string): string {
  const near = relative('', path)
  if (near === '' || near.startsWith('..') || isAbsolute(near)) return path
  return near.startsWith('-') ? `./${near}` : near
}
