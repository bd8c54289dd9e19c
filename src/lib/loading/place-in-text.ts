/** Line and column (both from 1; columns in UTF-16 units) of an offset in a text. */
export function placeIn(text: string, offset: number): {readonly line: number; readonly column: number} {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++
    start = at + 1
  }
  return {line, column: offset - start + 1}
}
